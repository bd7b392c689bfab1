// Buttons and keys of the viewer, as names of what to do.
const KEYS = {
  "/": "find",
  ":": "go",
  n: "next",
  N: "previous",
  e: "error",
  E: "error-before",
  f: "follow",
  w: "wrap",
  t: "times",
};
const TYPING = "input, textarea, select, [contenteditable]";

export class Toolbar {
  constructor(root, act) {
    this.root = root;
    this.act = act;
    this.query = root.querySelector(".kl-query");
    root.querySelector(".kl-bar").addEventListener("click", (event) => this.clicked(event));
    root.querySelector(".kl-newer").addEventListener("click", () => act("end"));
    this.query.addEventListener("keydown", (event) => this.typed(event));
    this.query.addEventListener("search", () => this.query.value || act("clear"));
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  clicked(event) {
    const button = event.target.closest("[data-act]");
    if (button) this.act(button.dataset.act);
    const menu = event.target.closest("li")?.closest("details");
    if (menu) menu.open = false;
  }

  typed(event) {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      this.act(event.shiftKey ? "search-back" : "search");
    } else if (event.key === "Escape") {
      this.query.value = "";
      this.act("clear");
    }
  }

  pressed(event) {
    const isFind = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f";
    if (isFind && !this.warned) {
      this.warned = true; // once: the second Ctrl F is the browser's own
      event.preventDefault();
      this.act("hint");
    }
    const isOff =
      localStorage.getItem("kumo.keys") === "off" || document.querySelector("dialog[open]");
    if (isOff || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.(TYPING) || !KEYS[event.key]) return;
    event.preventDefault();
    this.act(KEYS[event.key]);
  }

  press(name, isOn) {
    this.root.querySelector(`[data-act="${name}"]`)?.setAttribute("aria-pressed", String(isOn));
  }
}
