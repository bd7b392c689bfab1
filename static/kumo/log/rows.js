// Virtual scrolling: some sixty elements show any part of millions of rows. The position is kept in
// rows, not pixels, so neither the tallest element a browser allows nor wrapped lines set a limit.
import { Pool } from "./pool.js";

const HEIGHT = 20; // px, as in log.css
const TALLEST = 6_000_000; // px, well below every browser's limit
const OVER = 12;
const REST = 0.4; // rows of air below the last line

export class Rows {
  constructor(root, { draw, moved, looked }) {
    Object.assign(this, { root, moved, looked });
    this.scroll = root.querySelector(".kl-scroll");
    this.size = root.querySelector(".kl-size");
    this.count = 0;
    this.top = 0;
    this.wrap = false;
    this.pool = new Pool(root.querySelector(".kl-view"), draw, HEIGHT);
    this.scroll.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.scroll.addEventListener("wheel", (event) => this.wheeled(event), { passive: false });
    this.scroll.addEventListener("keydown", (event) => this.keyed(event));
    new ResizeObserver(() => this.resized()).observe(this.scroll);
  }

  get fits() {
    return this.scroll.clientHeight / HEIGHT;
  }

  get end() {
    return this.wrap ? Math.max(0, this.count - 1) : Math.max(0, this.count - this.fits + REST);
  }

  get isAtEnd() {
    return this.wrap ? this.top >= this.lowest() - 0.5 : this.top >= this.end - 1;
  }

  // Wheel and thumb move exact rows where pixels are no measure of them.
  get isExact() {
    return this.wrap || this.count * HEIGHT > TALLEST;
  }

  get range() {
    return Math.max(0, this.tall - this.scroll.clientHeight);
  }

  setCount(count) {
    this.count = count;
    this.tall = Math.min(count * HEIGHT + REST * HEIGHT, TALLEST);
    this.size.style.height = `${this.tall}px`;
    if (this.top > this.end) this.top = this.end;
    this.queue();
  }

  setWrap(wrap) {
    this.wrap = wrap;
    this.root.classList.toggle("wrap", wrap);
    this.scroll.scrollLeft = 0;
    this.setTop(this.top);
  }

  resized() {
    this.root.style.setProperty("--kl-width", `${this.scroll.clientWidth}px`);
    this.looked?.();
    this.queue();
  }

  scrolled() {
    if (this.expected === this.scroll.scrollTop) {
      this.expected = null;
      return;
    }
    const part = this.range ? this.scroll.scrollTop / this.range : 0;
    this.top = this.isExact ? part * this.end : this.scroll.scrollTop / HEIGHT;
    if (this.wrap) this.top = Math.min(this.top, this.lowest());
    this.moved();
    this.queue();
  }

  wheeled(event) {
    if (!this.isExact || event.ctrlKey || event.shiftKey || !event.deltaY) return;
    event.preventDefault();
    const unit = [1, HEIGHT, this.scroll.clientHeight][event.deltaMode];
    const tall = this.wrap ? this.pool.height(Math.floor(this.top)) : HEIGHT;
    this.setTop(this.top + (event.deltaY * unit) / tall);
    this.moved();
  }

  keyed(event) {
    const page = Math.max(1, Math.floor(this.fits) - 1);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, " ": page }[event.key];
    if (event.target !== this.scroll || event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) this.setTop(this.top + step);
    else if (event.key === "Home") this.setTop(0);
    else if (event.key === "End") this.toEnd();
    else return;
    event.preventDefault();
    this.moved();
  }

  setTop(top) {
    const limit = this.wrap && top > this.count - this.fits - 1 ? this.lowest() : this.end;
    this.top = Math.min(Math.max(0, top), limit);
    const part = this.end ? this.top / this.end : 0;
    const pixels = Math.round(
      this.isExact ? part * this.range : Math.min(this.top * HEIGHT, this.range),
    );
    if (pixels !== Math.round(this.scroll.scrollTop)) {
      this.scroll.scrollTop = pixels;
      this.expected = this.scroll.scrollTop;
    }
    this.queue();
  }

  // Puts a row where `part` of the view is above it.
  show(row, part = 0.3) {
    this.setTop(row - Math.floor(this.fits * part));
  }

  toEnd() {
    this.setTop(this.wrap ? this.lowest() : this.end);
  }

  // The top at which the last wrapped row ends with the view.
  lowest() {
    const first = Math.max(0, this.count - Math.ceil(this.fits) - 1);
    const heights = this.pool.lay(first, this.count - 1, true);
    let room = this.scroll.clientHeight - REST * HEIGHT;
    for (let row = this.count - 1; row >= first; row--) {
      const tall = heights.get(row);
      if (room <= tall) return row + 1 - room / tall;
      room -= tall;
    }
    return first;
  }

  queue() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.paint();
      this.looked?.();
    });
  }

  get span() {
    const first = Math.max(0, Math.floor(this.top) - (this.wrap ? 0 : OVER));
    return [first, Math.min(this.count - 1, Math.floor(this.top) + Math.ceil(this.fits) + OVER)];
  }

  paint() {
    const [first, last] = this.span;
    const heights = this.pool.lay(first, last, this.wrap);
    this.pool.keep(first, last);
    const top = this.wrap
      ? -(this.top - first) * (heights.get(first) ?? HEIGHT)
      : (first - this.top) * HEIGHT;
    this.pool.put(top, heights);
  }
}
