// Keeps <time data-ago> ("3 minutes ago", "in 2 hours") and <time data-elapsed> ("1:23") true while the page is open.
const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", {
  numeric: "auto",
});

export function ago(seconds) {
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? UNITS.at(-1);
  return words.format(Math.round(seconds / size), unit);
}

export function elapsed(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${parts.join(":")}` : `${Number(parts[0])}:${parts[1]}`;
}

function tick() {
  for (const element of document.querySelectorAll("time[data-ago], time[data-elapsed]")) {
    const seconds = (Date.parse(element.dateTime) - Date.now()) / 1000;
    if (Number.isNaN(seconds)) continue;
    const text = "ago" in element.dataset ? ago(seconds) : elapsed(-seconds);
    if (element.textContent !== text) element.textContent = text;
  }
}

export function keepTimes() {
  tick();
  setInterval(() => document.hidden || tick(), 1000);
  document.addEventListener("kumo:placed", tick);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}
