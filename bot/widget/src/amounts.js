// Help for answers that are a stretch of time: a number, its unit, or the day on which it began.

import { button, element } from "./elements.js";
import { fill } from "./strings.js";

const UNITS = {
  duration_weeks: ["days", "weeks", "months", "years"],
  off_work_days: ["days", "weeks"],
  activity_min_week: ["minutes"],
};

export function isAmount({ asks }) {
  return asks in UNITS;
}

/** Fields that put the answer into words; `onSay(text)` is told them. */
export function amount(question, onSay, { t, lang }) {
  const number = element("input", { type: "number", min: 0, max: 999, inputMode: "numeric", "aria-label": t.amount });
  const unit = element("select", { "aria-label": t.unit },
    ...UNITS[question.asks].map((name) => element("option", {}, t[name])));
  const day = element("input", { type: "date", max: new Date().toLocaleDateString("sv") });
  const say = () => {
    if (day.value) onSay(fill(t.began, { date: inFull(day.value, lang) }));
    else if (number.value && number.validity.valid) onSay(`${number.value} ${unit.value}`);
    else number.focus();
  };
  number.addEventListener("input", () => { day.value = ""; });
  day.addEventListener("input", () => { number.value = ""; });
  for (const field of [number, day]) {
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") say(); });
  }
  return element("div", { className: "controls amount", role: "group", "aria-label": t.inNumbers },
    element("span", {}, t.inNumbers),
    element("div", { className: "pair" }, number, unit),
    ...(question.asks === "duration_weeks" ? [element("label", {}, `${t.since} `, day)] : []),
    button(t.useThis, say, "main"));
}

function inFull(day, lang) {
  return new Intl.DateTimeFormat(lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
}
