// The dialog behind "Chat options": go on elsewhere, print, start again, clear the device.

import { noticeOf } from "./conversation.js";
import { button, drawing, element } from "./elements.js";
import { fill } from "./strings.js";

export class Options {
  #dialog;
  #chat;

  /** `chat` has `api`, `memory`, `screen`, `t`, and what may be chosen: `beginAnew()`, `clear()`, `print()`. */
  constructor(chat, offers) {
    this.#chat = chat;
    this.#dialog = chat.screen("options");
    chat.screen("options-open").addEventListener("click", async () => {
      this.#list({});
      this.#dialog.showModal();
      const offered = await offers;
      if (this.#dialog.open && chat.memory.token) this.#list(offered);
    });
  }

  #show(title, ...parts) {
    const heading = element("h2", { id: "options-title", tabIndex: -1 }, title);
    this.#dialog.replaceChildren(heading, ...parts);
    if (this.#dialog.open) heading.focus();
  }

  #list({ telegram, device }) {
    const { t } = this.#chat;
    const api = this.#chat.api;
    this.#show(t.options,
      element("p", {}, t.remembers),
      ...(device ? [button(t.device, () => this.#elsewhere(t.device, t.deviceHow, t.openLink, (token) => api.deviceLink(token)))] : []),
      ...(telegram ? [button(t.telegram, () => this.#elsewhere(t.telegram, t.telegramHow, t.openTelegram, (token) => api.telegramLink(token)))] : []),
      button(t.copy, () => this.#elsewhere(t.copy, t.copyHow, t.copy, (token) => api.copy(token))),
      button(t.print, () => { this.#dialog.close(); this.#chat.print(); }),
      button(t.startNew, () => this.#sure(t.newSure, t.newYes, () => this.#chat.beginAnew())),
      button(t.notMine, () => this.#sure(t.clearSure, t.clearYes, () => this.#chat.clear())),
      this.#closing(t.close));
  }

  #sure(title, yes, act) {
    const { t } = this.#chat;
    this.#show(title,
      element("p", {}, t.forgets),
      button(yes, () => { this.#dialog.close(); act(); }, "main"),
      this.#closing(t.keep));
  }

  async #elsewhere(title, how, open, makeLink) {
    const { t, memory } = this.#chat;
    let link;
    try {
      link = await makeLink(memory.token);
    } catch (problem) {
      this.#show(title, element("p", { role: "alert" }, noticeOf(problem, t)), this.#closing(t.close));
      return;
    }
    const { url: href, minutes, qr, ...to } = link;
    this.#show(title,
      element("p", {}, fill(how, { minutes })),
      ...(qr ? [picture(qr, t)] : []),
      element("p", {}, element("a", { className: "link", target: "_blank", rel: "noopener noreferrer", href, ...to }, open)),
      this.#closing(t.close));
  }

  #closing(words) {
    return button(words, () => this.#dialog.close(), "quiet");
  }
}

function picture({ size, path }, t) {
  return drawing("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": t.qr, class: "qr" },
    drawing("path", { d: path }));
}
