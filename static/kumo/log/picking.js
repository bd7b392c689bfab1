// Lines that the reader picks by their numbers, or by the address of the page.
import { fromHash, toHash } from "./links.js";

export class Picking {
  constructor(viewer) {
    this.viewer = viewer;
    viewer.root
      .querySelector(".kl-scroll")
      .addEventListener("click", (event) => this.clicked(event));
    window.addEventListener("hashchange", () => this.toHash());
  }

  // Goes to the lines that the address names and says whether it names any.
  toHash() {
    const range = fromHash(location.hash);
    if (range) this.viewer.goTo(...range);
    return Boolean(range);
  }

  clicked(event) {
    const number = event.target.closest("a.kl-number");
    if (number) {
      event.preventDefault();
      this.pick(Number(number.dataset.line), event.shiftKey);
    }
    const more = event.target.closest("[data-more]");
    if (more) this.viewer.showWhole(Number(more.dataset.more));
  }

  pick(line, isRange) {
    const { painter, rows } = this.viewer;
    if (!isRange) this.anchor = line;
    const from = isRange ? (this.anchor ?? painter.picked?.[0] ?? line) : line;
    painter.picked = [Math.min(from, line), Math.max(from, line)];
    history.replaceState(null, "", toHash(painter.picked));
    rows.queue();
  }
}
