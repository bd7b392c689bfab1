// Lines at hand: fixed blocks of lines, fetched when they are looked at, the farthest forgotten.
import { PLAIN, applied, parsed } from "./ansi.js";

export const SIZE = 512;
const KEPT = 64;

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
    for (const { n, t, text, more } of lines) {
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

  // Sees to it that rows [first, last] get their lines; what left the view is not fetched on.
  want(first, last) {
    const [low, high] = [Math.floor(first / SIZE), Math.floor(last / SIZE)];
    for (const [key, control] of this.loading) {
      if (key < low - 1 || key > high + 1) control.abort();
    }
    for (let key = low; key <= high; key++) {
      const from = Math.max(first, key * SIZE);
      const to = Math.min(last, key * SIZE + SIZE - 1);
      if (!this.loading.has(key) && this.lacks(from, to) && this.tried.get(key) !== this.total) this.load(key);
    }
    this.forget((low + high) / 2);
  }

  lacks(from, to) {
    for (let number = from; number <= to; number++) if (!this.line(number)) return true;
    return false;
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
      const far = [...this.blocks.keys()].reduce((a, b) => (Math.abs(a - near) > Math.abs(b - near) ? a : b));
      this.blocks.delete(far);
      this.tried.delete(far);
    }
  }

  // Replaces a cut line by the whole of it.
  async whole(number) {
    const answer = await this.source.get(`/line/${number}`, {});
    const block = this.blocks.get(Math.floor(number / SIZE));
    if (block) block[number % SIZE] = { ...this.line(number), text: answer.text, more: 0, whole: true };
    this.arrived();
  }
}
