// Error lines: the first ones come with the log's facts, later ones are asked for.
const PAGE = 2000;
// As the server tells error lines, on text without colours.
const LOOKS_BAD =
  /(?<![\w/])(?:ERROR|CRITICAL|FATAL)(?!\w)|Traceback \(most recent call last\)|(?:[A-Z]\w*)?(?:Error|Exception):/;

export function looksBad(text) {
  return LOOKS_BAD.test(text);
}

export class Errors {
  constructor(source) {
    this.source = source;
    this.total = 0;
    this.first = [];
  }

  set({ errors, error_lines }) {
    this.total = errors ?? 0;
    this.first = error_lines ?? this.first;
  }

  async page(after) {
    const answer = await this.source.get("/errors", { after, count: PAGE });
    return answer.errors ?? answer.lines ?? [];
  }

  async next(after) {
    const known = this.first.find((line) => line > after);
    if (known !== undefined) return known;
    if (this.total <= this.first.length) return null;
    return (await this.page(after))[0] ?? null;
  }

  // Looks backward in windows that grow while they are empty.
  async previous(before) {
    if (this.total <= this.first.length || before <= (this.first.at(-1) ?? -1)) {
      return this.first.findLast((line) => line < before) ?? null;
    }
    let span = PAGE;
    for (let low = before; low > 0; span *= 8) {
      low = Math.max(0, low - span);
      const found = await this.lastIn(low, before);
      if (found !== null) return found;
    }
    return null;
  }

  // Returns the last error line in [low, high), or null.
  async lastIn(low, high) {
    let last = null;
    for (let after = low - 1; ; ) {
      const lines = await this.page(after);
      last = lines.findLast((line) => line < high) ?? last;
      if (lines.length < PAGE || lines.at(-1) >= high) return last;
      after = lines.at(-1);
    }
  }
}
