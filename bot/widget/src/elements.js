// Builds elements from plain values. Text goes in as text and never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** `element("p", {className: "x"}, "words", child)`; keys with a dash become attributes. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

/** The same for a drawing; everything becomes an attribute. */
export function drawing(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A button that does something; `kind` is its class. */
export function button(words, onClick, kind = "") {
  const made = element("button", { type: "button", className: kind }, words);
  made.addEventListener("click", onClick);
  return made;
}
