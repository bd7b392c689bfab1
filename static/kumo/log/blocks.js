// Lines at hand: fixed blocks of lines, fetched when they are looked at, the farthest forgotten.
import { PLAIN, applied, parsed } from "./ansi.js";

export const SIZE = 512;
const KEPT = 64;
const CUT = /… \+(\d+)$/; // how the server ends a line that is longer than it shows
const CUT_FROM = 1000; // characters; a shorter line ending like that was printed so
const WHOLE = 100_000; // characters of a whole line that a browser shows without pain

export class Blocks {
  constructor(source, { arrived, failed }) {
    this.source = source;
    this.arrived = arrived;
    this.failed = failed;
    this.blocks = new Map();
    this.loading = new Map();
    this.tried = new Map(); // block -> how long the log was when the server last had no more of it
    this.total = 0;
  }

  // Returns {t, text, more, look} or undefined; `look` is the colour at the line's start.
  line(number) {
    return this.blocks.get(Math.floor(number / SIZE))?.[number % SIZE];
  }

  // Takes lines in order; `colour` is the SGR state at the first one, undefined where nobody knows it.
  put(lines, colour) {
    let look = colour ? applied(colour, PLAIN) : PLAIN;
    if (colour === undefined && lines.length) look = this.line(lines[0].n - 1)?.after ?? PLAIN;
    for (const { n, t, text: sent } of lines) {
      const [text, more] = uncut(sent);
      const key = Math.floor(n / SIZE);
      if (!this.blocks.has(key)) this.blocks.set(key, new Array(SIZE));
      const block = this.blocks.get(key);
      const before = block[n % SIZE];
      const after = parsed(text, look).look;
      const isNew = before?.text !== text || (colour !== undefined && before.look !== look);
      if (isNew && !before?.whole) block[n % SIZE] = { t, text, more, look, after };
      look = after;
    }
  }

  // Sees to it that these lines come; what left the view is not fetched on.
  want(numbers) {
    const missing = new Map(); // block -> whether a line of it is missing
    for (const number of numbers) {
      const key = Math.floor(number / SIZE);
      missing.set(key, missing.get(key) || !this.line(number));
    }
    for (const [key, control] of this.loading) if (!missing.has(key)) control.abort();
    for (const [key, isMissing] of missing) {
      if (isMissing && !this.loading.has(key) && this.tried.get(key) !== this.total) this.load(key);
    }
    this.forget(Math.floor(numbers[0] / SIZE));
  }

  async load(key) {
    const control = new AbortController();
    const asked = this.total;
    this.loading.set(key, control);
    try {
      await this.fetch(key, control.signal);
      this.tried.set(key, asked);
      this.arrived();
    } catch (error) {
      if (error.name !== "AbortError") this.failed(error);
    } finally {
      this.loading.delete(key);
    }
  }

  // A server may answer with fewer lines than asked for; go on until the block is whole or it has no more.
  async fetch(key, signal) {
    const end = key * SIZE + SIZE;
    for (let first = key * SIZE; first < end; ) {
      const answer = await this.source.get("", { first, count: end - first }, signal);
      this.put(answer.lines, answer.colour ?? "");
      if (!answer.lines.length) return;
      first = answer.lines.at(-1).n + 1;
      if (first >= answer.total_lines) return;
    }
  }

  forget(near) {
    while (this.blocks.size > KEPT) {
      const far = [...this.blocks.keys()].reduce((a, b) =>
        Math.abs(a - near) > Math.abs(b - near) ? a : b,
      );
      this.blocks.delete(far);
      this.tried.delete(far);
    }
  }

  // Replaces a cut line by the whole of it.
  async whole(number) {
    const answer = await this.source.get(`/line/${number}`, {});
    const block = this.blocks.get(Math.floor(number / SIZE));
    if (block)
      block[number % SIZE] = {
        ...this.line(number),
        text: shortened(answer.text),
        more: 0,
        whole: true,
      };
    this.arrived();
  }
}

// Returns the text without its end mark and how many bytes the mark says are missing.
function uncut(text) {
  const match = text.length > CUT_FROM ? CUT.exec(text) : null;
  return match ? [text.slice(0, match.index), Number(match[1])] : [text, 0];
}

function shortened(text) {
  return text.length > WHOLE ? `${text.slice(0, WHOLE)}…` : text;
}
