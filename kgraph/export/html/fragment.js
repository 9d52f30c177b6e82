"use strict";
// The state as the address's fragment, which works from disk, and back. Nothing in a fragment is trusted: what is unknown is left out.

const inList = (text, isKnown) => [...new Set(text.split(",").map(decodePart).filter(isKnown))].sort();
const decodePart = (text) => {
  try { return decodeURIComponent(text); } catch { return ""; }
};
const numberIn = (text, least, most) => (/^\d+(\.\d+)?$/.test(text) ? Math.min(Math.max(Number(text), least), most) : null);
const viewIn = (text) => {
  const numbers = text.split(",").map(Number);
  return numbers.length === 3 && numbers.every(Number.isFinite) && numbers[2] > 0 ? numbers : null;
};
const nodesIn = (text) => inList(text, (id) => nodeById.has(id)).map((id) => nodeById.get(id));
const listOf = (all) => all.map((one) => encodeURIComponent(one)).join(",");
const ids = (some) => listOf(some.map((node) => node.id));
/** For each part of the state its text in the address and the value of such a text, undefined or null for one that says nothing. */
const PARTS = {
  node: [(node) => encodeURIComponent(node.id), (text) => nodeById.get(decodePart(text))],
  edge: [(edge) => encodeURIComponent(edge.key), (text) => edgeByKey.get(decodePart(text))],
  goal: [(node) => encodeURIComponent(node.id), (text) => nodeById.get(decodePart(text))],
  depth: [String, (text) => numberIn(text, 0, 3) && Math.round(numberIn(text, 0, 3))],
  opened: [ids, nodesIn],
  types: [listOf, (text) => inList(text, (one) => typeTotals.has(one))],
  relations: [listOf, (text) => inList(text, (one) => relationTotals.has(one))],
  roles: [listOf, (text) => inList(text, (one) => roleTotals.has(one))],
  source: [encodeURIComponent, (text) => (sourceTotals.has(decodePart(text)) ? decodePart(text) : null)],
  confidence: [String, (text) => numberIn(text, 0, 1)],
  belief: [String, (text) => numberIn(text, 0, 1)],
  degree: [String, (text) => numberIn(text, 0, 999)],
  papers: [String, (text) => numberIn(text, 1, 999)],
  tab: [String, (text) => (TABS.includes(text) ? text : null)],
  all: [() => "1", (text) => text === "1"],
  view: [(view) => view.join(","), viewIn],
};
const isFirst = (name, at) => String(at[name] ?? "") === String(FIRST_STATE[name] ?? "");
const toFragment = (at) => Object.keys(PARTS).filter((name) => !isFirst(name, at)).map((name) => `${name}=${PARTS[name][0](at[name])}`).join("&");
const fromFragment = (text) => {
  const read = {};
  for (const piece of text.replace(/^#/, "").split("&")) {
    const name = piece.split("=", 1)[0], value = piece.slice(name.length + 1);
    if (!Object.hasOwn(PARTS, name)) continue;
    const found = PARTS[name][1](value);
    if (found !== undefined && found !== null) read[name] = found;
  }
  if (!read.node) { delete read.goal; delete read.depth; }
  return { ...FIRST_STATE, ...read };
};

// Back and forward are the browser's own; the number of the step tells at which end one stands.
let lastStep = 0;
const stepNow = () => history.state?.step || 0;
const address = (at) => `${location.href.split("#")[0]}#${toFragment(at)}`;
const showSteps = () => {
  element("back").disabled = stepNow() === 0;
  element("forward").disabled = stepNow() >= lastStep;
};
const keepInAddress = (at, before, how) => {
  if (how === "none") return showSteps();
  if (address(at) === location.href) return;
  if (how === "step") {
    lastStep = stepNow() + 1;
    history.pushState({ step: lastStep }, "", address(at));
  } else history.replaceState({ step: stepNow() }, "", address(at));
  showSteps();
};
element("back").addEventListener("click", () => history.back());
element("forward").addEventListener("click", () => history.forward());
window.addEventListener("popstate", () => change(fromFragment(location.hash), "none"));

let waiting = 0;
const keepView = () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const { x, y } = network.getViewPosition();
    state = Object.freeze({ ...state, view: [Math.round(x), Math.round(y), Number(network.getScale().toPrecision(4))] });
    keepInAddress(state, state, "here");
  }, 300);
};
network.on("zoom", keepView);
network.on("dragEnd", keepView);
