// One open chat: hears of messages, sends the patient's, and keeps the screen in step with both.

import { controls, isTapOf } from "./answers.js";
import { messagesAfter, messageStream, NoStream } from "./api.js";
import { Composer } from "./composer.js";
import { byId } from "./elements.js";
import { isAtEnd, Log, scrollToEnd } from "./log.js";
import * as memory from "./memory.js";
import { Outbox, pauseAfter } from "./outbox.js";

const POLL_SECONDS = 25;
const SECONDS_TO_WONDER = 15;
const SHORT_STREAM_SECONDS = 3;
const SHORT_STREAMS_IN_A_ROW = 3;
const ASLEEP_SECONDS = 30;

export class Conversation {
  #token;
  #gone;
  #messages = [];
  #open = null;
  #answering = true;
  #cutOff = false;
  #wonder = 0;
  #streams = true;
  #shortStreams = 0;
  #ended = false;
  #listening = null;
  #wake = () => {};
  #log = new Log((ids, words) => this.#tap(ids, words));
  #composer = new Composer((text) => this.#send({ text, words: text }));
  #outbox;

  /** `gone` is called when the server does not know the token any more. */
  constructor(token, gone) {
    this.#token = token;
    this.#gone = gone;
    this.#outbox = new Outbox(token, {
      sent: (entry, seq) => { this.#log.numberPending(entry.client_id, seq); this.#reached(); },
      waiting: (problem) => this.#lost(problem),
      refused: (entry, problem) => this.#refused(entry, problem),
    });
    memory.unsent().forEach((entry) => this.#log.showPending(entry));
    const back = () => { this.#wake(); this.#outbox.flush(); };
    addEventListener("online", back);
    addEventListener("offline", () => { if (!this.#ended) tell(OFFLINE); });
    let hiddenAt = 0;
    document.addEventListener("visibilitychange", () => {
      // A device that slept holds a dead connection without knowing it.
      if (document.hidden) hiddenAt = Date.now();
      else if (Date.now() - hiddenAt > ASLEEP_SECONDS * 1000) { this.#listening?.abort(); back(); }
    });
    this.#listen();
  }

  /** Stop listening and sending. With `wipe` nothing of the chat stays on the screen. */
  end({ wipe = false } = {}) {
    this.#ended = true;
    this.#outbox.stop();
    this.#listening?.abort();
    clearTimeout(this.#wonder);
    this.#composer.hide();
    byId("answers").replaceChildren();
    byId("typing").hidden = true;
    tell("");
    this.#log.markPending("Not sent");
    if (wipe) this.#log.clear();
  }

  get #last() {
    return this.#messages.at(-1)?.seq ?? 0;
  }

  async #listen() {
    for (let failures = 0; !this.#ended; ) {
      this.#listening = new AbortController();
      try {
        // First what waits to be sent: its numbers must be known before it comes back as a message.
        await this.#outbox.flush();
        if (!memory.unsent().length) this.#log.dropUnnumbered();
        await this.#catchUp();
        if (this.#ended) return;
        failures = 0;
        this.#reached();
        if (this.#streams) await this.#stream();
        else await this.#poll();
      } catch (problem) {
        if (this.#ended) return;
        failures += 1;
        this.#lost(problem);
      }
      await this.#pause(failures ? pauseAfter(failures) : 0.3);
    }
  }

  async #stream() {
    const began = performance.now();
    let stands = true;
    try {
      for await (const message of messageStream(this.#token, this.#last, this.#listening)) {
        if (message.from === "patient") await this.#outbox.flush();
        this.#show([message]);
      }
    } catch (problem) {
      if (problem.status === 401) throw problem;
      stands = !(problem instanceof NoStream);
    }
    // The server was reached just now, so what keeps cutting the stream stands between.
    const short = performance.now() - began < SHORT_STREAM_SECONDS * 1000;
    this.#shortStreams = short ? this.#shortStreams + 1 : 0;
    this.#streams = stands && this.#shortStreams < SHORT_STREAMS_IN_A_ROW;
  }

  async #poll() {
    const { messages } = await messagesAfter(this.#token, this.#last, POLL_SECONDS, this.#listening);
    if (messages.some((message) => message.from === "patient")) await this.#outbox.flush();
    this.#show(messages);
  }

  /** Everything that was said meanwhile; at first, the whole conversation. */
  async #catchUp() {
    const first = !this.#messages.length;
    const missed = [];
    let page;
    do {
      page = await messagesAfter(this.#token, missed.at(-1)?.seq ?? this.#last);
      missed.push(...page.messages);
    } while (page.messages.length);
    if (first) {
      const news = missed.findLastIndex((message) => message.from === "patient") + 1;
      await this.#showHistory(missed.splice(0, news));
    }
    this.#show(missed);
    this.#answering = page.typing;
    this.#refresh();
  }

  /** Show what was said before without having it read out again. */
  async #showHistory(messages) {
    byId("log").setAttribute("aria-live", "off");
    this.#show(messages, false);
    await new Promise((resolve) => { setTimeout(resolve, messages.length ? 100 : 0); });
    byId("log").setAttribute("aria-live", "polite");
  }

  #show(messages, fresh = true) {
    for (const message of messages) {
      if (this.#ended || message.seq <= this.#last) continue;
      this.#messages.push(message);
      this.#log.show(message, fresh);
      this.#answering = true;
    }
    if (messages.length) this.#refresh();
  }

  #tap(choices, words) {
    this.#send({ choices, words });
    byId("answers").focus({ preventScroll: true });
  }

  #send(message) {
    this.#composer.complain("");
    const entry = this.#outbox.add(message);
    this.#log.showPending(entry);
    this.#answering = true;
    this.#refresh();
  }

  #refused(entry, problem) {
    this.#log.dropPending(entry.client_id);
    this.#composer.complain(`This was not sent. ${problem.detail || "Please try other words."}`);
    if (entry.text) this.#composer.giveBack(entry.text);
    this.#refresh();
  }

  /** Bring what can be answered, and whether an answer is on its way, in step with what was said. */
  #refresh() {
    if (this.#ended) return;
    const waits = this.#log.isSending || this.#messages.at(-1)?.from === "patient";
    const open = waits ? null : this.#openQuestion();
    if (open !== this.#open) {
      this.#open = open;
      const tap = (ids, words) => this.#tap(ids, words);
      byId("answers").replaceChildren(...(open ? [controls(open, tap)] : []));
    }
    this.#log.offerChanges(open);
    this.#showTyping(waits && this.#answering && !this.#cutOff);
  }

  #openQuestion() {
    const at = this.#messages.findLastIndex(({ from, kind, choices }) => from === "bot" && (choices.length || kind !== "info"));
    const question = this.#messages[at];
    if (!question?.choices.length) return null;
    const answered = this.#messages.slice(at).some(({ from, text }) => from === "patient" && isTapOf(question, text));
    return answered ? null : question;
  }

  #showTyping(shown) {
    const typing = byId("typing");
    if (typing.hidden !== shown) return;
    const follows = isAtEnd();
    typing.hidden = !shown;
    if (shown && follows) requestAnimationFrame(scrollToEnd);
    clearTimeout(this.#wonder);
    if (shown) this.#wonder = setTimeout(() => this.#catchUp().catch(() => {}), SECONDS_TO_WONDER * 1000);
  }

  #reached() {
    tell("");
    this.#cutOff = false;
    this.#log.markPending("Sending");
    this.#refresh();
  }

  #lost(problem) {
    if (this.#ended) return;
    if (problem.status === 401) {
      this.end();
      this.#gone();
      return;
    }
    tell(noticeOf(problem));
    this.#cutOff = true;
    this.#log.markPending("Waiting to be sent");
    this.#refresh();
  }

  #pause(seconds) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, seconds * 1000);
    });
  }
}

const OFFLINE =
  "You are offline. What you write is kept here and sent when you are back. In an emergency, call your local emergency number.";
const UNREACHED =
  "The chat cannot be reached. What you write is kept here and sent later. In an emergency, call your local emergency number.";

/** What a patient should know about a failure that may pass. */
export function noticeOf(problem) {
  if (!navigator.onLine) return OFFLINE;
  return (problem.status && problem.detail) || UNREACHED;
}

/** The one line above the conversation; read out when it changes. */
export function tell(words) {
  const notice = byId("notice");
  if (notice.textContent !== words) notice.textContent = words;
}
