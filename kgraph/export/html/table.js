"use strict";
// The same as text: every node and every statement in a table, sorted and searched at will, rows made as they come into view.

const ROWS = 150;
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const cell = (text) => make("td", String(text));
const named = (node) => make("td", "", {}, button(short(node.name, 160), () => { chooseNode(node); goToCard(); }, { class: "name" }));
const TABLES = {
  nodes: {
    all: () => nodes, shown: () => scene.nodes,
    columns: [["name", (node) => node.name, named], ["type", (node) => node.type], ["also written", (node) => short(spellingsToShow(node).join(", "), 120)],
      ["papers", (node) => (node.isPaper ? "" : node.papers)], ["statements", (node) => node.degree]],
  },
  statements: {
    all: () => edges, shown: () => new Set(scene.edges),
    columns: [["from", (edge) => edge.head.name, (edge) => named(edge.head)], ["relation", (edge) => relationOf(edge).label],
      ["to", (edge) => edge.tail.name, (edge) => named(edge.tail)], ["papers", (edge) => edge.support], ["belief", (edge) => edge.belief],
      ["sentence", (edge) => sentenceOf(best(edge)), (edge) => make("td", "", {}, button(short(sentenceOf(best(edge)), 140) || "no sentence here", () => { chooseEdge(edge); goToCard(); }, { class: "why" }))]],
  },
};
const order = { nodes: [4, -1], statements: [4, -1] };
let rows = [], made = 0;

const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b)));
const sortedRows = (list, value, sign) => {
  const keyed = list.map((one) => [value(one), one]); // the value once a row: sorting asks for it many times
  return keyed.sort(([a, one], [b, other]) => sign * compare(a, b) || one.number - other.number).map(([, one]) => one);
};
const addRows = () => {
  const { columns } = TABLES[state.tab], body = element("rows"), first = made;
  for (const one of rows.slice(made, made + ROWS)) {
    const row = make("tr", "", { "aria-rowindex": made + 2 }, ...columns.map(([, value, cellOf]) => (cellOf ? cellOf(one) : cell(value(one)))));
    body.append(row);
    made++;
  }
  element("more").hidden = made >= rows.length;
  element("more").textContent = `Show more (${grouped(rows.length - made)} rows follow)`;
  return first;
};
const fillTable = () => {
  if (state.tab === "drawing") return;
  const { all, shown, columns } = TABLES[state.tab], [column, sign] = order[state.tab], kept = shown(), wanted = words(element("sift").value);
  const list = all().filter((one) => state.all || kept.has(one));
  const sifted = wanted ? list.filter((one) => wanted.split(" ").every((part) => ` ${words(columns.map(([, value]) => value(one)).join(" | "))}`.includes(part))) : list;
  rows = sortedRows(sifted, columns[column][1], sign);
  made = 0;
  element("rows").replaceChildren();
  element("columns").replaceChildren(...columns.map(([name], number) => {
    const head = make("th", "", { scope: "col" }, button(name, () => sortBy(number)));
    head.setAttribute("aria-sort", number === column ? (sign > 0 ? "ascending" : "descending") : "none");
    return head;
  }));
  element("table").setAttribute("aria-rowcount", rows.length + 1);
  element("count").textContent = `${plural(rows.length, "row")} of ${grouped(all().length)}${state.all ? "" : ", what the filters leave"}`;
  addRows();
};
const sortBy = (number) => {
  const [column, sign] = order[state.tab];
  order[state.tab] = [number, number === column ? -sign : 1];
  fillTable();
  element("columns").children[number].querySelector("button").focus();
};
const moveInTable = (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], row = event.target.closest("tbody tr");
  if (!step || !row) return;
  if (step > 0 && !row.nextElementSibling && made < rows.length) addRows();
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  const column = event.target.closest("td")?.cellIndex || 0;
  if (next) { event.preventDefault(); (next.cells[column].querySelector("button") || next.querySelector("button")).focus(); }
};
element("sift").addEventListener("input", fillTable);
element("more").addEventListener("click", () => element("rows").children[addRows()]?.querySelector("button")?.focus());
element("table").addEventListener("keydown", moveInTable);
element("all").addEventListener("change", (event) => change({ all: event.target.checked }, "here"));
new IntersectionObserver(([seen]) => { if (seen.isIntersecting && state.tab !== "drawing" && made < rows.length) addRows(); }, { root: element("twin") }).observe(element("more"));

const TABS = ["drawing", "nodes", "statements"];
for (const tab of TABS) element(`tab-${tab}`).addEventListener("click", () => change({ tab }));
element("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tab = TABS[(TABS.indexOf(state.tab) + step + TABS.length) % TABS.length];
  change({ tab });
  element(`tab-${tab}`).focus();
});
const showTab = () => {
  for (const tab of TABS) {
    element(`tab-${tab}`).setAttribute("aria-selected", String(tab === state.tab));
    element(`tab-${tab}`).tabIndex = tab === state.tab ? 0 : -1;
  }
  const isDrawn = state.tab === "drawing";
  element("drawing").hidden = !isDrawn;
  element("twin").hidden = isDrawn;
  if (!isDrawn) element("twin").setAttribute("aria-labelledby", `tab-${state.tab}`);
  element("all").checked = state.all;
};
