"use strict";
// The side panel: what is said of the chosen node or statement, each saying with its sentence; else what the graph holds.

const MOST = 25;
const nodeButton = (node, act = () => { chooseNode(node); goToCard(); }) => {
  const made = button("", act, { class: "name" });
  made.append(symbolOf(node.type), make("span", short(node.name, 300)));
  return made;
};
const goToCard = () => { element("panel").scrollTop = 0; element("card").querySelector("h2")?.focus(); };
const heading = (text) => make("h2", short(text, 1000), { tabindex: "-1" });

/** A list that shows some and gives the rest on demand. */
const longList = (all, rowOf) => {
  const list = make("ul");
  const more = (from) => {
    list.append(...all.slice(from, from + MOST).map(rowOf));
    if (all.length <= from + MOST) return;
    const row = make("li", "", {}, button(`${all.length - from - MOST} more`, () => { row.remove(); more(from + MOST); list.children[from + MOST].querySelector("button").focus(); }));
    list.append(row);
  };
  more(0);
  return list;
};

const SCHEMES = { arxiv: "https://arxiv.org/abs/", doi: "https://doi.org/" };
/** Addresses outside: of the paper's identifier, or the node's own name; nothing that is no web address. */
const addresses = (node) => {
  const [scheme, ...code] = (node.code || "").split(":");
  const found = Object.hasOwn(SCHEMES, scheme) ? [SCHEMES[scheme] + encodeURI(code.join(":"))] : [];
  return [...found, node.name].filter((text) => /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text) && text.length < 2000);
};

const best = (edge) => edge.evidence.reduce((a, b) => (b[4] > a[4] ? b : a));
const statementRow = (edge, node) => {
  const other = otherEnd(edge, node), said = best(edge), papers = edge.support > 1 ? ` · ${edge.support} papers` : "";
  const row = make("li", "", {}, nodeButton(other));
  row.append(button(`${plural(edge.evidence.length, "sentence")}${papers} · belief ${edge.belief}`, () => { chooseEdge(edge); goToCard(); },
    { class: "why", "aria-label": `Evidence: ${short(edge.head.name, 80)} ${relationOf(edge).label} ${short(edge.tail.name, 80)}` }));
  row.append(quotation(said, [edge.head, edge.tail]));
  return row;
};
const groupTitle = (edge, node) => {
  const { label, role } = relationOf(edge);
  const said = role && role !== label ? ` (role ${role.replaceAll("_", " ")})` : "";
  return edge.head === node ? `${label}${said}` : `← ${label}${said}`;
};

/** Kin by family relations: what the node is a form or part of, upwards to the top, and its own forms and parts. */
const family = (node) => {
  const kin = (one, isUp) => one.edges.filter((edge) => relationOf(edge).family && (isUp ? edge.head : edge.tail) === one);
  const up = [];
  for (let at = node; at; ) {
    const next = kin(at, true).map((edge) => edge.tail).find((one) => one !== node && !up.includes(one));
    if (next) up.push(next);
    at = next;
  }
  const down = [...new Set(kin(node, false).map((edge) => edge.head))].sort((a, b) => b.weight - a.weight);
  const apart = (node.apart || []).map((id) => nodeById.get(id)).filter(Boolean);
  const line = (title, some) => make("p", `${title} `, { class: "kin" }, ...some.flatMap((one, place) => (place ? [" ", nodeButton(one)] : [nodeButton(one)])));
  const lines = [];
  if (up.length) lines.push(line("belongs to", up));
  else if (node.broader) lines.push(make("p", `belongs to ${short(node.broader, 200)}`, { class: "kin" }));
  if (down.length) lines.push(line("has", down.slice(0, MOST)));
  if (apart.length) lines.push(line("not the same as", apart));
  return lines.length ? [make("h3", "Family"), ...lines] : [];
};

const resultRow = (result, node) => {
  const parts = [["of", result.of], ["on", result.on], ["by", result.by]].filter(([, number]) => number >= 0 && nodes[number] !== node);
  const row = make("li", "", {}, make("b", short(result.value, 100)), ` ${result.kind === "absolute" ? "" : short(result.kind, 30)} `);
  for (const [word, number] of parts) row.append(`${word} `, nodeButton(nodes[number]), " ");
  row.append(quotation(result.evidence[0], [result.of, result.on, result.by].filter((number) => number >= 0).map((number) => nodes[number])));
  row.append(sourceLine(result.evidence[0], nodes[result.evidence[0][0]] !== node));
  return row;
};

const tools = (node) => {
  const depth = make("div", "", { class: "steps", role: "group", "aria-label": "Show around it" });
  for (const [steps, text] of [[0, "in the whole"], [1, "1 step"], [2, "2 steps"], [3, "3 steps"]]) {
    depth.append(button(text, () => change({ depth: steps, goal: null, opened: [] }), { "aria-pressed": String(state.depth === steps && !state.goal) }));
  }
  const isOpen = state.opened.includes(node);
  depth.append(button("open", () => change({ opened: isOpen ? without(state.opened, node) : [...state.opened, node] }), { "aria-pressed": String(isOpen), title: "Keep its neighbours in view (double click)" }));
  const input = make("input", "", { type: "text", id: "goal", placeholder: "Path from here to …", "aria-label": "Shortest path from here to" });
  const list = make("ul", "", { id: "goals", role: "listbox", class: "offer", "aria-label": "Path to" });
  offerNodes(input, list, (goal) => { change({ goal, edge: null }); goToCard(); });
  return make("div", "", { class: "tools" }, depth, make("div", "", { class: "box" }, input, list));
};

