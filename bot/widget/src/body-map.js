// A body, front and back, whose places can be tapped. Each place stands for a choice of the question;
// the list of choices beside it says the same to a keyboard and to whoever hears the question.

import { drawing, element } from "./elements.js";

const SILHOUETTE =
  "M-5 25V33C-15 35-22 36-24 45L-32 110Q-30 117-26 112L-19 64C-18 80-17 88-20 106C-21 130-17 148-16 165L-14 203L-20 211Q-19 215-5 213L-3 165L0 121L3 165L5 213Q19 215 20 211L14 203L16 165C17 148 21 130 20 106C17 88 18 80 19 64L26 112Q30 117 32 110L24 45C22 36 15 35 5 33V25Z";

// [place, view, x, y, width, height] from the middle of the body; of a pair only the right half of the picture.
const PLACES = [
  ["neck", "back", -7, 25, 14, 12],
  ["upper_back", "back", -18, 39, 36, 20],
  ["mid_back", "back", -17, 60, 34, 16],
  ["lower_back", "back", -17, 77, 34, 18],
  ["buttock", "back", 1, 97, 18, 19],
  ["tailbone", "back", -6, 91, 12, 11],
  ["hip", "front", 8, 94, 12, 16],
  ["groin", "front", -8, 102, 16, 12],
  ["thigh", "both", 2, 121, 17, 36],
  ["calf", "both", 3, 159, 14, 40],
  ["foot", "both", 4, 201, 17, 14],
];
const IN_THE_LEG = new Set(["thigh", "calf", "foot"]);
/** From the low back down the right leg, seen from behind. */
const WAY_DOWN = "M6 90Q14 99 11 121L9 207l-3-5m3 5 3-5";
const MIDDLE = { front: 45, back: 125 };

/** The drawing. `ticks` are the {label, box} pairs that it stands for; null when no place fits any of them. */
export function bodyMap(ticks, t) {
  const shapes = [];
  const ways = [];
  // Pain in the back and in the leg is drawn as one that spreads.
  const from = ticks.filter(({ label }) => fits(label, "lower_back", 0, t) || fits(label, "buttock", 0, t));
  for (const [place, shown, x, y, width, height] of PLACES) {
    for (const view of shown === "both" ? ["front", "back"] : [shown]) {
      for (const half of x > 0 ? [1, -1] : [0]) {
        // One sees a back as one's own, and a front as in a mirror that does not swap sides.
        const side = half && (half > 0) === (view === "back") ? "right" : "left";
        const meant = ticks.filter(({ label }) => fits(label, place, half && side, t));
        if (!meant.length) continue;
        const left = MIDDLE[view] + (half < 0 ? -x - width : x);
        const shape = drawing("rect", { x: left, y, width, height, rx: 5, class: "place" });
        // "The whole back" lights up its parts, but a tap on a part means the part.
        const named = meant.find(({ label }) => !new RegExp(t.whole, "i").test(label)) ?? meant[0];
        shape.addEventListener("click", () => named.box.click());
        shapes.push({ shape, meant });
        if (place === "calf" && view === "back") {
          ways.push({ way: drawing("path", { d: WAY_DOWN, transform: `translate(${MIDDLE.back})scale(${half} 1)`, class: "way" }), meant });
        }
      }
    }
  }
  if (!shapes.length) return null;
  const isTicked = (some) => some.some(({ box }) => box.checked);
  const show = () => {
    shapes.forEach(({ shape, meant }) => {
      shape.classList.toggle("ticked", isTicked(meant));
      shape.classList.toggle("near", meant.some(({ box }) => box.matches(":focus-visible")));
    });
    ways.forEach(({ way, meant }) => way.classList.toggle("on", isTicked(meant) && isTicked(from)));
  };
  ticks.forEach(({ box }) => ["change", "focus", "blur", "untick"].forEach((what) => box.addEventListener(what, show)));
  const bodies = Object.entries(MIDDLE).map(([view, middle]) => drawing("g", {},
    drawing("circle", { cx: middle, cy: 15, r: 11, class: "skin" }),
    silhouette(middle),
    drawing("text", { x: middle, y: 229, "text-anchor": "middle" }, t[view])));
  return element("div", { className: "map", "aria-hidden": "true" },
    drawing("svg", { viewBox: "0 0 170 233" }, ...bodies,
      drawing("clipPath", { id: "body" }, ...Object.values(MIDDLE).map((middle) => silhouette(middle))),
      drawing("g", { "clip-path": "url(#body)" }, ...shapes.map(({ shape }) => shape)),
      ...ways.map(({ way }) => way)),
    element("p", {}, t.mapHint));
}

function silhouette(middle) {
  return drawing("path", { d: SILHOUETTE, transform: `translate(${middle})`, class: "skin" });
}

function fits(label, place, side, t) {
  const says = (name) => new RegExp(t[name], "i").test(label);
  const other = side && (side === "left" ? "right" : "left");
  if (side && says(other) && !says(side)) return false;
  if (says(place)) return true;
  return IN_THE_LEG.has(place) && says("leg") && ![...IN_THE_LEG].some(says);
}
