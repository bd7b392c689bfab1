// Where a log's data come from: the addresses below the one that the page names.
export class Source {
  constructor(dataset) {
    this.api = dataset.api;
    this.attempt = dataset.attempt;
  }

  url(path, params = {}) {
    const query = new URLSearchParams(params);
    if (this.attempt) query.set("attempt", this.attempt);
    return `${this.api}${path}?${query}`;
  }

  // Returns the answer's JSON; throws on anything but success.
  async get(path, params, signal) {
    return (await this.open(path, params, signal)).json();
  }

  async open(path, params, signal) {
    const answer = await fetch(this.url(path, params), { signal, credentials: "same-origin" });
    if (!answer.ok) throw new Error(await reason(answer));
    return answer;
  }
}

// What the server says about a refusal, else its number.
async function reason(answer) {
  const body = await answer.json().catch(() => ({}));
  return typeof body.detail === "string" ? body.detail : String(answer.status);
}
