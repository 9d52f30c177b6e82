"use strict";
// What the reader has chosen. One value, never changed in place: all that is shown follows from it, and the address keeps it.

const FIRST_STATE = Object.freeze({
  node: null, edge: null, depth: 0, opened: [], goal: null,
  types: [], relations: [], roles: [], source: "", confidence: 0, belief: 0, degree: 0, papers: calmPapers,
  tab: "drawing", all: false, view: null,
});
const FILTERS = ["types", "relations", "roles", "source", "confidence", "belief", "degree", "papers"];
let state = FIRST_STATE;
const watchers = [];
const onChange = (act) => watchers.push(act);

/** Takes the patch into the state and shows it. `keep` says how the address takes it: a step to go back to, or in place. */
const change = (patch, keep = "step") => {
  const before = state;
  state = Object.freeze({ ...state, ...patch });
  for (const watch of watchers) watch(state, before, keep);
};
const chooseNode = (node) => change({ node, edge: null, goal: null, opened: state.depth ? [] : state.opened });
const chooseEdge = (edge) => change({ edge });
const without = (list, one) => list.filter((other) => other !== one);
const toggled = (list, one) => (list.includes(one) ? without(list, one) : [...list, one].sort());
const isFiltered = () => FILTERS.some((name) => String(state[name]) !== String(FIRST_STATE[name]));
const OPEN_FILTERS = Object.freeze({ types: [], relations: [], roles: [], source: "", confidence: 0, belief: 0, degree: 0, papers: 1 });
