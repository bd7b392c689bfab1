// Keeps [data-live] parts of a page true: the socket says what changed, the server renders it again.
// Without a socket the parts are asked for now and then, while somebody looks.
const APART = 1000; // ms between two fetches of one part
const POLL = 15_000;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60_000;

const due = new WeakMap(); // part -> timer of its next fetch
const shown = new WeakMap(); // part -> the HTML it was made from
let socket = null;
let wait = FIRST_WAIT;

function parts() {
  return [...document.querySelectorAll('[data-live]:not([data-live-url=""])[data-live-url]')];
}

// A part names its topics, parted by spaces: "runs", "run:12".
function refresh(topics) {
  if (document.hidden) return; // all parts are asked for when somebody looks again
  for (const part of parts()) {
    const isMeant = !topics || part.dataset.live.split(" ").some((topic) => topics.includes(topic));
    if (isMeant && !due.has(part))
      due.set(
        part,
        setTimeout(() => fetchPart(part), part.dataset.fetched ? APART : 0),
      );
  }
}

async function fetchPart(part) {
  part.dataset.fetched = "1";
  const answer = await fetch(part.dataset.liveUrl, { credentials: "same-origin" }).catch(
    () => null,
  );
  due.delete(part);
  if (!answer?.ok || answer.redirected) return; // signed out or gone: the page stays as it was
  const html = await answer.text();
  if (shown.get(part) === html) return;
  if (part.contains(document.activeElement)) {
    // Somebody is about to press a button in it.
    due.set(
      part,
      setTimeout(() => fetchPart(part), APART),
    );
    return;
  }
  shown.set(part, html);
  place(part, html);
}

// A fragment with the part's own id takes its place; any other becomes its content.
function place(part, html) {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  const own = part.id && body.querySelector(`#${CSS.escape(part.id)}`);
  part.replaceChildren(...(own || body).childNodes);
  part.dispatchEvent(new CustomEvent("kumo:placed", { bubbles: true }));
}

function connect() {
  socket = new WebSocket(
    `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/live`,
  );
  socket.addEventListener("open", () => {
    refresh(); // what changed while nobody listened
    wait = FIRST_WAIT;
  });
  socket.addEventListener("message", (event) => refresh(JSON.parse(event.data).changed));
  socket.addEventListener("close", () => {
    setTimeout(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  });
}

export function keepLive() {
  if (!parts().length) return;
  connect();
  document.addEventListener("kumo:log-ended", () => refresh());
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  setInterval(() => {
    if (!document.hidden && socket.readyState !== WebSocket.OPEN) refresh();
  }, POLL);
}
