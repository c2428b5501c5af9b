// The controls for a question: choices as buttons, several as ticks with Done, a scale as numbers.

import { element } from "./elements.js";

const LEADING_NUMBER = /^\s*(\d{1,3})(?!\d)[\s:.=,–-]*/;
const NONE = /^none\b/i;

/** The controls of a question. `onTap(ids, words)` is told what was chosen. */
export function controls(question, onTap) {
  const several = question.input === "multi_choice" || question.input === "body_map";
  const build = several ? ticks : question.input === "scale" ? scale : buttons;
  return element("div", { className: `controls ${question.input}`, role: "group", "aria-label": question.text },
    ...build(question.choices, onTap));
}

/** The choices in words, for whoever hears the question instead of seeing it. */
export function inWords({ input, choices }) {
  if (input === "scale") return `Choose from ${choices[0].label} to ${choices.at(-1).label}.`;
  const labels = choices.map((choice) => choice.label).join("; ");
  return choices.length > 8 ? `There are ${choices.length} answers to choose from.` : `Answers to choose from: ${labels}.`;
}

/** Whether a patient's words are what tapping choices of this question gives. */
export function isTapOf({ choices }, words) {
  const labels = choices.map((choice) => choice.label);
  return labels.includes(words) || labels.filter((label) => words.includes(label)).join(", ") === words;
}

function button(choice, onTap, shown = choice.label) {
  const made = element("button", { type: "button", "aria-label": choice.label }, shown);
  made.addEventListener("click", () => onTap([choice.id], choice.label));
  return made;
}

function buttons(choices, onTap) {
  return choices.map((choice) => button(choice, onTap));
}

function scale(choices, onTap) {
  const steps = choices.filter((choice) => LEADING_NUMBER.test(choice.label));
  const others = choices.filter((choice) => !steps.includes(choice));
  const ends = [steps[0], steps.at(-1)].filter((choice) => choice?.label.replace(LEADING_NUMBER, ""));
  const inFull = ({ label }) => label.replace(LEADING_NUMBER, "$1: ").replace(/\((.*)\)$/, "$1");
  return [
    element("p", { className: "ends", "aria-hidden": "true" }, ...ends.map((choice) => element("span", {}, inFull(choice)))),
    element("div", { className: "steps" },
      ...steps.map((choice) => button(choice, onTap, choice.label.match(LEADING_NUMBER)[1]))),
    ...buttons(others, onTap),
  ];
}

function ticks(choices, onTap) {
  const boxes = choices.map(() => element("input", { type: "checkbox" }));
  const hint = element("p", { className: "hint", role: "alert" });
  const done = element("button", { type: "button", className: "main" }, "Done");
  boxes.forEach((box, index) => box.addEventListener("change", () => {
    hint.textContent = "";
    if (!box.checked) return;
    // "None of these" beside a tick would leave open which of the two holds.
    const none = NONE.test(choices[index].label);
    boxes.forEach((other, at) => {
      if (other !== box && (none || NONE.test(choices[at].label))) other.checked = false;
    });
  }));
  done.addEventListener("click", () => {
    const chosen = choices.filter((_, index) => boxes[index].checked);
    if (chosen.length) onTap(chosen.map(({ id }) => id), chosen.map(({ label }) => label).join(", "));
    else hint.textContent = "Tick at least one answer first, or type it in your own words.";
  });
  return [...choices.map(({ label }, index) => element("label", {}, boxes[index], label)), hint, done];
}
