"use strict";
// The legend, which is also the filters: every type, relation and role with its looks and count, and the bounds.

const strokeOf = (line, colour) => {
  const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg"), path = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 30 10");
  svg.setAttribute("class", "stroke");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M1 5h22");
  path.setAttribute("stroke", colour);
  path.setAttribute("stroke-width", "2.6");
  path.setAttribute("stroke-dasharray", DASHES[line].join(" "));
  const head = document.createElementNS(space, "path");
  head.setAttribute("d", "M21 1l8 4-8 4z");
  head.setAttribute("fill", colour);
  svg.append(path, head);
  return svg;
};

/** One group of toggles: `name` is the list in the state that holds what is off. */
const toggles = (name, totals, rows) => {
  const counts = new Map();
  for (const [value, label, symbol] of rows) {
    const count = make("b"), total = totals.get(value);
    const made = button("", () => change({ [name]: toggled(state[name], value) }, "here"), { "data-value": value });
    made.append(...(symbol ? [symbol] : []), make("span", label), count);
    element(name).append(made);
    counts.set(value, (shown) => {
      const isOn = !state[name].includes(value);
      made.setAttribute("aria-pressed", String(isOn));
      count.textContent = shown === total ? grouped(total) : `${grouped(shown)}/${grouped(total)}`;
    });
  }
  return (shown) => { for (const [value, show] of counts) show(shown.get(value) || 0); };
};
const present = (order, totals) => order.filter((name) => totals.has(name));
const showTypes = toggles("types", typeTotals, present(Object.keys(looks.types), typeTotals).map((type) => [type, type, symbolOf(type)]));
const showRelations = toggles("relations", relationTotals, present(Object.keys(looks.relations), relationTotals)
  .map((name) => [name, looks.relations[name].label, strokeOf(looks.relations[name].line, looks.relations[name].colour)]));
const showRoles = toggles("roles", roleTotals, [...roleTotals.keys()].sort((a, b) => (a === BETWEEN_THINGS) - (b === BETWEEN_THINGS) || roleTotals.get(b) - roleTotals.get(a)).map((role) => [role, role, null]));

const BOUNDS = ["papers", "degree", "confidence", "belief"];
for (const name of BOUNDS) element(name).addEventListener("input", (event) => {
  const { min, max, value } = event.target;
  change({ [name]: Math.min(Math.max(Number(value) || Number(min), Number(min)), Number(max)) }, "here");
});
for (const source of [...sourceTotals.keys()].sort()) element("source").append(make("option", `${short(source, 100)} (${plural(sourceTotals.get(source), "paper")})`, { value: source }));
element("source").closest("label").hidden = sourceTotals.size < 2;
element("source").addEventListener("change", (event) => change({ source: event.target.value }, "here"));
element("everything").addEventListener("click", () => change({ ...OPEN_FILTERS, depth: 0, goal: null, opened: [] }));
element("first-view").addEventListener("click", () => change({ ...FIRST_STATE, tab: state.tab }));

/** The words under the title: what is seen of how much, by which rule, and what the page itself left out. */
const summary = () => {
  const seen = `Showing ${grouped(scene.nodes.size)} of ${plural(nodes.length, "node")}, ${grouped(scene.edges.length)} of ${plural(edges.length, "statement")}`;
  return `${seen}${scene.rule ? `: ${scene.rule}` : ""}.`;
};
const partSummary = () => (part
  ? ` This page holds ${grouped(nodes.length)} of ${grouped(part.nodes)} nodes, ${grouped(edges.length)} of ${grouped(part.statements)} statements: ${part.rule}.`
  : "");
const showLegend = () => {
  showTypes(countBy([...scene.nodes], (node) => node.type));
  showRelations(countBy(scene.edges, (edge) => edge.relation));
  showRoles(countBy(scene.edges, roleOf));
  for (const name of [...BOUNDS, "source"]) if (element(name).value !== String(state[name])) element(name).value = state[name];
  for (const name of ["confidence", "belief"]) element(`${name}-now`).textContent = Number(state[name]).toFixed(2);
  element("first-view").hidden = !isFiltered() && !state.node && !state.opened.length;
  element("everything").hidden = scene.nodes.size === nodes.length && scene.edges.length === edges.length;
  element("shown").textContent = summary();
  element("part").textContent = partSummary();
};
