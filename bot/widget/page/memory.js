// What this device remembers: the token of its chat, messages not yet taken in, and an unsent draft.

const CHAT = "backplan.chat";
const OUTBOX = "backplan.outbox.";
const DRAFT = "backplan.draft";

/** The browser's storage, or a stand-in for this page view where the browser forbids it. */
function usable(name) {
  try {
    const storage = window[name];
    storage.setItem("backplan.probe", "1");
    storage.removeItem("backplan.probe");
    return storage;
  } catch {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
      key: (index) => [...kept.keys()][index] ?? null,
      get length() { return kept.size; },
    };
  }
}

const lasting = usable("localStorage");
const passing = usable("sessionStorage");

function outboxKeys() {
  return Array.from({ length: lasting.length }, (_, index) => lasting.key(index))
    .filter((key) => key.startsWith(OUTBOX));
}

/** The token of the open chat, or null. */
export function token() {
  return lasting.getItem(CHAT);
}

export function rememberChat(token) {
  lasting.setItem(CHAT, token);
}

export function forgetChat() {
  lasting.removeItem(CHAT);
  passing.removeItem(DRAFT);
  outboxKeys().forEach((key) => lasting.removeItem(key));
}

/** Whether a `storage` event tells that another tab opened or forgot a chat. */
export function isAboutChat(event) {
  return event.key === CHAT || event.key === null;
}

/** The messages that the server has not taken in yet, oldest first. */
export function unsent() {
  return outboxKeys()
    .map((key) => JSON.parse(lasting.getItem(key)))
    .sort((one, other) => one.order - other.order);
}

/** One key for each message, so that two tabs never overwrite each other's. */
export function keepUnsent(entry) {
  lasting.setItem(OUTBOX + entry.client_id, JSON.stringify(entry));
}

export function dropUnsent(entry) {
  lasting.removeItem(OUTBOX + entry.client_id);
}

export function draft() {
  return passing.getItem(DRAFT) ?? "";
}

export function keepDraft(text) {
  if (text) passing.setItem(DRAFT, text);
  else passing.removeItem(DRAFT);
}
