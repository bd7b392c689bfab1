// The time column: on the clock, since the start, or since the line before.
export const MODES = ["off", "clock", "elapsed", "delta"];

const pad = (number, width = 2) => String(number).padStart(width, "0");

// `t` and `before` are milliseconds since the start; `started` is the start in milliseconds of the epoch, or NaN.
export function stamped(mode, t, before, started) {
  if (t === undefined || t === null) return "";
  if (mode === "delta") return before === undefined ? "" : `+${((t - before) / 1000).toFixed(3)}`;
  if (mode === "clock" && !Number.isNaN(started)) return clock(new Date(started + t));
  const seconds = Math.floor(t / 1000);
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.${pad(t % 1000, 3)}`;
}

function clock(date) {
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part));
  return `${parts.join(":")}.${pad(date.getMilliseconds(), 3)}`;
}

// Returns milliseconds for "90", "1:30" or "1:02:03", or null.
export function duration(text) {
  if (!/^\d+(?::\d{1,2}){0,2}(?:\.\d+)?$/.test(text)) return null;
  return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;
}
