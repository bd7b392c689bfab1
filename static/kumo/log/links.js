// Links to lines (#L10, #L10-L20, counted from 1) and what goes to the clipboard.
import { strip } from "./ansi.js";

const PAGE = 500;
const MOST = 20_000; // lines that one copy may take

// Returns [first, last] counted from 0, or null.
export function fromHash(hash) {
  const match = /^#L(\d+)(?:-L(\d+))?$/.exec(hash);
  if (!match || Number(match[1]) < 1) return null;
  const ends = [Number(match[1]) - 1, Number(match[2] ?? match[1]) - 1];
  return [Math.min(...ends), Math.max(...ends)];
}

export function toHash([first, last]) {
  return first === last ? `#L${first + 1}` : `#L${first + 1}-L${last + 1}`;
}

export async function textOf(source, gaps, [first, last]) {
  const lines = [];
  for (let at = gaps.kept(first); at <= last && lines.length < MOST; ) {
    const answer = await source.get("", { first: at, count: Math.min(PAGE, last - at + 1) });
    if (!answer.lines.length) break;
    lines.push(...answer.lines.map((line) => strip(line.text)));
    at = gaps.kept(answer.lines.at(-1).n + 1);
  }
  return lines.join("\n");
}

// Browsers give the clipboard to secure pages only; the old way works on plain HTTP too.
export async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "k-hidden";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
