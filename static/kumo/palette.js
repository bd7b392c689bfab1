// The palette (Ctrl K): pages of the side bar at once, objects and actions from the server.
const LATE = 90; // ms of silence before the server is asked

let found = [];
let chosen = 0;
let timer = 0;
let asked = 0;

function dialog() {
  return document.getElementById("k-palette");
}

export function openPalette() {
  const palette = dialog();
  if (!palette || palette.open) return;
  palette.showModal();
  const input = palette.querySelector("input");
  input.value = "";
  if (!palette.dataset.ready) listen(palette, input);
  look("");
}

function listen(palette, input) {
  palette.dataset.ready = "1";
  input.addEventListener("input", () => look(input.value.trim()));
  input.addEventListener("keydown", steer);
  palette.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (row) open(found[Number(row.dataset.index)]);
    else if (event.target === palette) palette.close();
  });
}

function steer(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) {
    event.preventDefault();
    chosen = (chosen + step + found.length) % found.length;
    draw();
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    open(found[chosen]);
  }
}

// An entry with `post` changes something, so it goes as a form with its CSRF token.
function open(entry) {
  if (!entry) return;
  if (!entry.post) {
    location.href = entry.url;
    return;
  }
  const form = document.createElement("form");
  form.method = "post";
  form.action = entry.url;
  form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
  document.body.append(form);
  form.submit();
}

function pages(query) {
  const links = [...document.querySelectorAll(".k-side li a")];
  return links
    .map((link) => ({ title: link.dataset.title, url: link.href, kind: "" }))
    .filter((page) => page.title.toLowerCase().includes(query.toLowerCase()));
}

function look(query) {
  show(pages(query));
  clearTimeout(timer);
  const url = dialog().dataset.url;
  if (url) timer = setTimeout(() => ask(url, query), query ? LATE : 0);
}

async function ask(url, query) {
  const turn = ++asked;
  const answer = await fetch(`${url}?q=${encodeURIComponent(query)}`).catch(() => null);
  if (!answer?.ok || turn !== asked) return;
  const entries = await answer.json();
  if (turn === asked) show([...pages(query), ...entries]);
}

function show(entries) {
  found = entries;
  chosen = 0;
  draw();
}

function draw() {
  const palette = dialog();
  palette.querySelector("ul").replaceChildren(...found.map(row));
  palette.querySelector("p").hidden = found.length > 0;
  const input = palette.querySelector("input");
  if (found.length) input.setAttribute("aria-activedescendant", `k-option-${chosen}`);
  else input.removeAttribute("aria-activedescendant");
  palette.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
}

function row(entry, index) {
  const item = document.createElement("li");
  item.id = `k-option-${index}`;
  item.dataset.index = String(index);
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(index === chosen));
  const kind = document.createElement("small");
  kind.textContent = entry.kind;
  item.append(entry.title, kind);
  return item;
}
