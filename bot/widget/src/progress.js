// How far the questions have come: the bot says now and then how many are left, and each answer takes one off.

import { fill } from "./strings.js";

export class Progress {
  #screen;
  #t;
  #answered = 0;
  #left = 0;

  constructor({ screen, t }) {
    this.#screen = screen;
    this.#t = t;
  }

  heard({ from, kind, text, asks }) {
    const said = from === "bot" && new RegExp(this.#t.progressSaid).exec(text);
    if (said) this.#left = Number(said[1]);
    else if (kind === "plan" || kind === "safety" || asks === "read_back") this.#left = 0;
    else if (kind === "question") {
      this.#answered += 1;
      this.#left = Math.max(this.#left - 1, Math.min(this.#left, 1));
    }
    this.#show();
  }

  hide() {
    this.#left = 0;
    this.#show();
  }

  #show() {
    const place = this.#screen("progress");
    place.hidden = !this.#left;
    if (!this.#left) return;
    place.firstElementChild.value = this.#answered / (this.#answered + this.#left);
    this.#screen("left").textContent = fill(this.#t.progress, { count: this.#left });
  }
}
