"use strict";
// Steps from node to node, whichever way a statement points.

const neighbourhoods = (open) => {
  const near = new Map();
  for (const edge of open) {
    for (const node of [edge.head, edge.tail]) {
      if (!near.has(node)) near.set(node, []);
      near.get(node).push(otherEnd(edge, node));
    }
  }
  return near;
};

/** The nodes within `depth` steps of a node, each with the number of steps and the node one step nearer. */
const reachable = (from, depth, near, isGoal = () => false) => {
  const found = new Map([[from, { steps: 0, before: null }]]);
  for (const node of found.keys()) { // a map yields what is added while it is read
    const { steps } = found.get(node);
    if (steps === depth) break;
    for (const next of near.get(node) || []) {
      if (!found.has(next)) found.set(next, { steps: steps + 1, before: node });
      if (isGoal(next)) return found;
    }
  }
  return found;
};

/** A shortest path as a list of nodes, both ends included; null where there is none. */
const shortestPath = (from, to, open) => {
  const found = reachable(from, Infinity, neighbourhoods(open), (node) => node === to);
  if (!found.has(to)) return null;
  const path = [];
  for (let node = to; node; node = found.get(node).before) path.unshift(node);
  return path;
};
