// The message box: grows with its text, says what does not fit, keeps a draft through a reload.

import { fill } from "./strings.js";

const MOST_CHARACTERS = 4000;
const COUNTED_FROM = 3600;

export class Composer {
  #t;
  #memory;
  #form;
  #box;
  #error;
  #count;

  constructor({ screen, t, memory }, onSend) {
    this.#t = t;
    this.#memory = memory;
    [this.#form, this.#box, this.#error, this.#count] = ["composer", "text", "error", "count"].map(screen);
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(onSend); });
    this.#box.addEventListener("input", () => { this.complain(""); this.#changed(); });
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit(onSend);
    });
    this.#box.value = memory.draft;
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

  /** Have a phone show the keys for what is asked. */
  expect(asks) {
    this.#box.inputMode = { email_address: "email", email_code: "numeric" }[asks] ?? "";
  }

  hide() {
    this.#form.hidden = true;
  }

  #submit(onSend) {
    const text = this.#box.value.trim();
    this.complain(text ? "" : this.#t.typeFirst);
    if (!text || excess(text) > 0) return this.#box.focus();
    this.#box.value = "";
    this.#changed();
    onSend(text);
  }

  #changed() {
    this.#memory.keepDraft(this.#box.value);
    const over = excess(this.#box.value.trim());
    this.#count.textContent = over > 0
      ? fill(this.#t.tooLong, { count: over })
      : over > COUNTED_FROM - MOST_CHARACTERS ? fill(this.#t.left_over, { count: -over }) : "";
    this.#count.classList.toggle("over", over > 0);
    this.#box.style.height = "auto";
    this.#box.style.height = `${this.#box.scrollHeight + 2}px`;
  }
}

/** How many characters are over the limit, counted as the server counts; negative when there is room. */
function excess(text) {
  return [...text].length - MOST_CHARACTERS;
}
