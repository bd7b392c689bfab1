// Searches the whole log on the server; hits arrive one by one while it still looks.
const PAGE = 1000;

export class Search {
  constructor(source, { hit, progress, failed }) {
    Object.assign(this, { source, hit, progress, failed });
    this.clear();
  }

  clear() {
    this.control?.abort();
    this.query = "";
    this.hits = [];
    this.at = -1;
    this.total = 0;
    this.map = "";
    this.pattern = null;
    this.isDone = false;
  }

  // A capital letter in the query makes it case sensitive, as does the button.
  async run(query, { regex, exact }) {
    this.clear();
    this.query = query;
    if (!query) return;
    this.options = { q: query, regex: regex ? 1 : 0, case: exact || /\p{Lu}/u.test(query) ? 1 : 0 };
    this.pattern = pattern(this.options);
    await this.read({ ...this.options, limit: PAGE });
  }

  async read(params) {
    const control = new AbortController();
    this.control = control;
    try {
      const answer = await this.source.open("/search", params, control.signal);
      this.isDone = false;
      for await (const found of records(answer.body)) this.take(found);
      if (!this.isDone) throw new Error("incomplete");
    } catch (error) {
      if (error.name !== "AbortError") this.failed(error);
    }
  }

  take(found) {
    if (found.n !== undefined) {
      this.hits.push(found.n);
      this.hit(this.hits.length - 1);
      return;
    }
    if (found.error) {
      this.failed(new Error(found.error));
      return;
    }
    this.total = Math.max(this.total, found.total ?? 0, this.hits.length);
    this.map = found.map || this.map;
    this.isDone = Boolean(found.done);
    this.progress(found.done ? 1 : found.progress);
  }

  // Returns the line of the next or previous hit, or null when there is none.
  async step(by) {
    if (!this.hits.length) return null;
    const isBeyond = by > 0 && this.at === this.hits.length - 1 && this.total > this.hits.length;
    if (isBeyond && this.isDone)
      await this.read({ ...this.options, after: this.hits.at(-1), limit: PAGE });
    this.at = (this.at + by + this.hits.length) % this.hits.length;
    return this.hits[this.at];
  }
}

function pattern({ q, regex, case: exact }) {
  try {
    return new RegExp(regex ? q : q.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), exact ? "g" : "gi");
  } catch {
    return null; // the server's dialect may know what this one does not; its hits count, unmarked
  }
}

async function* records(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = done ? "" : lines.pop();
    for (const line of lines) if (line.trim()) yield JSON.parse(line);
    if (done) return;
  }
}
