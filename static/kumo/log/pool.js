// The elements that rows are shown with: made once, filled again and again.
export class Pool {
  constructor(view, draw, height) {
    Object.assign(this, { view, draw, usual: height });
    this.shown = new Map(); // row -> its parts
    this.free = [];
  }

  height(row) {
    return this.shown.get(row)?.box.offsetHeight ?? this.usual;
  }

  // Fills rows [first, last] and returns their heights; they are measured only where they may differ.
  lay(first, last, isMeasured) {
    for (let row = first; row <= last; row++) {
      if (!this.shown.has(row)) this.shown.set(row, this.taken());
      this.draw(row, this.shown.get(row));
    }
    const heights = new Map();
    for (let row = first; row <= last; row++) {
      heights.set(row, isMeasured ? this.height(row) : this.usual);
    }
    return heights;
  }

  // Takes back the rows outside [first, last].
  keep(first, last) {
    for (const [row, parts] of this.shown) {
      if (row >= first && row <= last) continue;
      this.shown.delete(row);
      parts.box.hidden = true;
      this.free.push(parts);
    }
  }

  // Places rows below each other, the first at `top` px.
  put(top, heights) {
    for (const [row, height] of heights) {
      this.shown.get(row).box.style.transform = `translateY(${top}px)`;
      top += height;
    }
  }

  taken() {
    const parts = this.free.pop() ?? made(this.view);
    parts.box.hidden = false;
    parts.drawn = null;
    return parts;
  }
}

function made(view) {
  const box = document.createElement("div");
  box.className = "kl-row";
  const number = document.createElement("a");
  number.className = "kl-number";
  number.tabIndex = -1;
  const time = document.createElement("span");
  time.className = "kl-time";
  const text = document.createElement("span");
  text.className = "kl-text";
  box.append(number, time, text);
  view.append(box);
  return { box, number, time, text, drawn: null };
}
