// Terminal colours (SGR) as spans of text with a look; every other escape sequence is dropped.
const ESCAPE = new RegExp(
  [
    "\\x1b\\[([0-9;:]*)m", // a change of look
    "\\x1b\\[[<=>?][0-?]*[ -/]*[@-~]|\\x1b\\[[0-?]*[ -/]*[@-ln-~]", // other control sequences
    "\\x1b\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)|\\x1b[PX^_][^\\x1b]*\\x1b\\\\", // titles, links, strings
    "\\x1b[ -/]*[0-OQ-WYZ\\\\`-~]",
  ].join("|"),
  "g",
);
const CUBE = [0, 95, 135, 175, 215, 255];
const FLAGS = { 1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "inverse", 9: "strike" };
const ENDS = {
  22: ["bold", "dim"],
  23: ["italic"],
  24: ["underline"],
  27: ["inverse"],
  29: ["strike"],
};

export const PLAIN = Object.freeze({ fg: null, bg: null });

export function strip(text) {
  return text.includes("\x1b") ? text.replace(ESCAPE, "") : text;
}

// The look after SGR codes like "1;31", given the look before them.
export function applied(codes, look) {
  const next = { ...look };
  const numbers = codes.split(";").flatMap(flat);
  for (let i = 0; i < numbers.length; i++) {
    const code = numbers[i];
    if (code === 0) clear(next);
    else if (FLAGS[code]) next[FLAGS[code]] = true;
    else if (ENDS[code]) for (const flag of ENDS[code]) delete next[flag];
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(numbers, i + 1);
      next[code === 38 ? "fg" : "bg"] = colour;
      i += used;
    } else paint(next, code);
  }
  return next;
}

function clear(look) {
  for (const key of Object.keys(look)) delete look[key];
  look.fg = look.bg = null;
}

// "38:2::10:20:30" is one code with parts; the flat form is what terminals agree on.
function flat(code) {
  const parts = code.split(":");
  if (parts.length === 1) return [Number(code) || 0];
  const [kind, mode] = parts.map(Number);
  if (kind !== 38 && kind !== 48) return [kind === 4 && mode === 0 ? 24 : kind];
  return mode === 2 ? [kind, 2, ...parts.slice(-3).map(Number)] : [kind, 5, Number(parts[2])];
}

function paint(look, code) {
  if (code >= 30 && code <= 37) look.fg = code - 30;
  else if (code === 39) look.fg = null;
  else if (code >= 40 && code <= 47) look.bg = code - 40;
  else if (code === 49) look.bg = null;
  else if (code >= 90 && code <= 97) look.fg = code - 82;
  else if (code >= 100 && code <= 107) look.bg = code - 92;
}

// Returns the colour (a palette number or [r, g, b]) and how many numbers it took.
function extended(numbers, at) {
  if (numbers[at] === 2) return [numbers.slice(at + 1, at + 4).map((part) => part & 255), 4];
  const number = (numbers[at + 1] ?? 0) & 255;
  if (number < 16) return [number, 2];
  if (number > 231) return [Array(3).fill(8 + (number - 232) * 10), 2];
  const cell = number - 16;
  return [[Math.floor(cell / 36), Math.floor(cell / 6) % 6, cell % 6].map((step) => CUBE[step]), 2];
}

// Returns {spans: [{text, look}], look: the look after the line}.
export function parsed(text, look = PLAIN) {
  if (!text.includes("\x1b")) return { spans: [{ text, look }], look };
  const spans = [];
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    if (match.index > from) spans.push({ text: text.slice(from, match.index), look });
    from = match.index + match[0].length;
    if (match[1] !== undefined) look = applied(match[1], look);
  }
  if (from < text.length) spans.push({ text: text.slice(from), look });
  return { spans, look };
}

// Gives an element the look; colours outside the palette go through the CSSOM.
export function dress(element, look) {
  const [fg, bg] = look.inverse ? [look.bg ?? "paper", look.fg ?? "ink"] : [look.fg, look.bg];
  const names = Object.values(FLAGS)
    .filter((flag) => look[flag])
    .map((flag) => `a-${flag}`);
  if (Array.isArray(bg)) {
    element.style.backgroundColor = `rgb(${bg})`;
    element.style.color = luminance(bg) > 140 ? "#111" : "#fff";
  } else if (bg !== null) {
    names.push(`a-g${bg}`, "a-ground"); // the palette suits text, so text on it takes the paper's colour
  } else if (Array.isArray(fg)) element.style.color = readable(fg);
  else if (fg !== null) names.push(`a-f${fg}`);
  element.className = names.join(" ");
}

function luminance([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

// Moves a colour towards the ink where it would vanish on the page, in the light and in the dark.
function readable(colour) {
  const toward = (limit, end) => {
    const now = luminance(colour);
    const part = end ? (limit - now) / (255 - now) : (now - limit) / now;
    return part > 0 ? colour.map((value) => Math.round(value + (end - value) * part)) : colour;
  };
  return `light-dark(rgb(${toward(95, 0)}), rgb(${toward(150, 255)}))`;
}

export function isPlain(look) {
  return look.fg === null && look.bg === null && Object.keys(look).length === 2;
}
