// What the buttons and keys of the viewer do.
import { MODES, duration } from "./clock.js";
import { copy, textOf, toHash } from "./links.js";
import { save } from "./prefs.js";

// Returns a function from the name of an action to a promise of it done.
export function actions(viewer) {
  const { root, rows, search, errors, toolbar, prefs, source, words, report } = viewer;

  function choose(name, value) {
    prefs[name] = value;
    save(prefs);
    show();
  }

  function show() {
    rows.setWrap(prefs.wrap);
    root.classList.toggle("times", prefs.times !== "off");
    toolbar.press("wrap", prefs.wrap);
    toolbar.press("times", prefs.times !== "off");
    toolbar.press("regex", prefs.regex);
    toolbar.press("case", prefs.exact);
    const label = root.querySelector("[data-times]");
    const name = label.dataset[`t${prefs.times[0].toUpperCase()}${prefs.times.slice(1)}`];
    label.textContent = name ? `: ${name}` : "";
    rows.queue();
  }

  async function find(text, back = false) {
    const query = text.trim();
    if (/^:\d+$/.test(query)) return viewer.goTo(Number(query.slice(1)) - 1);
    const moment = query.startsWith("@") ? duration(query.slice(1)) : null;
    if (moment !== null) return viewer.goTo((await source.get("/at", { ms: moment })).n);
    if (query && query === search.query) return step(back ? -1 : 1);
    const run = search.run(query, prefs);
    viewer.searched();
    return run;
  }

  async function step(by) {
    const line = await search.step(by);
    if (line !== null) viewer.goTo(line);
    viewer.tellHits();
  }

  async function nextError(isForward) {
    const at = viewer.painter.picked?.[0] ?? (isForward ? -1 : viewer.total);
    const around = isForward ? -1 : viewer.total;
    const line = isForward
      ? ((await errors.next(at)) ?? (await errors.next(around)))
      : ((await errors.previous(at)) ?? (await errors.previous(around)));
    if (line !== null && line !== undefined) viewer.goTo(line);
  }

  async function copyLines() {
    const { picked } = viewer.painter;
    if (!picked) return report.say(words.tPick);
    await copy(await textOf(source, viewer.gaps, picked));
    return report.say(words.tCopied);
  }

  async function copyLink() {
    const { picked } = viewer.painter;
    await copy(
      location.origin + location.pathname + location.search + (picked ? toHash(picked) : ""),
    );
    report.say(words.tCopied);
  }

  function focus(start) {
    toolbar.query.focus();
    if (start) toolbar.query.value = start;
    else toolbar.query.select();
  }

  async function again(name) {
    choose(name, !prefs[name]);
    const { query } = search;
    search.query = "";
    if (query) await find(query);
  }

  const known = {
    find: () => focus(),
    go: () => focus(":"),
    search: () => find(toolbar.query.value),
    "search-back": () => find(toolbar.query.value, true),
    clear: () => find(""),
    next: () => step(1),
    previous: () => step(-1),
    error: () => nextError(true),
    "error-before": () => nextError(false),
    follow: () => viewer.setFollowing(!viewer.isFollowing),
    end: () => viewer.toEnd(),
    wrap: () => choose("wrap", !prefs.wrap),
    times: () => choose("times", MODES[(MODES.indexOf(prefs.times) + 1) % MODES.length]),
    regex: () => again("regex"),
    case: () => again("exact"),
    link: copyLink,
    copy: copyLines,
    full: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()),
    hint: () => report.say(words.tFind),
  };
  show();
  return async (name) => {
    try {
      await known[name]?.();
    } catch (error) {
      viewer.failed(error);
    }
  };
}