const nodeCard = (node) => {
  const card = [heading(node.name), make("p", "", { class: "kind" }, symbolOf(node.type), `${node.type} · ${plural(node.degree, "statement")}${node.isPaper ? "" : ` · ${plural(node.papers, "paper")}`}`)];
  const also = spellingsToShow(node);
  if (also.length) card.push(make("p", `also written ${short(also.join(", "), 600)}`, { class: "kind" }));
  if (node.better) card.push(make("p", `${short(node.better, 50)} is better`, { class: "kind" }));
  for (const url of addresses(node)) card.push(make("p", "", { class: "kind" }, make("a", url, { href: url, rel: "noopener noreferrer", target: "_blank" })));
  for (const [file, line, date] of node.listings) card.push(make("p", `listed in ${short(file, 300)}, line ${line}${date ? `, ${short(date, 100)}` : ""}`, { class: "kind" }));
  for (const note of node.notes || []) card.push(make("p", `decided: ${short(note, 500)}`, { class: "kind" }));
  card.push(tools(node), ...family(node));
  if (node.results.length) card.push(make("h3", `numbers (${node.results.length})`), longList(node.results, (result) => resultRow(result, node)));
  const order = Object.keys(looks.relations), groups = new Map();
  const sorted = [...node.edges].sort((a, b) => order.indexOf(a.relation) - order.indexOf(b.relation) || otherEnd(b, node).weight - otherEnd(a, node).weight);
  for (const edge of sorted) groups.set(groupTitle(edge, node), [...(groups.get(groupTitle(edge, node)) || []), edge]);
  for (const [title, group] of groups) card.push(make("h3", `${title} (${group.length})`), longList(group, (edge) => statementRow(edge, node)));
  if (node.isPaper && texts[node.number]) card.push(make("details", "", {}, make("summary", "The abstract"), make("p", texts[node.number])));
  return card;
};

const evidenceRow = (said, edge) => make("li", "", {}, quotation(said, [edge.head, edge.tail]), sourceLine(said, nodes[said[0]] !== edge.head));
const edgeCard = (edge) => {
  const { label, role, line, colour } = relationOf(edge);
  const rest = `belief ${edge.belief} · ${plural(edge.support, "paper")}${role ? ` · role ${role.replaceAll("_", " ")}` : ""}`;
  const title = heading(`${short(edge.head.name, 200)} — ${label} — ${short(edge.tail.name, 200)}`);
  return [
    ...(state.node ? [button(`‹ ${short(state.node.name, 60)}`, () => { change({ edge: null }); goToCard(); }, { class: "back" })] : []),
    title, make("p", "", { class: "kind" }, strokeOf(line, colour), rest), make("p", "", {}, nodeButton(edge.head)), make("p", "", {}, nodeButton(edge.tail)),
    make("h3", `said in ${plural(edge.evidence.length, "sentence")}`), longList(edge.evidence, (said) => evidenceRow(said, edge)),
  ];
};

const pathCard = () => {
  const card = [button("‹ leave the path", () => { change({ goal: null }); goToCard(); }, { class: "back" })];
  if (!scene.path.length) return [heading("No path"), ...card, make("p", `No statements that the filters let through lead from ${short(state.node.name, 200)} to ${short(state.goal.name, 200)}.`)];
  const steps = scene.path.slice(1).flatMap((node, place) => {
    const before = scene.path[place];
    return scene.edges.filter((edge) => otherEnd(edge, before) === node && (edge.head === before || edge.tail === before)).map((edge) =>
      make("li", "", {}, nodeButton(edge.head), ` ${relationOf(edge).label} `, nodeButton(edge.tail), " ",
        button(plural(edge.evidence.length, "sentence"), () => { chooseEdge(edge); goToCard(); }, { class: "why", "aria-label": `Evidence: ${short(edge.head.name, 80)} ${relationOf(edge).label} ${short(edge.tail.name, 80)}` }), quotation(best(edge), [edge.head, edge.tail])));
  });
  return [heading(`${plural(scene.path.length - 1, "step")} from ${short(state.node.name, 120)} to ${short(state.goal.name, 120)}`), ...card, make("ol", "", { class: "plain" }, ...steps)];
};

/** With nothing chosen: the most named things of each type, as a way in. */
const overviewCard = () => {
  const card = [heading("Where to begin"), make("p", "Search for a name, pick one below, or click in the drawing. Every statement leads to the sentence that says it.", { class: "kind" })];
  for (const type of Object.keys(looks.types)) {
    const top = byWeight.filter((node) => node.type === type && !node.isPaper && node.papers > 1).slice(0, 5);
    if (top.length) card.push(make("h3", type), make("ul", "", { class: "begin" }, ...top.map((node) => make("li", "", {}, nodeButton(node), make("small", plural(node.papers, "paper"))))));
  }
  return card;
};
const showCard = () => {
  const card = state.edge ? edgeCard(state.edge) : state.node && state.goal ? pathCard() : state.node ? nodeCard(state.node) : overviewCard();
  element("card").replaceChildren(...card);
};
