"use strict";
// Offers the graph's prefixes, classes and properties for the word before the caret, and leads to the place of an error.

const area = document.getElementById("query"), offer = document.getElementById("offer"), told = document.getElementById("told");
const terms = JSON.parse(document.getElementById("terms").textContent);
const MOST = 8;
let chosen = -1;

const wordBefore = () => (/(?:^|[^\w?$:<"'-])([A-Za-z][\w-]*:?[\w-]*)$/.exec(area.value.slice(0, area.selectionStart)) || ["", ""])[1];
const fitting = (word) => {
  const sought = word.toLowerCase(), local = (name) => name.slice(name.indexOf(":") + 1);
  if (sought.length < 2 && !sought.includes(":")) return [];
  const begins = terms.filter(([name]) => name.toLowerCase().startsWith(sought) && name !== word);
  const inside = terms.filter(([name]) => !begins.some(([other]) => other === name) && local(name).toLowerCase().startsWith(sought));
  return [...begins, ...inside].slice(0, MOST);
};
const close = () => {
  chosen = -1;
  offer.hidden = true;
  offer.replaceChildren();
  area.removeAttribute("aria-activedescendant");
};
const choose = (number) => {
  const options = [...offer.children];
  chosen = (number + options.length) % options.length;
  options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
  area.setAttribute("aria-activedescendant", options[chosen].id);
};
const take = (name) => {
  const end = area.selectionStart, start = end - wordBefore().length;
  area.focus();
  area.setRangeText(name, start, end, "end");
  close();
};
const show = () => {
  close();
  const found = area.selectionStart === area.selectionEnd ? fitting(wordBefore()) : [];
  found.forEach(([name, uses], at) => {
    const option = document.createElement("li"), count = document.createElement("small");
    Object.assign(option, { id: `offer-${at}`, role: "option", textContent: `${name} ` });
    option.setAttribute("aria-selected", "false");
    count.textContent = uses;
    option.append(count);
    option.addEventListener("pointerdown", (event) => { event.preventDefault(); take(name); });
    offer.append(option);
  });
  offer.hidden = !found.length;
  told.textContent = found.length ? `${found.length} ${found.length === 1 ? "term" : "terms"}, arrow down to choose` : "";
};

area.addEventListener("input", show);
area.addEventListener("blur", close);
area.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    area.form.requestSubmit();
  } else if (offer.hidden) return;
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(chosen + (event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1));
  } else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) {
    event.preventDefault();
    take(offer.children[chosen].firstChild.textContent.trim());
  } else if (event.key === "Escape") close();
});

if (area.dataset.line) {
  const before = area.value.split("\n").slice(0, area.dataset.line - 1);
  const at = before.reduce((sum, line) => sum + line.length + 1, 0) + Number(area.dataset.column) - 1;
  area.focus();
  area.setSelectionRange(at, at + Math.max(1, /^\S*/.exec(area.value.slice(at))[0].length));
}
