// The conversation on the screen: what both sides said, in the order of the server's numbers.

import { controls, inWords } from "./answers.js";
import { element } from "./elements.js";
import { withPhones } from "./phones.js";

const NEAR_THE_END = 160; // pixels
const ONE_TURN = 5000; // milliseconds within which bot messages belong together

export class Log {
  #screen;
  #t;
  #formats;
  #onTap;
  #list;
  #pending;
  #waiting = new Map(); // client_id to {item, seq}
  #changes = new Map(); // seq of a question to the place where it can be answered again
  #newest = null;
  #today = "";
  #turn = {};
  #frame = 0;
  #unseen = new Set();
  #watcher = new IntersectionObserver((entries) => this.#saw(entries), { threshold: 0.2 });

  /** `chat` has `screen(id)`, the strings `t`, the language `lang` and a `signal` that ends what listens. */
  constructor({ screen, t, lang, signal }, onTap) {
    this.#screen = screen;
    this.#t = t;
    this.#onTap = onTap;
    this.#formats = [{ weekday: "long", day: "numeric", month: "long" }, { hour: "2-digit", minute: "2-digit" }]
      .map((parts) => new Intl.DateTimeFormat(lang, parts));
    this.#list = screen("log").firstElementChild;
    this.#pending = screen("pending");
    screen("newer").addEventListener("click", () => this.#scrollTo(this.#list.lastElementChild));
    screen("unseen").addEventListener("click", () => {
      const [first] = this.#unseen;
      this.#scrollTo(first);
      first.focus({ preventScroll: true });
    });
    screen("frame").addEventListener("scroll", () => { if (this.isAtEnd) screen("newer").hidden = true; }, { passive: true });
    document.addEventListener("visibilitychange", () => this.#unseen.forEach((item) => {
      this.#watcher.unobserve(item);
      this.#watcher.observe(item);
    }), { signal });
  }

  /** Show one message; `fresh` when it was said after the patient's last one, and so may be news. */
  show(message, fresh) {
    const follows = !this.#newest || this.isAtEnd;
    const before = this.#list.lastElementChild?.querySelector("time:last-child");
    const [today, now] = this.#formats.map((format) => format.format(new Date(message.at)));
    if (today !== this.#today) {
      this.#today = today;
      this.#list.append(element("li", { className: "day" }, element("time", { dateTime: message.at }, today)));
    } else if (before && this.#newest.from === message.from) {
      before.hidden = before.textContent === now;
    }
    const item = message.from === "bot" ? this.#botItem(message, fresh) : this.#patientItem(message.text);
    item.append(element("time", { dateTime: message.at }, now));
    this.#list.append(item);
    this.#newest = message;
    for (const [client_id, { seq }] of this.#waiting) if (seq === message.seq) this.dropPending(client_id);
    if (message.kind === "safety" && fresh) this.#watch(item);
    this.#follow(item, message, follows);
  }

  /** Show a message that is on its way. */
  showPending({ client_id, words }) {
    const item = this.#patientItem(words);
    item.append(element("span", { className: "state" }, this.#t.sending));
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
    this.#screen("unseen").hidden = true;
  }

  #botItem(message, fresh) {
    const t = this.#t;
    const item = element("li", { className: `bubble bot ${message.kind}`, tabIndex: -1 });
    item.append(element("span", { className: "hidden-words" }, t.assistant));
    if (message.kind === "safety") {
      const heading = element("strong", { className: "label" }, t.important);
      item.append(element("div", fresh ? { role: "alert" } : {}, heading, words(message.text)));
    } else if (message.kind === "plan") {
      const first = this.#newest?.kind !== "plan";
      if (first) item.append(element("strong", { className: "label" }, t.planLabel));
      item.classList.toggle("first", first);
      item.append(...this.#card(item, message.text));
    } else {
      item.append(words(message.text));
    }
    if (message.choices.length) {
      item.append(element("span", { className: "hidden-words" }, ` ${inWords(message, t)}`), this.#change(message));
    }
    return item;
  }

  /** A piece of the plan: its first line, if there are more, is its title; why something was left out is folded. */
  #card(item, text) {
    const [title, ...rest] = text.split("\n");
    if (!rest.length) return [words(text)];
    const heading = element("strong", { className: "title", dir: "auto" }, title);
    item.classList.add("option");
    if (!new RegExp(this.#t.leftOut).test(title)) return [heading, words(rest.join("\n"))];
    return [heading, element("details", { className: "why" }, element("summary", {}, this.#t.why), words(rest.join("\n")))];
  }

  /** The choices of an earlier question, folded away; a tap on one corrects the answer. */
  #change(message) {
    const fold = element("details", {}, element("summary", {}, this.#t.change));
    const tapped = (ids, said) => { fold.open = false; this.#onTap(ids, said); };
    fold.addEventListener("toggle", () => {
      if (fold.open && fold.children.length === 1) fold.append(controls(message, tapped, this.#t));
    });
    const place = element("div", { className: "change", hidden: true, "aria-live": "off" }, fold);
    this.#changes.set(message.seq, place);
    return place;
  }

  /** Call out a safety message until it has been on the screen. */
  #watch(item) {
    this.#unseen.add(item);
    this.#watcher.observe(item);
    this.#screen("unseen").hidden = false;
  }

  #saw(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || document.hidden) continue;
      this.#unseen.delete(target);
      this.#watcher.unobserve(target);
    }
    this.#screen("unseen").hidden = !this.#unseen.size;
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
    else if (message.from === "bot") this.#screen("newer").hidden = false;
  }

  /** Scroll once everything that belongs to this moment is on the page. */
  #scrollSoon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#scrollTo(this.#turn.head);
    });
  }

  get isAtEnd() {
    return this.#end - this.#screen("frame").scrollTop < NEAR_THE_END;
  }

  scrollToEnd() {
    this.#screen("frame").scrollTop = this.#end;
  }

  get #end() {
    const { scrollHeight, clientHeight } = this.#screen("frame");
    return scrollHeight - clientHeight;
  }

  #scrollTo(item) {
    const frame = this.#screen("frame");
    const top = item.getBoundingClientRect().top - frame.getBoundingClientRect().top + frame.scrollTop;
    const above = this.#screen("top");
    const covered = getComputedStyle(above).position === "sticky" ? above.offsetHeight : 0;
    frame.scrollTop = Math.min(top - covered - 12, this.#end);
  }

  #patientItem(text) {
    return element("li", { className: "bubble patient" }, element("span", { className: "hidden-words" }, this.#t.you), words(text, false));
  }
}

function words(text, withLinks = true) {
  const pieces = withLinks ? withPhones(text).map(phoneLink).flatMap(withoutBars) : [text];
  return element("p", { className: "words", dir: "auto" }, ...pieces);
}

/** The bars of a trend are for the eye only: the words behind each say the same. */
function withoutBars(piece) {
  if (typeof piece !== "string") return [piece];
  return piece.split(/([█░]{2,} ?)/).map((part, at) => (at % 2 ? element("span", { "aria-hidden": "true" }, part) : part));
}

function phoneLink(piece) {
  return typeof piece === "string" ? piece : element("a", { href: `tel:${piece.dial}` }, piece.number);
}
