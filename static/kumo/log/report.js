// What the viewer says about itself: sizes, hits, new lines, troubles. The words come with the page.
export class Report {
  constructor(root) {
    this.words = root.dataset;
    this.status = root.querySelector(".kl-status");
    this.count = root.querySelector(".kl-count");
    this.errors = root.querySelector("[data-act=error] b");
    this.newer = root.querySelector(".kl-newer");
  }

  say(text) {
    write(this.status, text);
  }

  size(lines, errors) {
    write(this.count, `${lines.toLocaleString()} ${this.words.tLines}`);
    write(this.errors, errors.toLocaleString());
  }

  unseen(lines) {
    this.newer.hidden = !lines;
    write(this.newer, `↓ ${lines.toLocaleString()} ${this.words.tNew}`);
  }

  // `part` is how much of the log was searched, from 0 to 1, or undefined after the search.
  hits({ query, hits, total, at }, part) {
    const found = Math.max(total, hits.length).toLocaleString();
    if (!query) this.say("");
    else if (part !== undefined && part < 1) this.say(`${Math.round(part * 100)}% · ${found}`);
    else if (!hits.length) this.say(this.words.tNone);
    else this.say(`${at + 1} / ${found} ${this.words.tMatches}`);
  }

  failed(error) {
    this.say(`${this.words.tError} (${error.message})`);
  }
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
