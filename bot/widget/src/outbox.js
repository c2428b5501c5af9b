// Sends the patient's messages in order, each until the server has taken it in. The same client_id goes
// out again after a failure, so the server plays a message once however often it is sent.

const LONGEST_PAUSE_SECONDS = 15;

export class Outbox {
  #token;
  #api;
  #memory;
  #told;
  #sending = null;
  #failures = 0;
  #timer = 0;
  #stopped = false;

  /** `told` has `sent(entry, seq)`, `waiting(problem)` and `refused(entry, problem)`. */
  constructor({ api, memory }, token, told) {
    this.#api = api;
    this.#memory = memory;
    this.#token = token;
    this.#told = told;
  }

  add(message) {
    const last = this.#memory.unsent.at(-1)?.order ?? 0;
    const entry = { ...message, client_id: newId(), order: Math.max(Date.now(), last + 1) };
    this.#memory.keepUnsent(entry);
    this.flush();
    return entry;
  }

  /** Send what waits; ends when all is sent or the server cannot be reached. */
  flush() {
    if (this.#sending || !this.#memory.unsent.length) return this.#sending ?? Promise.resolve();
    clearTimeout(this.#timer);
    this.#sending = this.#sendAll();
    return this.#sending;
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#told = { sent() {}, waiting() {}, refused() {} };
  }

  async #sendAll() {
    try {
      for (let entry; !this.#stopped && (entry = this.#memory.unsent[0]); ) {
        let problem = null;
        const seq = await this.#api.sendMessage(this.#token, entry).catch((error) => { problem = error; });
        if (problem?.passes) return this.#waits(problem);
        if (problem?.status === 401) return this.#told.waiting(problem);
        this.#memory.dropUnsent(entry);
        this.#failures = 0;
        if (problem) this.#told.refused(entry, problem);
        else this.#told.sent(entry, seq);
      }
    } finally {
      this.#sending = null;
    }
  }

  #waits(problem) {
    this.#failures += 1;
    const pause = Math.max(problem.retryAfter ?? 0, pauseAfter(this.#failures));
    this.#timer = setTimeout(() => this.flush(), pause * 1000);
    this.#told.waiting(problem);
  }
}

/** Seconds to wait after so many failures in a row, a little different for everyone. */
export function pauseAfter(failures) {
  return Math.min(LONGEST_PAUSE_SECONDS, 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}

function newId() {
  // randomUUID is missing where the page comes over plain HTTP from another machine.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
