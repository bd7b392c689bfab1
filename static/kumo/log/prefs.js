// What the reader chose last time; kept in this browser only.
const KEY = "kumo.log";
const DEFAULTS = { wrap: false, times: "off", regex: false, exact: false };

export function loaded() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    return { ...DEFAULTS };
  }
}

export function save(prefs) {
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    // A browser may refuse to keep anything; the choice then lasts as long as the page.
  }
}
