// The queue: arrow keys move from case to case, and the list is read again when something in it changed.
"use strict";

const SECONDS_BETWEEN_LOOKS = 15;
const list = () => document.getElementById("queue");
const links = () => Array.from(list().querySelectorAll("a.case"));

document.addEventListener("keydown", (event) => {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (!(event.key in steps) || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = links();
  const at = all.indexOf(document.activeElement);
  if (at < 0) {
    // From anywhere but a field, the first press goes into the list.
    if (document.activeElement !== document.body || event.key !== "ArrowDown" || !all.length) return;
  }
  event.preventDefault();
  const to = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + steps[event.key]))];
  to.focus();
  to.scrollIntoView({ block: "nearest" });
});

async function look() {
  if (document.hidden) return;
  try {
    const asked = await fetch(`/queue/state${location.search}`, { credentials: "same-origin", redirect: "error", headers: { "X-Backplan": "live" } });
    if (asked.status === 401) {
      location.reload();
      return;
    }
    if (!asked.ok) throw new Error("no answer");
    const { state } = await asked.json();
    say("");
    if (state !== list().dataset.state) await refresh();
  } catch {
    say("No connection. The list may be out of date.");
  }
}

async function refresh() {
  const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Backplan": "live" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("queue");
  if (!fresh) {
    location.reload();
    return;
  }
  const focused = document.activeElement?.id;
  list().replaceWith(document.importNode(fresh, true));
  if (focused) document.getElementById(focused)?.focus();
  say("The list was updated.");
}

function say(words) {
  const status = document.getElementById("live");
  if (status.textContent !== words) status.textContent = words;
}

setInterval(look, SECONDS_BETWEEN_LOOKS * 1000);
document.addEventListener("visibilitychange", look);
