// The conversation on the screen: what both sides said, in the order of the server's numbers.

import { controls, inWords } from "./answers.js";
import { byId, element } from "./elements.js";
import { withPhones } from "./phones.js";

const NEAR_THE_END = 160; // pixels
const ONE_TURN = 5000; // milliseconds within which bot messages belong together

const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const hour = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export class Log {
  #onTap;
  #list = byId("log").firstElementChild;
  #pending = byId("pending");
  #waiting = new Map(); // client_id to {item, seq}
  #changes = new Map(); // seq of a question to the place where it can be answered again
  #newest = null;
  #today = "";
  #turn = {};
  #frame = 0;
  #unseen = new Set();
  #watcher = new IntersectionObserver((entries) => this.#saw(entries), { threshold: 0.2 });

  constructor(onTap) {
    this.#onTap = onTap;
    byId("newer").addEventListener("click", () => scrollToItem(this.#list.lastElementChild));
    byId("unseen").addEventListener("click", (event) => {
      event.preventDefault();
      const [first] = this.#unseen;
      scrollToItem(first);
      first.focus({ preventScroll: true });
    });
    addEventListener("scroll", () => { if (isAtEnd()) byId("newer").hidden = true; }, { passive: true });
    document.addEventListener("visibilitychange", () => this.#unseen.forEach((item) => {
      this.#watcher.unobserve(item);
      this.#watcher.observe(item);
    }));
  }

  /** Show one message; `fresh` when it was said after the patient's last one, and so may be news. */
  show(message, fresh) {
    const follows = !this.#newest || isAtEnd();
    const before = this.#list.lastElementChild?.querySelector("time:last-child");
    const [today, now] = [day, hour].map((format) => format.format(new Date(message.at)));
    if (today !== this.#today) {
      this.#today = today;
      this.#list.append(element("li", { className: "day" }, element("time", { dateTime: message.at }, today)));
    } else if (before && this.#newest.from === message.from) {
      before.hidden = before.textContent === now;
    }
    const item = message.from === "bot" ? this.#botItem(message, fresh) : patientItem(message.text);
    item.append(element("time", { dateTime: message.at }, now));
    this.#list.append(item);
    this.#newest = message;
    for (const [client_id, { seq }] of this.#waiting) if (seq === message.seq) this.dropPending(client_id);
    if (message.kind === "safety" && fresh) this.#watch(item);
    this.#follow(item, message, follows);
  }

  /** Show a message that is on its way. */
  showPending({ client_id, words }) {
    const item = patientItem(words);
    item.append(element("span", { className: "state" }, "Sending"));
    this.#pending.append(item);
    this.#waiting.set(client_id, { item });
    this.#turn = { head: item, by: "patient" };
    this.#scrollSoon();
  }

  /** The server has taken the message in; it leaves the waiting ones when it stands in the log. */
  numberPending(client_id, seq) {
    const waiting = this.#waiting.get(client_id);
    if (!waiting) return;
    if (this.#newest && this.#newest.seq >= seq) this.dropPending(client_id);
    else waiting.seq = seq;
  }

  markPending(words) {
    for (const { item, seq } of this.#waiting.values()) if (!seq) item.querySelector(".state").textContent = words;
  }

  dropPending(client_id) {
    this.#waiting.get(client_id)?.item.remove();
    this.#waiting.delete(client_id);
  }

  /** Nothing waits on this device any more, so what has no number was sent by another tab. */
  dropUnnumbered() {
    for (const [client_id, { seq }] of this.#waiting) if (!seq) this.dropPending(client_id);
  }

  get isSending() {
    return this.#waiting.size > 0;
  }

  /** Let every question with choices be answered again, but for the open one. */
  offerChanges(open) {
    for (const [seq, place] of this.#changes) place.hidden = seq >= (open?.seq ?? Infinity);
  }

  clear() {
    this.#watcher.disconnect();
    this.#list.replaceChildren();
    this.#pending.replaceChildren();
    byId("unseen").hidden = true;
  }

  #botItem(message, fresh) {
    const item = element("li", { className: `bubble bot ${message.kind}`, tabIndex: -1 });
    const words = element("p", { className: "words", dir: "auto" }, ...withPhones(message.text).map(phoneLink).flatMap(withoutBars));
    item.append(element("span", { className: "hidden-words" }, "Assistant: "));
    if (message.kind === "safety") {
      const heading = element("strong", { className: "label" }, "Important for your safety");
      item.append(element("div", fresh ? { role: "alert" } : {}, heading, words));
    } else if (message.kind === "plan" && this.#newest?.kind !== "plan") {
      item.classList.add("first");
      item.append(element("strong", { className: "label" }, "Ideas to talk over with your clinician. Not a diagnosis."), words);
    } else {
      item.append(words);
    }
    if (message.choices.length) {
      item.append(element("span", { className: "hidden-words" }, ` ${inWords(message)}`), this.#change(message));
    }
    return item;
  }

  /** The choices of an earlier question, folded away; a tap on one corrects the answer. */
  #change(message) {
    const fold = element("details", {}, element("summary", {}, "Change this answer"));
    const tapped = (ids, words) => { fold.open = false; this.#onTap(ids, words); };
    fold.addEventListener("toggle", () => {
      if (fold.open && fold.children.length === 1) fold.append(controls(message, tapped));
    });
    const place = element("div", { className: "change", hidden: true, "aria-live": "off" }, fold);
    this.#changes.set(message.seq, place);
    return place;
  }

  /** Call out a safety message until it has been on the screen. */
  #watch(item) {
    this.#unseen.add(item);
    this.#watcher.observe(item);
    byId("unseen").hidden = false;
  }

  #saw(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || document.hidden) continue;
      this.#unseen.delete(target);
      this.#watcher.unobserve(target);
    }
    byId("unseen").hidden = !this.#unseen.size;
  }

  /** Bring a turn into view from its first message on; who reads further up is left there and told. */
  #follow(item, message, follows) {
    const now = performance.now();
    const { head, by, spoken, weighty } = this.#turn;
    const goesOn = head?.isConnected && by === message.from && now - spoken < ONE_TURN;
    // The first safety message comes before small talk, but not before the beginning of a plan.
    const stays = goesOn && (weighty || message.kind !== "safety");
    this.#turn = {
      head: stays ? head : item,
      by: message.from,
      spoken: now,
      weighty: (goesOn && weighty) || message.kind === "plan" || message.kind === "safety",
    };
    if (follows || this.#frame || message.kind === "safety") this.#scrollSoon();
    else if (message.from === "bot") byId("newer").hidden = false;
  }

  /** Scroll once everything that belongs to this moment is on the page. */
  #scrollSoon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      scrollToItem(this.#turn.head);
    });
  }
}

export function isAtEnd() {
  return end() - scrollY < NEAR_THE_END;
}

export function scrollToEnd() {
  scrollTo({ top: end() });
}

function end() {
  return document.documentElement.scrollHeight - innerHeight;
}

function scrollToItem(item) {
  const top = item.getBoundingClientRect().top + scrollY - document.querySelector("header").offsetHeight - 12;
  scrollTo({ top: Math.min(top, end()) });
}

function patientItem(text) {
  return element("li", { className: "bubble patient" },
    element("span", { className: "hidden-words" }, "You: "), element("p", { className: "words", dir: "auto" }, text));
}

/** The bars of a trend are for the eye only: the words behind each say the same. */
function withoutBars(piece) {
  if (typeof piece !== "string") return [piece];
  return piece.split(/([█░]{2,} ?)/).map((part, at) => (at % 2 ? element("span", { "aria-hidden": "true" }, part) : part));
}

function phoneLink(piece) {
  return typeof piece === "string" ? piece : element("a", { href: `tel:${piece.dial}` }, piece.number);
}
