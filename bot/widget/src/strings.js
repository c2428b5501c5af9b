// Every word that the widget says by itself. A clinic overrides any of them with the `strings` attribute.

const EMERGENCY = "In an emergency, call your local emergency number.";

export const STRINGS = {
  title: "Backplan",
  chat: "Chat about your back pain",
  about: "A computer program that asks about your back pain. Nobody reads this chat live.",
  skip: "Skip to the message box",
  conversation: "Conversation",
  assistant: "Assistant: ",
  you: "You: ",
  onTheirWay: "Messages on their way",
  typing: "An answer is being written",
  answers: "Answers to choose",
  choose: "Answers to choose from: {labels}.",
  chooseMany: "{count} answers to choose from.",
  chooseScale: "Choose from {first} to {last}.",
  done: "Done",
  tickFirst: "Tick an answer first, or type it.",
  change: "Change this answer",
  progress: "About {count} questions to go",
  // How the bot says that; what stands in brackets is the number.
  progressSaid: "^About (\\d+) questions to go",
  none: "^none\\b",

  front: "Front",
  back: "Back",
  left: "left",
  right: "right",
  mapHint: "Tap the body, or tick the list.",
  // By these the drawing knows which choice a place of the body stands for.
  whole: "whole back",
  neck: "neck",
  upper_back: "upper back|shoulder blade|whole back",
  mid_back: "middle of the back|mid back|whole back",
  lower_back: "low(?:er)? back|whole back",
  buttock: "buttock",
  tailbone: "tailbone|coccyx",
  hip: "\\bhip",
  groin: "groin",
  thigh: "thigh|above the knee",
  calf: "calf|shin|below the knee",
  foot: "foot|feet|toes",
  leg: "\\blegs?\\b",

  inNumbers: "In numbers:",
  amount: "How much?",
  unit: "Counted in",
  days: "days",
  weeks: "weeks",
  months: "months",
  years: "years",
  minutes: "minutes",
  since: "Or the day it began",
  began: "It began on {date}",
  useThis: "Send this answer",

  important: "Important for your safety",
  unseen: "There is a safety message for you. Read it now.",
  planLabel: "Ideas to talk over with your clinician. Not a diagnosis.",
  leftOut: "^Left out: ",
  why: "Why it was left out",
  newer: "New messages below",

  write: "Write a message",
  message: "Your message",
  placeholder: "Type an answer",
  send: "Send",
  typeFirst: "Type your message first.",
  tooLong: "{count} characters too long. Please send it in parts.",
  left_over: "{count} characters left",
  notSent: "This was not sent. {detail}",
  otherWords: "Please try other words.",
  sending: "Sending",
  waiting: "Waiting to be sent",
  unsent: "Not sent",
  offline: `You are offline. What you write is kept here and sent later. ${EMERGENCY}`,
  unreached: `The chat cannot be reached. What you write is kept here and sent later. ${EMERGENCY}`,

  options: "Chat options",
  remembers:
    "This device remembers your chat. Anyone who uses this browser can read it.",
  close: "Close",
  print: "Print this chat",
  startNew: "Start a new chat on this device",
  newSure: "Start a new chat?",
  newYes: "Yes, start a new chat",
  notMine: "This is not my device: clear the chat",
  clearSure: "Clear this chat from the device?",
  clearYes: "Yes, clear it",
  forgets:
    "This device forgets the chat for good. The answers you sent stay with the clinic.",
  keep: "No, keep the chat",
  copy: "Save my data",
  copyHow: "All we store about you.",
  telegram: "Continue in Telegram",
  telegramHow: "This link works once, for {minutes} minutes. Your answers come with you.",
  openTelegram: "Open Telegram",
  device: "Continue on another device",
  deviceHow:
    "Point the other device's camera at the picture, or open the link there. It works once, for {minutes} minutes. Then this device forgets the chat.",
  qr: "The link as a picture for a camera",
  openLink: "The link for the other device",

  gone: "This chat cannot be opened",
  goneWhy: "It was deleted, or is open on another device. You can start a new one.",
  startOver: "Start a new chat",
  cleared: "The chat is cleared",
  clearedWhy: "This device forgot your chat. You can close this page.",
  arrive: "Go on with your chat here?",
  arriveWhy: "Say yes only if you asked for this link, or your clinic or our e-mails sent it. The other device forgets the chat.",
  arriveYes: "Yes, go on here",
  arriveNo: "No",
  linkOver: "This link is over",
  linkOverWhy: "It was used, or is too old. Ask for a new one.",
  carryOn: "Go on here",
};

/** The words with what is meant by each `{name}` in them. */
export function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The default words with the clinic's own over them; an attribute that cannot be read counts as none. */
export function stringsWith(own) {
  if (typeof own !== "string") return { ...STRINGS, ...own };
  try {
    return { ...STRINGS, ...JSON.parse(own) };
  } catch {
    return { ...STRINGS };
  }
}
