// Opens this page's small conveniences: side bar on phones, menus, language, keys, help.
import { keepLive } from "./live.js";
import { openPalette } from "./palette.js";
import { keepTimes } from "./times.js";
import "./toasts.js";

const GO = { d: "dashboard", t: "tasks", r: "runs", p: "projects", e: "environments", n: "nodes" };
const GO_WINDOW = 900; // ms between "g" and the second key
const TYPING = "input, textarea, select, [contenteditable]";

function setSideBar(open) {
  document.body.classList.toggle("k-open", open);
  document.querySelector("[data-burger]")?.setAttribute("aria-expanded", String(open));
}

function closeMenus(target) {
  for (const menu of document.querySelectorAll("details.k-drop[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

function clicked(event) {
  const { target } = event;
  if (target.closest("[data-burger]")) setSideBar(!document.body.classList.contains("k-open"));
  else if (!target.closest(".k-side")) setSideBar(false);
  closeMenus(target);
  const mark = target.closest("svg [data-url]");
  if (mark) location.href = mark.dataset.url;
  if (target.closest("[data-palette]")) openPalette();
  if (target.closest("[data-help]")) openHelp();
}

export function keysAreOn() {
  return localStorage.getItem("kumo.keys") !== "off";
}

function openHelp() {
  const dialog = document.getElementById("k-help");
  const box = dialog?.querySelector("input[type=checkbox]");
  if (!box) return;
  box.checked = keysAreOn();
  box.onchange = () => localStorage.setItem("kumo.keys", box.checked ? "on" : "off");
  dialog.showModal();
}

let went = 0;

function go(key) {
  const soon = Date.now() - went < GO_WINDOW;
  went = key === "g" ? Date.now() : 0;
  const link = soon && GO[key] && document.querySelector(`.k-side a[data-icon="${GO[key]}"]`);
  if (link) location.href = link.href;
  return Boolean(link);
}

function pressed(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.key === "Escape") {
    setSideBar(false);
    closeMenus(document.documentElement);
  }
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING);
  if (busy || document.querySelector("dialog[open]") || !keysAreOn()) return;
  if (go(event.key)) event.stopImmediatePropagation();
  else if (event.key === "?") openHelp();
  else if (event.key === "/" && document.getElementById("searchbar")) {
    event.preventDefault();
    document.getElementById("searchbar").focus();
  }
}

document.addEventListener("click", clicked);
document.addEventListener("keydown", pressed);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});
keepTimes();
keepLive();
