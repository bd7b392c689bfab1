// The strip beside the log: where in the whole of it errors and matches are.
const CELLS = 300;

export class Ruler {
  constructor(root, { picked }) {
    this.box = root.querySelector(".kl-ruler");
    this.errors = root.querySelector(".kl-ruler-errors");
    this.matches = root.querySelector(".kl-ruler-matches");
    this.box.addEventListener("click", (event) => {
      const { top, height } = this.box.getBoundingClientRect();
      picked((event.clientY - top) / height);
    });
  }

  setErrors(map) {
    this.errors.setAttribute("d", marks(map, 2, 8));
  }

  setMatches(map) {
    this.matches.setAttribute("d", marks(map, 0, 12));
  }
}

// `map` is a string of 0 and 1, or a list of cells.
function marks(map, x, width) {
  const cells =
    typeof map === "string" ? [...map].flatMap((bit, i) => (bit === "1" ? [i] : [])) : (map ?? []);
  const scale = typeof map === "string" && map.length ? CELLS / map.length : 1;
  return cells
    .map((cell) => `M${x} ${cell * scale}h${width}v${Math.max(scale, 1.5)}h-${width}z`)
    .join("");
}
