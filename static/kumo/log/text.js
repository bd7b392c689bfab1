// Puts one line's text into an element: colours, http links, marked matches; never HTML.
import { dress, isPlain, parsed } from "./ansi.js";

const LINK = /\bhttps?:\/\/[^\s<>"'`\u0000-\u001f]*[^\s<>"'`.,;:!?)\]}\u0000-\u001f]/g;
// Controls and the characters that turn reading order around are shown as what they are.
const HIDDEN =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g;
const MARKED = 4000; // characters of a line that are searched for matches to mark

export function fill(element, text, look, pattern) {
  element.textContent = "";
  for (const span of parsed(text, look).spans) {
    let host = element;
    if (!isPlain(span.look)) {
      host = document.createElement("span");
      dress(host, span.look);
      element.append(host);
    }
    linked(host, span.text, pattern);
  }
}

function linked(host, text, pattern) {
  let from = 0;
  for (const match of text.includes("http") ? text.matchAll(LINK) : []) {
    marked(host, text.slice(from, match.index), pattern);
    const link = document.createElement("a");
    link.href = match[0];
    link.rel = "noopener noreferrer nofollow";
    link.target = "_blank";
    marked(link, match[0], pattern);
    host.append(link);
    from = match.index + match[0].length;
  }
  marked(host, text.slice(from), pattern);
}

function marked(host, text, pattern) {
  let from = 0;
  for (const match of pattern ? text.slice(0, MARKED).matchAll(pattern) : []) {
    if (!match[0]) continue;
    shown(host, text.slice(from, match.index));
    const mark = document.createElement("mark");
    shown(mark, match[0]);
    host.append(mark);
    from = match.index + match[0].length;
  }
  shown(host, text.slice(from));
}

function shown(host, text) {
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) host.append(text.slice(from, match.index));
    host.append(named(match[0].codePointAt(0)));
    from = match.index + match[0].length;
  }
  if (from < text.length) host.append(text.slice(from));
}

function named(code) {
  const sign = document.createElement("span");
  sign.className = "kl-code";
  sign.textContent =
    code < 32
      ? String.fromCodePoint(0x2400 + code)
      : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return sign;
}
