// The empty chat: every part of the screen that stays, inside the widget's own shadow tree.

import { button, element } from "./elements.js";

export function frame(t, level) {
  const hidden = (words) => element("span", { className: "hidden-words" }, words);
  return element("div", { id: "frame", role: "region", "aria-label": t.chat },
    button(t.skip, (event) => event.target.getRootNode().getElementById("text").focus(), "skip"),
    element("div", { id: "top" },
      element("div", { id: "title", role: "heading", "aria-level": level }, t.title),
      element("button", { id: "options-open", type: "button", className: "quiet", "aria-haspopup": "dialog" }, t.options),
      element("div", { id: "progress", hidden: true }, element("progress", { max: 1, "aria-labelledby": "left" }), element("span", { id: "left" })),
      element("p", { id: "notice", role: "status" }),
      element("button", { id: "unseen", type: "button", hidden: true }, t.unseen)),
    element("div", { id: "middle" },
      element("p", { className: "about" }, t.about),
      element("div", { id: "log", role: "log", "aria-live": "polite", "aria-label": t.conversation }, element("ol")),
      element("ol", { id: "pending", "aria-label": t.onTheirWay }),
      element("p", { id: "typing", className: "bubble", hidden: true }, hidden(t.typing), ...[1, 2, 3].map(() => element("i"))),
      element("section", { id: "answers", tabIndex: -1, "aria-label": t.answers }),
      element("section", { id: "panel", className: "panel", "aria-labelledby": "panel-title", hidden: true },
        element("h2", { id: "panel-title", tabIndex: -1 }), element("p"), element("div"))),
    element("form", { id: "composer", "aria-label": t.write, autocomplete: "off", hidden: true },
      element("button", { id: "newer", type: "button", className: "quiet", hidden: true }, t.newer),
      element("p", { id: "error", role: "alert" }),
      element("label", { htmlFor: "text", className: "hidden-words" }, t.message),
      element("textarea", { id: "text", rows: 1, placeholder: t.placeholder, enterKeyHint: "send", dir: "auto", "aria-describedby": "count" }),
      element("button", { type: "submit", className: "main" }, t.send),
      element("p", { id: "count", role: "status" })),
    element("dialog", { id: "options", "aria-labelledby": "options-title" }));
}
