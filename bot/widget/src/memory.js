// What this device remembers: the token of its chat, messages not yet taken in, and an unsent draft.

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

/** The memory of the chat with one server; a page may hold chats with several. */
export class Memory {
  #chat;
  #outbox;
  #draft;

  constructor(server) {
    const whose = server === location.origin ? "backplan" : `backplan.${server}`;
    this.#chat = `${whose}.chat`;
    this.#outbox = `${whose}.outbox.`;
    this.#draft = `${whose}.draft`;
  }

  /** The token of the open chat, or null. */
  get token() {
    return lasting.getItem(this.#chat);
  }

  rememberChat(token) {
    lasting.setItem(this.#chat, token);
  }

  forgetChat() {
    lasting.removeItem(this.#chat);
    passing.removeItem(this.#draft);
    this.#outboxKeys().forEach((key) => lasting.removeItem(key));
  }

  /** Whether a `storage` event tells that another tab opened or forgot a chat. */
  isAboutChat(event) {
    return event.key === this.#chat || event.key === null;
  }

  /** The messages that the server has not taken in yet, oldest first. */
  get unsent() {
    return this.#outboxKeys()
      .map((key) => JSON.parse(lasting.getItem(key)))
      .sort((one, other) => one.order - other.order);
  }

  /** One key for each message, so that two tabs never overwrite each other's. */
  keepUnsent(entry) {
    lasting.setItem(this.#outbox + entry.client_id, JSON.stringify(entry));
  }

  dropUnsent(entry) {
    lasting.removeItem(this.#outbox + entry.client_id);
  }

  get draft() {
    return passing.getItem(this.#draft) ?? "";
  }

  keepDraft(text) {
    if (text) passing.setItem(this.#draft, text);
    else passing.removeItem(this.#draft);
  }

  #outboxKeys() {
    return Array.from({ length: lasting.length }, (_, index) => lasting.key(index))
      .filter((key) => key.startsWith(this.#outbox));
  }
}
