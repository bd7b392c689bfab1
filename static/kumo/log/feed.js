// Brings the log's facts to the viewer: once for a finished log, again and again for a running one.
import { Follow } from "./follow.js";

const FACTS_EVERY = 5000; // ms between looks at a running log's map of errors

export class Feed {
  constructor(viewer) {
    this.viewer = viewer;
    this.lamp = viewer.root.querySelector(".kl-live");
    this.askedAt = 0;
  }

  async refresh() {
    const { source, gaps, errors, ruler } = this.viewer;
    this.askedAt = Date.now();
    const facts = await source.get("/meta");
    gaps.set(facts.gaps);
    errors.set(facts);
    ruler.setErrors(facts.map);
    this.viewer.setTotal(facts.lines);
  }

  follow() {
    const { words, report } = this.viewer;
    new Follow(words.socket, words.attempt, {
      head: (head) => this.grow(head),
      end: (end) => this.ended(end),
      opened: () => {
        this.lamp.classList.add("on");
        report.say("");
      },
      lost: () => {
        this.lamp.classList.remove("on");
        report.say(words.tLost);
        this.refresh().catch(() => null); // the next try tells more
      },
    });
  }

  grow(head) {
    const { viewer } = this;
    if (!viewer.isFollowing) viewer.unseen += Math.max(0, head.lines - viewer.total);
    viewer.blocks.put(head.tail, head.colour);
    viewer.errors.total = head.errors ?? viewer.errors.total;
    if (head.gaps) viewer.gaps.set(head.gaps);
    viewer.setTotal(head.lines);
    viewer.report.unseen(viewer.unseen);
    if (Date.now() - this.askedAt > FACTS_EVERY) this.refresh().catch(() => null); // asked again soon
  }

  async ended(end) {
    const { viewer } = this;
    viewer.isLive = false;
    viewer.root.dataset.live = "0";
    if (end.total_lines) viewer.setTotal(end.total_lines);
    await this.refresh().catch((error) => viewer.failed(error));
    viewer.isFollowing = false;
    viewer.report.say(viewer.words.tEnded);
    viewer.root.dispatchEvent(new CustomEvent("kumo:log-ended", { bubbles: true, detail: end }));
  }
}
