// The message box: grows with its text, says what does not fit, keeps a draft through a reload.

import { byId } from "./elements.js";
import * as memory from "./memory.js";

const MOST_CHARACTERS = 4000;
const COUNTED_FROM = 3600;

export class Composer {
  #form = byId("composer");
  #box = byId("text");
  #error = byId("error");
  #count = byId("count");

  constructor(onSend) {
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(onSend); });
    this.#box.addEventListener("input", () => { this.complain(""); this.#changed(); });
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit(onSend);
    });
    this.#box.value = memory.draft();
    this.#form.hidden = false;
    this.#changed();
  }

  /** Say what went wrong beside the box, or nothing. */
  complain(words) {
    this.#error.textContent = words;
  }

  /** Put a text back that could not be sent, in front of what has been typed since. */
  giveBack(text) {
    this.#box.value = [text, this.#box.value].filter(Boolean).join("\n");
    this.#changed();
    this.#box.focus();
  }

  hide() {
    this.#form.hidden = true;
  }

  #submit(onSend) {
    const text = this.#box.value.trim();
    this.complain(text ? "" : "Please type your message first.");
    if (!text || excess(text) > 0) return this.#box.focus();
    this.#box.value = "";
    this.#changed();
    onSend(text);
  }

  #changed() {
    memory.keepDraft(this.#box.value);
    const over = excess(this.#box.value.trim());
    this.#count.textContent = over > 0
      ? `This is ${over} characters too long. Please send it in smaller parts.`
      : over > COUNTED_FROM - MOST_CHARACTERS ? `${-over} characters left` : "";
    this.#count.classList.toggle("over", over > 0);
    this.#box.style.height = "auto";
    this.#box.style.height = `${this.#box.scrollHeight + 2}px`;
  }
}

/** How many characters are over the limit, counted as the server counts; negative when there is room. */
function excess(text) {
  return [...text].length - MOST_CHARACTERS;
}
