// Finds the phone numbers in what the bot says, so that they can be called with a tap.

const CANDIDATE = /\+?\d+(?:[ -]\d+)*/g;
const A_CALL = /\b(?:call|dial|ring|phone|text)\b|line\b|samaritans|nhs/i;
const JUST_BEFORE = /(?:\b(?:call|dial|ring|phone|text|number|on|or|and)|[A-Z][A-Za-z]+) $/;
const JUST_AFTER = /^(?:-\d|[.,:/]\d| ?%| ?(?:out of|times?|steps?|questions?|seconds?|min|hours?|days?|weeks?|months?|years?|degrees|mg|ml|kg|km))/i;
const DATE_OR_YEAR = /^(?:\d{4}-\d{2}-\d{2}|(?:19|20)\d\d)$/;

/** The text in pieces: plain strings, and `{number, dial}` for what can be called. */
export function withPhones(text) {
  const pieces = [];
  let end = 0;
  for (const { 0: number, index } of text.matchAll(CANDIDATE)) {
    const after = index + number.length;
    if (!isPhone(number, text.slice(0, index), text.slice(after), text)) continue;
    pieces.push(text.slice(end, index), { number, dial: number.replace(/[ -]/g, "") });
    end = after;
  }
  pieces.push(text.slice(end));
  return pieces.filter((piece) => piece !== "");
}

function isPhone(number, before, after, text) {
  const digits = number.replace(/\D/g, "").length;
  if (digits < 3 || digits > 15 || DATE_OR_YEAR.test(number) || JUST_AFTER.test(after)) return false;
  if (digits >= 8) return true;
  return JUST_BEFORE.test(before) && A_CALL.test(text);
}
