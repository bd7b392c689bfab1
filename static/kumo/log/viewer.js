// The log viewer: joins what is fetched, followed and searched with what is shown.
import { actions } from "./actions.js";
import { Blocks } from "./blocks.js";
import { Errors } from "./errors.js";
import { Feed } from "./feed.js";
import { Gaps } from "./gaps.js";
import { Painter } from "./painter.js";
import { Picking } from "./picking.js";
import { loaded } from "./prefs.js";
import { Report } from "./report.js";
import { Rows } from "./rows.js";
import { Ruler } from "./ruler.js";
import { Search } from "./search.js";
import { Source } from "./source.js";
import { Toolbar } from "./toolbar.js";

class Viewer {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.total = 0;
    this.unseen = 0;
    this.prefs = loaded();
    this.isLive = root.dataset.live === "1";
    this.isFollowing = this.isLive;
    this.source = new Source(root.dataset);
    this.gaps = new Gaps();
    this.errors = new Errors(this.source);
    const failed = (error) => this.failed(error);
    this.blocks = new Blocks(this.source, { arrived: () => this.rows.queue(), failed });
    this.painter = new Painter(root, this);
    this.rows = new Rows(root, {
      draw: (row, parts) => this.painter.draw(row, parts),
      moved: () => this.moved(),
      looked: () => this.looked(),
    });
    this.ruler = new Ruler(root, { picked: (part) => this.toPart(part) });
    this.search = new Search(this.source, {
      hit: (index) => index || this.firstHit(),
      progress: (part) => this.tellHits(part),
      failed,
    });
    this.toolbar = new Toolbar(root, (name) => this.act(name));
    this.report = new Report(root);
    this.act = actions(this);
    this.feed = new Feed(this);
    this.picking = new Picking(this);
  }

  async open() {
    await this.feed.refresh();
    this.root.classList.add("ready");
    this.root.dataset.ready = "1";
    if (!this.picking.toHash() && (this.isLive || this.words.failed === "1")) this.rows.toEnd();
    this.moved();
    if (!this.total && !this.isLive) this.report.say(this.words.tEmpty);
    if (this.isLive) this.feed.follow();
  }

  setTotal(lines) {
    this.total = this.blocks.total = Math.max(lines, this.total);
    this.root.style.setProperty("--kl-digits", `${String(this.total).length}ch`);
    this.report.size(this.total, this.errors.total);
    this.rows.setCount(this.gaps.rows(this.total));
    if (this.isFollowing) this.rows.toEnd();
  }

  looked() {
    const [first, last] = this.rows.span;
    const numbers = [];
    for (let row = first; row <= last; row++) {
      const [number, dropped] = this.gaps.at(row);
      if (!dropped) numbers.push(number);
    }
    if (numbers.length) this.blocks.want(numbers);
  }

  moved() {
    const isAtEnd = this.rows.isAtEnd;
    this.isFollowing = this.isLive && isAtEnd;
    if (isAtEnd) this.unseen = 0;
    this.toolbar.press("follow", this.isFollowing);
    this.report.unseen(this.unseen);
  }

  setFollowing(isOn) {
    if (isOn) this.toEnd();
    else {
      this.isFollowing = false;
      this.toolbar.press("follow", false);
    }
  }

  toEnd() {
    this.rows.toEnd();
    this.moved();
  }

  toPart(part) {
    this.rows.show(Math.floor(part * this.rows.count), 0.4);
    this.moved();
  }

  goTo(line, last = line) {
    if (!(line >= 0 && line < this.total)) return;
    this.painter.picked = [line, last];
    this.rows.show(this.gaps.rowOf(line));
    this.moved();
    this.setFollowing(false);
  }

  showWhole(line) {
    this.blocks.whole(line).catch((error) => this.failed(error));
  }

  searched() {
    this.painter.pattern = this.search.pattern;
    this.ruler.setMatches("");
    this.tellHits(this.search.query ? 0 : undefined);
    this.rows.queue();
  }

  tellHits(part) {
    if (this.search.map) this.ruler.setMatches(this.search.map);
    this.report.hits(this.search, part);
  }

  firstHit() {
    this.search.at = 0;
    this.goTo(this.search.hits[0]);
  }

  failed(error) {
    this.report.failed(error);
  }
}

for (const root of document.querySelectorAll("[data-log]")) {
  const viewer = new Viewer(root);
  viewer.open().catch((error) => viewer.failed(error));
}
