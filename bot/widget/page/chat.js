// The page: opens the chat that this device remembers, or a new one, and lets the patient leave it.

import { openSession } from "./api.js";
import { Conversation, noticeOf, tell } from "./conversation.js";
import { byId } from "./elements.js";
import * as memory from "./memory.js";
import { pauseAfter } from "./outbox.js";

const GONE = ["This chat cannot be opened", "It may have been deleted. You can start a new one."];
const CLEARED = ["The chat is cleared", "This device has forgotten your chat. You can close this page now."];
const QUESTIONS = {
  new: ["Start a new chat?", "Yes, start a new chat"],
  clear: ["Clear this chat from the device?", "Yes, clear it"],
};

let conversation = null;
let cleared = false;

async function begin() {
  for (let failures = 1; !memory.token(); failures += 1) {
    try {
      const token = await openSession();
      if (cleared) return;
      memory.rememberChat(token);
      tell("");
    } catch (problem) {
      if (cleared) return;
      tell(noticeOf(problem));
      const seconds = Math.max(problem.retryAfter ?? 0, pauseAfter(failures));
      await new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
    }
  }
  conversation = new Conversation(memory.token(), () => showPanel(GONE));
}

function beginAnew() {
  memory.forgetChat();
  location.reload();
}

function showPanel([title, words]) {
  const panel = byId("panel");
  byId("panel-title").textContent = title;
  panel.querySelector("p").textContent = words;
  panel.hidden = false;
  byId("panel-title").focus();
}

function clearChat() {
  cleared = true;
  memory.forgetChat();
  conversation?.end({ wipe: true });
  showPanel(CLEARED);
}

function showOptions(asked) {
  byId("options-list").hidden = Boolean(asked);
  byId("options-sure").hidden = !asked;
  if (!asked) return;
  const [title, yes] = QUESTIONS[asked];
  byId("sure-title").textContent = title;
  byId("sure-yes").textContent = yes;
  byId("sure-yes").onclick = () => {
    byId("options").close();
    if (asked === "new") beginAnew();
    else clearChat();
  };
  byId("sure-title").focus();
}

byId("options-open").addEventListener("click", () => { showOptions(null); byId("options").showModal(); });
for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => showOptions(button.dataset.ask));
}
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => byId("options").close());
}
byId("panel").querySelector("button").addEventListener("click", beginAnew);

addEventListener("storage", (event) => {
  if (!memory.isAboutChat(event)) return;
  if (memory.token()) location.reload();
  else clearChat();
});
// A page that comes back from the browser's cache may show a chat that was cleared meanwhile.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

begin();
