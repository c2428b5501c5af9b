// `<backplan-chat>`: opens the chat that this device remembers, or a new one, and lets the patient leave it.

import { Api } from "./api.js";
import styles from "./chat.css";
import { Conversation, noticeOf } from "./conversation.js";
import { button } from "./elements.js";
import { frame } from "./markup.js";
import { Memory } from "./memory.js";
import { Options } from "./options.js";
import { pauseAfter } from "./outbox.js";
import { STRINGS, stringsWith } from "./strings.js";

const ARRIVAL = /^#move=([\w-]{20,100})$/;

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);

/**
 * Attributes: `server` (where the chat server is; default: where this script came from), `lang`, `level` (of the
 * heading, default 2), `strings` (JSON that overrides the words of `BackplanChat.strings`).
 */
export class BackplanChat extends HTMLElement {
  static strings = STRINGS;

  #root = this.attachShadow({ mode: "open" });
  #life = null;
  #chat = null;
  #conversation = null;
  #cleared = false;

  connectedCallback() {
    this.#root.adoptedStyleSheets = [sheet];
    this.#start();
  }

  disconnectedCallback() {
    this.#stop();
  }

  #start() {
    this.#life = new AbortController();
    this.#cleared = false;
    const { signal } = this.#life;
    const server = new URL(this.getAttribute("server") || import.meta.url, location.href).origin;
    const written = this.closest("[lang]")?.lang || "";
    // A page in English says nothing of the order of day and month; the patient's browser does.
    const lang = navigator.language.startsWith(written) ? navigator.language : written;
    const t = stringsWith(this.getAttribute("strings") ?? {});
    this.#root.replaceChildren(frame(t, this.getAttribute("level") || 2));
    const screen = (id) => this.#root.getElementById(id);
    this.#chat = {
      api: new Api(server),
      memory: new Memory(server),
      screen, t, lang, signal,
      tell: (words) => { if (screen("notice").textContent !== words) screen("notice").textContent = words; },
      beginAnew: () => this.#beginAnew(),
      clear: () => this.#clear(),
      print: () => print(),
    };
    new Options(this.#chat, this.#chat.api.offers());
    addEventListener("storage", (event) => {
      if (!this.#chat.memory.isAboutChat(event)) return;
      if (this.#chat.memory.token) this.#restart();
      else this.#clear();
    }, { signal });
    // A page that comes back from the browser's cache may show a chat that was cleared meanwhile.
    addEventListener("pageshow", (event) => { if (event.persisted) this.#restart(); }, { signal });
    addEventListener("beforeprint", () => this.#root.querySelectorAll(".why").forEach((fold) => { fold.open = true; }), { signal });
    const arrival = server === location.origin && ARRIVAL.exec(location.hash);
    if (arrival) this.#askWhoArrives(arrival[1]);
    else this.#begin(signal);
  }

  #stop() {
    this.#life?.abort();
    this.#conversation?.end();
    this.#conversation = null;
  }

  #restart() {
    this.#stop();
    this.#start();
  }

  async #begin(signal) {
    const { api, memory, tell, t } = this.#chat;
    const over = () => this.#cleared || signal.aborted;
    for (let failures = 1; !memory.token; failures += 1) {
      try {
        const token = await api.openSession();
        if (over()) return;
        // Another tab may have been faster; one device has one chat.
        if (!memory.token) memory.rememberChat(token);
        tell("");
      } catch (problem) {
        if (over()) return;
        tell(noticeOf(problem, t));
        const seconds = Math.max(problem.retryAfter ?? 0, pauseAfter(failures));
        await new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
        if (over()) return;
      }
    }
    this.#conversation = new Conversation(this.#chat, memory.token, () =>
      this.#panel(t.gone, t.goneWhy, [t.startOver, () => this.#beginAnew()]));
  }

  #beginAnew() {
    this.#chat.memory.forgetChat();
    this.#restart();
  }

  #clear() {
    const { memory, t } = this.#chat;
    this.#cleared = true;
    memory.forgetChat();
    this.#conversation?.end({ wipe: true });
    this.#chat.tell("");
    this.#panel(t.cleared, t.clearedWhy, [t.startOver, () => this.#beginAnew()]);
  }

  /** Somebody followed a one-time link; a link that was slipped to them would show their answers to another. */
  #askWhoArrives(move) {
    const { api, memory, t } = this.#chat;
    history.replaceState(null, "", location.pathname + location.search);
    const yes = async () => {
      try {
        const token = await api.arrive(move);
        memory.forgetChat();
        memory.rememberChat(token);
        this.#restart();
      } catch (problem) {
        if (problem.passes) this.#chat.tell(noticeOf(problem, t));
        else this.#panel(t.linkOver, t.linkOverWhy, [t.carryOn, () => this.#restart()]);
      }
    };
    this.#panel(t.arrive, t.arriveWhy, [t.arriveYes, yes], [t.arriveNo, () => this.#restart()]);
  }

  #panel(title, words, ...choices) {
    const { screen } = this.#chat;
    const [heading, text, buttons] = screen("panel").children;
    heading.textContent = title;
    text.textContent = words;
    buttons.replaceChildren(...choices.map(([label, act], index) => button(label, act, index ? "quiet" : "main")));
    screen("panel").hidden = false;
    heading.focus();
  }
}

customElements.define("backplan-chat", BackplanChat);
