"use strict";
// What the page holds, read once from its blocks of data, and what follows from that alone.

const readBlock = (id) => JSON.parse(document.getElementById(`${id}-block`).textContent);
const [nodes, edges, texts, results, looks, part] = ["nodes", "edges", "texts", "results", "looks", "part"].map(readBlock);

nodes.forEach((node, number) => {
  Object.assign(node, { number, edges: [], results: [], also: node.also || [], listings: node.listings || [] });
  node.isPaper = node.type === looks.paper;
});
edges.forEach((edge, number) => {
  Object.assign(edge, { number, head: nodes[edge.from], tail: nodes[edge.to] });
  edge.key = `${edge.head.id} ${edge.relation} ${edge.tail.id}`;
  edge.support = new Set(edge.evidence.map(([paper]) => paper)).size;
  edge.head.edges.push(edge);
  if (edge.tail !== edge.head) edge.tail.edges.push(edge);
});
for (const result of results) {
  for (const number of new Set([result.of, result.on, result.by])) if (number >= 0) nodes[number].results.push(result);
}
const otherEnd = (edge, node) => (edge.head === node ? edge.tail : edge.head);
for (const node of nodes) {
  node.degree = node.edges.length;
  node.papers = node.isPaper ? 0 : new Set(node.edges.flatMap((edge) => edge.evidence.map(([paper]) => paper))).size;
  node.weight = node.isPaper ? node.degree / 1000 : node.papers + node.degree / 1000;
}
const nodeById = new Map(nodes.map((node) => [node.id, node]));
const edgeByKey = new Map(edges.map((edge) => [edge.key, edge]));
const byWeight = [...nodes].sort((a, b) => b.weight - a.weight || a.number - b.number);
const relationOf = (edge) => looks.relations[edge.relation];
const BETWEEN_THINGS = "between things";
const roleOf = (edge) => relationOf(edge).role.replaceAll("_", " ") || BETWEEN_THINGS;

const countBy = (list, keyOf) => {
  const counts = new Map();
  for (const one of list) counts.set(keyOf(one), (counts.get(keyOf(one)) || 0) + 1);
  return counts;
};
const typeTotals = countBy(nodes, (node) => node.type);
const relationTotals = countBy(edges, (edge) => edge.relation);
const roleTotals = countBy(edges, roleOf);

/** The documents and dates in which papers are listed, as the values that the filter "listed in" takes. */
const sourceTotals = countBy(
  nodes.flatMap((node) => [...new Set(node.listings.flatMap(([file, , date]) => [`document ${file}`, ...(date ? [`date ${date}`] : [])]))]),
  (source) => source,
);
const isListedIn = (paper, source) =>
  paper !== undefined && paper.listings.some(([file, , date]) => source === `document ${file}` || (date && source === `date ${date}`));

/** The least number of papers naming a thing for which the first view stays readable. */
const calmPapers = (() => {
  const FEW = 130;
  if (nodes.length <= 2 * FEW) return 1;
  const named = nodes.filter((node) => !node.isPaper).map((node) => node.papers).sort((a, b) => b - a);
  const limit = (named[FEW] || 0) + 1;
  return named[0] >= limit ? limit : 1;
})();

const codePoints = new Map();
/** The sentence of a piece of evidence: offsets count code points, as they do where the text was read. */
const sentenceOf = ([paper, start, end]) => {
  if (texts[paper] === undefined) return "";
  if (!codePoints.has(paper)) codePoints.set(paper, Array.from(texts[paper]));
  return codePoints.get(paper).slice(start, end).join("");
};

const element = (id) => document.getElementById(id);
/** An element with text (never HTML), attributes and children. */
const make = (tag, text = "", attributes = {}, ...children) => {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};
const button = (text, act, attributes = {}) => {
  const made = make("button", text, { type: "button", ...attributes });
  made.addEventListener("click", act);
  return made;
};
/** A count with a comma before each three digits; the language's own way takes a while to be loaded. */
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
const plural = (count, word) => `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;
const short = (text, length) => (text.length > length ? `${Array.from(text.slice(0, 2 * length)).slice(0, length - 1).join("")}…` : text);
