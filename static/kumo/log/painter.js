// Draws one row: number, time, text, and whether it is an error, picked, or a gap.
import { stamped } from "./clock.js";
import { looksBad } from "./errors.js";
import { strip } from "./ansi.js";
import { fill } from "./text.js";

export class Painter {
  constructor(root, { blocks, gaps, prefs }) {
    Object.assign(this, { blocks, gaps, prefs });
    this.words = root.dataset;
    this.started = Date.parse(root.dataset.started);
    this.pattern = null;
    this.picked = null; // [first, last], counted from 0
  }

  draw(row, parts) {
    const [number, dropped] = this.gaps.at(row);
    const line = dropped ? null : this.blocks.line(number);
    const drawn = [number, dropped, line, this.pattern, this.prefs.times];
    if (!parts.drawn?.every((value, i) => value === drawn[i])) {
      this.fill(parts, number, dropped, line);
      parts.drawn = drawn;
    }
    const isPicked = this.picked && number >= this.picked[0] && number <= this.picked[1];
    parts.box.classList.toggle("picked", Boolean(isPicked));
  }

  fill(parts, number, dropped, line) {
    parts.number.textContent = dropped ? "⋯" : String(number + 1);
    parts.number.href = `#L${number + 1}`;
    parts.number.dataset.line = String(number);
    parts.box.classList.toggle("gap", dropped > 0);
    parts.box.classList.toggle("error", Boolean(line && looksBad(strip(line.text))));
    parts.time.textContent = line ? this.time(number, line) : "";
    if (dropped) parts.text.textContent = `${dropped.toLocaleString()} ${this.words.tDropped}`;
    else if (!line) parts.text.textContent = "";
    else fill(parts.text, line.text, line.look, this.pattern);
    if (line?.more) parts.text.append(this.more(number, line.more));
  }

  time(number, line) {
    if (this.prefs.times === "off") return "";
    return stamped(this.prefs.times, line.t, this.blocks.line(number - 1)?.t, this.started);
  }

  more(number, bytes) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kl-more";
    button.dataset.more = String(number);
    button.title = this.words.tMore;
    button.textContent = `… +${bytes.toLocaleString()}`;
    return button;
  }
}
