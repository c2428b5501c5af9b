// One open chat: hears of messages, sends the patient's, and keeps the screen in step with both.

import { amount, isAmount } from "./amounts.js";
import { controls, isTapOf } from "./answers.js";
import { NoStream } from "./api.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { Outbox, pauseAfter } from "./outbox.js";
import { Progress } from "./progress.js";
import { fill } from "./strings.js";

const POLL_SECONDS = 25;
const SECONDS_TO_WONDER = 15;
const SHORT_STREAM_SECONDS = 3;
const SHORT_STREAMS_IN_A_ROW = 3;
const ASLEEP_SECONDS = 30;

export class Conversation {
  #chat;
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
  #log;
  #composer;
  #progress;
  #outbox;

  /** `chat` is what `chat.js` makes; `gone` is called when the server does not know the token any more. */
  constructor(chat, token, gone) {
    this.#chat = chat;
    this.#token = token;
    this.#gone = gone;
    this.#log = new Log(chat, (choices, words) => this.#answer({ choices, words }));
    this.#composer = new Composer(chat, (text) => this.#send({ text, words: text }));
    this.#progress = new Progress(chat);
    const { memory, signal, tell, t } = chat;
    this.#outbox = new Outbox(chat, token, {
      sent: (entry, seq) => { this.#log.numberPending(entry.client_id, seq); this.#reached(); },
      waiting: (problem) => this.#lost(problem),
      refused: (entry, problem) => this.#refused(entry, problem),
    });
    memory.unsent.forEach((entry) => this.#log.showPending(entry));
    const back = () => { this.#wake(); this.#outbox.flush(); };
    addEventListener("online", back, { signal });
    addEventListener("offline", () => { if (!this.#ended) tell(t.offline); }, { signal });
    let hiddenAt = 0;
    document.addEventListener("visibilitychange", () => {
      // A device that slept holds a dead connection without knowing it.
      if (document.hidden) hiddenAt = Date.now();
      else if (Date.now() - hiddenAt > ASLEEP_SECONDS * 1000) { this.#listening?.abort(); back(); }
    }, { signal });
    this.#listen();
  }

  /** Stop listening and sending. With `wipe` nothing of the chat stays on the screen. */
  end({ wipe = false } = {}) {
    this.#ended = true;
    this.#outbox.stop();
    this.#listening?.abort();
    clearTimeout(this.#wonder);
    this.#composer.hide();
    this.#chat.screen("answers").replaceChildren();
    this.#chat.screen("typing").hidden = true;
    this.#progress.hide();
    this.#chat.tell("");
    this.#log.markPending(this.#chat.t.unsent);
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
        if (!this.#chat.memory.unsent.length) this.#log.dropUnnumbered();
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
      for await (const message of this.#chat.api.messageStream(this.#token, this.#last, this.#listening)) {
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
    const { messages } = await this.#chat.api.messagesAfter(this.#token, this.#last, POLL_SECONDS, this.#listening);
    if (messages.some((message) => message.from === "patient")) await this.#outbox.flush();
    this.#show(messages);
  }

  /** Everything that was said meanwhile; at first, the whole conversation. */
  async #catchUp() {
    const first = !this.#messages.length;
    const missed = [];
    let page;
    do {
      page = await this.#chat.api.messagesAfter(this.#token, missed.at(-1)?.seq ?? this.#last);
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
    this.#chat.screen("log").setAttribute("aria-live", "off");
    this.#show(messages, false);
    await new Promise((resolve) => { setTimeout(resolve, messages.length ? 100 : 0); });
    this.#chat.screen("log").setAttribute("aria-live", "polite");
  }

  #show(messages, fresh = true) {
    for (const message of messages) {
      if (this.#ended || message.seq <= this.#last) continue;
      this.#messages.push(message);
      this.#log.show(message, fresh);
      this.#progress.heard(message);
      this.#answering = true;
    }
    if (messages.length) this.#refresh();
  }

  #answer(message) {
    this.#send(message);
    this.#chat.screen("answers").focus({ preventScroll: true });
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
    this.#composer.complain(fill(this.#chat.t.notSent, { detail: problem.detail || this.#chat.t.otherWords }));
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
      this.#chat.screen("answers").replaceChildren(...this.#controls(open));
      this.#composer.expect(open?.asks);
    }
    this.#log.offerChanges(open?.choices.length ? open : null);
    this.#showTyping(waits && this.#answering && !this.#cutOff);
  }

  #controls(question) {
    const { t } = this.#chat;
    const made = [];
    if (question?.choices.length) made.push(controls(question, (choices, words) => this.#answer({ choices, words }), t));
    if (question && isAmount(question)) made.push(amount(question, (text) => this.#answer({ text, words: text }), this.#chat));
    return made;
  }

  #openQuestion() {
    const at = this.#messages.findLastIndex(({ from, kind, choices }) => from === "bot" && (choices.length || kind !== "info"));
    const question = this.#messages[at];
    if (!question?.choices.length) return question && isAmount(question) && this.#messages.at(-1) === question ? question : null;
    const answered = this.#messages.slice(at).some(({ from, text }) => from === "patient" && isTapOf(question, text));
    return answered ? null : question;
  }

  #showTyping(shown) {
    const typing = this.#chat.screen("typing");
    if (typing.hidden !== shown) return;
    const follows = this.#log.isAtEnd;
    typing.hidden = !shown;
    if (shown && follows) requestAnimationFrame(() => this.#log.scrollToEnd());
    clearTimeout(this.#wonder);
    if (shown) this.#wonder = setTimeout(() => this.#catchUp().catch(() => {}), SECONDS_TO_WONDER * 1000);
  }

  #reached() {
    this.#chat.tell("");
    this.#cutOff = false;
    this.#log.markPending(this.#chat.t.sending);
    this.#refresh();
  }

  #lost(problem) {
    if (this.#ended) return;
    if (problem.status === 401) {
      this.end();
      this.#gone();
      return;
    }
    this.#chat.tell(noticeOf(problem, this.#chat.t));
    this.#cutOff = true;
    this.#log.markPending(this.#chat.t.waiting);
    this.#refresh();
  }

  #pause(seconds) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, seconds * 1000);
    });
  }
}

/** What a patient should know about a failure that may pass. */
export function noticeOf(problem, t) {
  if (!navigator.onLine) return t.offline;
  return (problem.status && problem.detail) || t.unreached;
}
