// The log viewer: joins what is fetched, followed and searched with what is shown.
import { actions } from "./actions.js";
import { Blocks } from "./blocks.js";
import { Errors } from "./errors.js";
import { Follow } from "./follow.js";
import { Gaps } from "./gaps.js";
import { fromHash, toHash } from "./links.js";
import { Painter } from "./painter.js";
import { loaded } from "./prefs.js";
import { Report } from "./report.js";
import { Rows } from "./rows.js";
import { Ruler } from "./ruler.js";
import { Search } from "./search.js";
import { Source } from "./source.js";
import { Toolbar } from "./toolbar.js";

const FACTS_EVERY = 5000; // ms between looks at a running log's map of errors

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
    root.querySelector(".kl-scroll").addEventListener("click", (event) => this.clicked(event));
    window.addEventListener("hashchange", () => this.toHash());
  }

  async open() {
    await this.refresh();
    this.root.classList.add("ready");
    this.root.dataset.ready = "1";
    if (!this.toHash() && (this.isLive || this.words.failed === "1")) this.rows.toEnd();
    this.moved();
    if (!this.total && !this.isLive) this.report.say(this.words.tEmpty);
    if (this.isLive) this.follow();
  }

  follow() {
    const lamp = this.root.querySelector(".kl-live");
    new Follow(this.words.socket, this.words.attempt, {
      head: (head) => this.grow(head),
      end: (end) => this.ended(end),
      opened: () => {
        lamp.classList.add("on");
        this.report.say("");
      },
      lost: () => {
        lamp.classList.remove("on");
        this.report.say(this.words.tLost);
        this.refresh().catch(() => null); // the next try tells more
      },
    });
  }

  async refresh() {
    this.factsAt = Date.now();
    const facts = await this.source.get("/meta");
    this.gaps.set(facts.gaps);
    this.errors.set(facts);
    this.ruler.setErrors(facts.map);
    this.setTotal(facts.lines);
  }

  setTotal(lines) {
    this.total = this.blocks.total = Math.max(lines, this.total);
    this.root.style.setProperty("--kl-digits", `${String(this.total).length}ch`);
    this.report.size(this.total, this.errors.total);
    this.rows.setCount(this.gaps.rows(this.total));
    if (this.isFollowing) this.rows.toEnd();
  }

  grow(head) {
    if (!this.isFollowing) this.unseen += Math.max(0, head.lines - this.total);
    this.blocks.put(head.tail, head.colour);
    this.errors.total = head.errors ?? this.errors.total;
    if (head.gaps) this.gaps.set(head.gaps);
    this.setTotal(head.lines);
    this.report.unseen(this.unseen);
    if (Date.now() - this.factsAt > FACTS_EVERY) this.refresh().catch(() => null); // asked again soon
  }

  async ended(end) {
    this.isLive = false;
    this.root.dataset.live = "0";
    if (end.total_lines) this.setTotal(end.total_lines);
    await this.refresh().catch((error) => this.failed(error));
    this.isFollowing = false;
    this.report.say(this.words.tEnded);
    this.root.dispatchEvent(new CustomEvent("kumo:log-ended", { bubbles: true, detail: end }));
  }

  looked() {
    if (!this.rows.count) return;
    const [first, last] = this.rows.span;
    this.blocks.want(this.gaps.at(first)[0], Math.min(this.total - 1, this.gaps.at(last)[0]));
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

  toHash() {
    const range = fromHash(location.hash);
    if (range) {
      this.isFollowing = false;
      this.goTo(...range);
    }
    return Boolean(range);
  }

  clicked(event) {
    const number = event.target.closest("a.kl-number");
    if (number) {
      event.preventDefault();
      this.pick(Number(number.dataset.line), event.shiftKey);
    }
    const more = event.target.closest("[data-more]");
    if (more) this.blocks.whole(Number(more.dataset.more)).catch((error) => this.failed(error));
  }

  pick(line, isRange) {
    if (!isRange) this.anchor = line;
    const from = isRange ? (this.anchor ?? this.painter.picked?.[0] ?? line) : line;
    this.painter.picked = [Math.min(from, line), Math.max(from, line)];
    history.replaceState(null, "", toHash(this.painter.picked));
    this.rows.queue();
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
