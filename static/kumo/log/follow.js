// Follows a running log over a WebSocket: its length and last lines, a few times a second, whatever
// its speed. After a break the next message says all there is to know, so nothing is replayed.
const FIRST_WAIT = 500; // ms
const LONGEST_WAIT = 16_000;

export class Follow {
  constructor(path, attempt, { head, end, opened, lost }) {
    Object.assign(this, { head, end, opened, lost });
    const query = new URLSearchParams({ mode: "head" });
    if (attempt) query.set("attempt", attempt);
    this.url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}?${query}`;
    this.wait = FIRST_WAIT;
    this.isOver = false;
    this.connect();
  }

  connect() {
    const socket = new WebSocket(this.url);
    socket.addEventListener("open", () => {
      this.wait = FIRST_WAIT;
      this.opened();
    });
    socket.addEventListener("message", (event) => this.receive(JSON.parse(event.data), socket));
    socket.addEventListener("close", () => this.closed());
  }

  receive(message, socket) {
    if (message.head) this.head(message.head);
    if (message.end) {
      this.isOver = true;
      this.end(message.end);
      socket.close();
    }
  }

  closed() {
    if (this.isOver) return;
    this.lost();
    setTimeout(() => this.connect(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }
}
