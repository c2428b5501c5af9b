// Looks over the page as it stands and lists what would keep somebody from using it.
() => {
  const faults = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length;
  const root = document.querySelector("backplan-chat").shadowRoot;
  const all = (selector) => [...root.querySelectorAll(selector)].filter(shown);
  const named = (element) => `<${element.tagName.toLowerCase()} class="${element.className}"> "${element.textContent.trim().slice(0, 40)}"`;

  const colour = (words) => {
    const [red, green, blue, alpha = 1] = words.match(/[\d.]+/g).map(Number);
    return { red, green, blue, alpha };
  };
  const backgroundOf = (element) => {
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found.alpha === 1) return found;
    }
    return colour("rgb(255, 255, 255)");
  };
  const luminance = ({ red, green, blue }) => [red, green, blue]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };

  for (const element of all("*")) {
    if (element.closest("svg")) continue;
    const style = getComputedStyle(element);
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (words && !element.closest(".hidden-words, .skip")) {
      const ratio = contrast(colour(style.color), backgroundOf(element));
      if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(2)}: ${named(element)}`);
    }
  }
  for (const element of all("button, textarea, input, select, a[href], summary")) {
    const box = (element.closest("label") ?? element).getBoundingClientRect();
    if (element.closest(".skip")) continue;
    if (box.width < 24 || box.height < 24) faults.push(`target ${box.width}x${box.height}: ${named(element)}`);
    if (box.left < 0 || box.right > innerWidth) faults.push(`outside the screen: ${named(element)}`);
    const border = getComputedStyle(element);
    if (element.matches("button, textarea") && border.borderStyle !== "none" && !element.matches(".quiet")) {
      const ratio = contrast(colour(border.borderColor), backgroundOf(element.parentElement));
      if (ratio < 3) faults.push(`border ${ratio.toFixed(2)}: ${named(element)}`);
    }
    const name = element.ariaLabel || element.labels?.[0]?.textContent || element.textContent;
    if (!name.trim()) faults.push(`no name: ${named(element)}`);
  }
  if (root.getElementById("frame").scrollWidth > root.getElementById("frame").clientWidth) faults.push("the frame scrolls sideways");
  const ids = [...root.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`id twice: ${id}`);
  for (const item of all("li")) if (!item.parentElement.matches("ol, ul")) faults.push(`li without a list: ${named(item)}`);
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`scrolls sideways: ${document.documentElement.scrollWidth}`);
  if (!document.documentElement.lang) faults.push("no language");
  return faults;
}
