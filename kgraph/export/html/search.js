"use strict";
// Type-ahead over names, other spellings, titles and ids: accents, case and punctuation do not matter.

const LETTERS_APART = { "ø": "o", "ß": "ss", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i" };
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[øßłæœđı]/g, (letter) => LETTERS_APART[letter]);
const words = (text) => fold(text).replace(/[^\p{L}\p{N}+#*@.]+/gu, " ").trim();
const cut = (text) => text.slice(0, 1000);
const searchable = byWeight.map((node) => [` ${words([node.name, ...node.also, node.id].map(cut).join(" | "))}`, ` ${words(cut(node.name))}`, node]);

/** Other spellings of a node, of those that differ in case and hyphens alone but one. */
const spellingsToShow = (node) => [...new Map(node.also.map((form) => [words(cut(form)), form])).values()].filter((form) => words(cut(form)) !== words(cut(node.name)));

/** How well a node answers: 0 is its very name, 1 its beginning, 2 the beginning of a word, 3 any part. */
const fitness = (all, name, wanted) => (name === ` ${wanted}` ? 0 : name.startsWith(` ${wanted}`) ? 1 : all.includes(` ${wanted}`) ? 2 : 3);
const findNodes = (text, most = 12) => {
  const wanted = words(text) || fold(text).trim();
  if (!wanted) return [];
  const parts = wanted.split(" ");
  const hits = searchable.filter(([all]) => parts.every((one) => all.includes(one)));
  return hits.map(([all, name, node]) => [fitness(all, name, wanted), node]).sort((a, b) => a[0] - b[0]).slice(0, most).map(([, node]) => node);
};

const symbolOf = (type) => {
  const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg"), use = document.createElementNS(space, "use");
  svg.setAttribute("viewBox", "-10 -10 20 20");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#shape-${looks.types[type].shape}`);
  use.setAttribute("fill", looks.types[type].colour);
  svg.append(use);
  return svg;
};

let boxes = 0;
/** Makes an input a box that offers nodes as one types; `pick` takes the one chosen with Enter or a click. */
const offerNodes = (input, list, pick) => {
  const prefix = `offer-${boxes++}-`;
  let offered = [], at = -1;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const take = (node) => { close(); input.value = ""; pick(node); };
  const point = (next) => {
    at = (next + offered.length) % offered.length;
    [...list.children].forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
    list.children[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", prefix + at);
  };
  const row = (node, number) => {
    const made = make("li", "", { role: "option", id: prefix + number, "aria-selected": "false" }, symbolOf(node.type), make("span", short(node.name, 120)), make("small", node.isPaper ? node.type : `${node.type}, ${plural(node.papers, "paper")}`));
    made.addEventListener("mousedown", (event) => { event.preventDefault(); take(node); });
    return made;
  };
  const show = () => {
    offered = findNodes(input.value);
    list.replaceChildren(...offered.map(row));
    if (!input.value.trim()) return close();
    if (!offered.length) list.append(make("li", "No name, alias or title has these letters.", { role: "option", "aria-disabled": "true", "aria-selected": "false" }));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  };
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"], ["autocomplete", "off"]]) input.setAttribute(name, value);
  list.hidden = true;
  input.addEventListener("input", show);
  input.addEventListener("focus", () => { if (input.value) show(); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return close();
    if (!offered.length || list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); point(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1); }
    if (event.key === "Enter") { event.preventDefault(); take(offered[Math.max(at, 0)]); }
  });
};
