// The calls of the web chat API, and the two ways to hear of new messages: a stream, or asking again.

const CALL_SECONDS = 20;
const FIRST_BYTES_SECONDS = 8;
const SILENCE_SECONDS = 45; // the server sends a sign of life every 15

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || undefined;

/** An answer that is no success. `status` is 0 when the server could not be reached. */
export class Problem extends Error {
  constructor(status, { type = "", detail = "", field = "" } = {}, retryAfter = 0) {
    super(type || `status ${status}`);
    Object.assign(this, { status, type, detail, field, retryAfter });
  }

  /** True when the same request may work later. */
  get passes() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** Streams do not get through to this browser. */
export class NoStream extends Error {}

/** The calls to one server. */
export class Api {
  #server;

  constructor(server) {
    this.#server = server;
  }

  /** A new conversation's token. A zone or language that the server does not know is left out. */
  async openSession() {
    const timezone = zone();
    const open = (body) => this.#json("/chat/sessions", { body });
    try {
      return (await open({ timezone, locale: navigator.language || undefined })).token;
    } catch (problem) {
      if (problem.status !== 422) throw problem;
      return (await open(problem.field === "locale" ? { timezone } : {})).token;
    }
  }

  /** The number that the server gave to the message. */
  async sendMessage(token, { client_id, text, choices }) {
    return (await this.#json("/chat/messages", { token, body: { client_id, text, choices } })).seq;
  }

  /** Messages after a number; waits up to `wait` seconds for the first. */
  messagesAfter(token, after, wait = 0, controller = new AbortController()) {
    const path = `/chat/messages?after=${after}&wait=${wait}`;
    return this.#json(path, { token, controller, seconds: wait + CALL_SECONDS });
  }

  /** Ways to go on elsewhere that this server has; none when it cannot tell. */
  offers() {
    return this.#json("/chat/offers", {}).catch(() => ({}));
  }

  /** A one-time link to Telegram: `{url, minutes}`. */
  telegramLink(token) {
    return this.#json("/chat/telegram", { token, body: {} });
  }

  /** A one-time link to another device: `{url, minutes, qr: {size, path}}`. */
  deviceLink(token) {
    return this.#json("/chat/moves", { token, body: {} });
  }

  /** A file with everything stored about the patient: `{url, download}`. */
  async copy(token) {
    const response = await this.#request("/chat/copy", { token });
    return { url: URL.createObjectURL(await response.blob()), download: "my-data.json" };
  }

  /** The token of the chat to which a one-time link belongs. */
  async arrive(move) {
    return (await this.#json("/chat/arrivals", { body: { move, timezone: zone() } })).token;
  }

  /** Messages after a number as they come. Ends when the connection does; throws NoStream when none stands. */
  async *messageStream(token, after, controller) {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(after) };
    const decoder = new TextDecoder();
    let rest = "";
    let seconds = FIRST_BYTES_SECONDS;
    try {
      const response = await this.#request("/chat/events", { token, headers, controller });
      if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) throw new NoStream();
      const reader = response.body.getReader();
      for (;;) {
        const chunk = await within(seconds, reader.read().catch(() => ({ done: true })));
        if (!chunk && seconds === FIRST_BYTES_SECONDS) throw new NoStream();
        if (!chunk || chunk.done) return;
        seconds = SILENCE_SECONDS;
        const events = (rest + decoder.decode(chunk.value, { stream: true })).split("\n\n");
        rest = events.pop();
        for (const event of events) {
          const data = event.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5));
          if (data.length) yield JSON.parse(data.join("\n"));
        }
      }
    } finally {
      controller.abort();
    }
  }

  async #json(path, options) {
    const response = await this.#request(path, options);
    return response.json().catch(() => { throw new Problem(0); });
  }

  async #request(path, { token, body, headers = {}, controller = new AbortController(), seconds = CALL_SECONDS }) {
    const timer = setTimeout(() => controller.abort(), seconds * 1000);
    let response;
    try {
      response = await fetch(this.#server + path, {
        method: body ? "POST" : "GET",
        body: body && JSON.stringify(body),
        headers: {
          ...(token && { Authorization: `Bearer ${token}` }),
          ...(body && { "Content-Type": "application/json" }),
          ...headers,
        },
        cache: "no-store",
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: controller.signal,
      });
    } catch {
      throw new Problem(0);
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) return response;
    const said = await response.json().catch(() => ({}));
    throw new Problem(response.status, said, Number(response.headers.get("Retry-After")) || 0);
  }
}

/** What the promise gives, or undefined when it takes too long. */
function within(seconds, promise) {
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(resolve, seconds * 1000); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
