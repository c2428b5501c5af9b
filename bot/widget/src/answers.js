// The controls for a question: choices as buttons, several as ticks with Done, a scale as numbers.

import { bodyMap } from "./body-map.js";
import { button, element } from "./elements.js";
import { fill } from "./strings.js";

const LEADING_NUMBER = /^\s*(\d{1,3})(?!\d)[\s:.=,–-]*/;

/** The controls of a question. `onTap(ids, words)` is told what was chosen. */
export function controls(question, onTap, t) {
  const { input, asks, choices, text } = question;
  const several = input === "multi_choice" || input === "body_map";
  const build = several ? ticks : input === "scale" ? scale : buttons;
  const made = element("div", { className: `controls ${input}`, role: "group", "aria-label": text },
    ...build(choices, onTap, t, input));
  made.classList.toggle("edits", asks === "read_back" && choices.length > 2);
  return made;
}

/** The choices in words, for whoever hears the question instead of seeing it. */
export function inWords({ input, choices }, t) {
  if (input === "scale") return fill(t.chooseScale, { first: choices[0].label, last: choices.at(-1).label });
  if (choices.length > 8) return fill(t.chooseMany, { count: choices.length });
  return fill(t.choose, { labels: choices.map((choice) => choice.label).join("; ") });
}

/** Whether a patient's words are what tapping choices of this question gives. */
export function isTapOf({ choices }, words) {
  const labels = choices.map((choice) => choice.label);
  return labels.includes(words) || labels.filter((label) => words.includes(label)).join(", ") === words;
}

function choiceButton(choice, onTap, shown = choice.label) {
  const made = button(shown, () => onTap([choice.id], choice.label));
  made.ariaLabel = choice.label;
  made.dir = "auto";
  return made;
}

function buttons(choices, onTap) {
  return choices.map((choice) => choiceButton(choice, onTap));
}

function scale(choices, onTap) {
  const steps = choices.filter((choice) => LEADING_NUMBER.test(choice.label));
  const others = choices.filter((choice) => !steps.includes(choice));
  const ends = [steps[0], steps.at(-1)].filter((choice) => choice?.label.replace(LEADING_NUMBER, ""));
  const inFull = ({ label }) => label.replace(LEADING_NUMBER, "$1: ").replace(/\((.*)\)$/, "$1");
  return [
    element("p", { className: "ends", "aria-hidden": "true" }, ...ends.map((choice) => element("span", {}, inFull(choice)))),
    element("div", { className: "steps" },
      ...steps.map((choice) => choiceButton(choice, onTap, choice.label.match(LEADING_NUMBER)[1]))),
    ...buttons(others, onTap),
  ];
}

function ticks(choices, onTap, t, input) {
  const none = new RegExp(t.none, "i");
  const boxes = choices.map(() => element("input", { type: "checkbox" }));
  const hint = element("p", { className: "hint", role: "alert" });
  boxes.forEach((box, index) => box.addEventListener("change", () => {
    hint.textContent = "";
    if (!box.checked) return;
    // "None of these" beside a tick would leave open which of the two holds.
    const isNone = none.test(choices[index].label);
    boxes.forEach((other, at) => {
      if (other === box || !(isNone || none.test(choices[at].label))) return;
      other.checked = false;
      other.dispatchEvent(new Event("untick"));
    });
  }));
  const done = button(t.done, () => {
    const chosen = choices.filter((_, index) => boxes[index].checked);
    if (chosen.length) onTap(chosen.map(({ id }) => id), chosen.map(({ label }) => label).join(", "));
    else hint.textContent = t.tickFirst;
  }, "main");
  const map = input === "body_map" && bodyMap(choices.map(({ label }, index) => ({ label, box: boxes[index] })), t);
  const list = choices.map(({ label }, index) => element("label", { dir: "auto" }, boxes[index], element("span", {}, label)));
  return [...(map ? [map] : []), element("div", { className: "list" }, ...list, hint, done)];
}
