"use strict";
// What is shown for a state, where, and in which words: all that the filters leave, a neighbourhood in rings, or a path as a line.

const openTypes = (at) => edges.filter((edge) => passes(edge, at));
const RING = 260;

/** Nodes around the chosen one in rings, kin beside each other: each gets the place in the circle that its parent opens for it. */
const rings = (root, found) => {
  const children = new Map([...found.keys()].map((node) => [node, []]));
  for (const [node, { before }] of found) if (before) children.get(before).push(node);
  const kind = (node) => `${Object.keys(looks.types).indexOf(node.type)}`.padStart(4, "0") + (node.isPaper ? "" : node.name);
  const leaves = new Map();
  for (const node of [...found.keys()].reverse()) {
    children.get(node).sort((a, b) => (kind(a) < kind(b) ? -1 : 1));
    leaves.set(node, children.get(node).reduce((sum, child) => sum + leaves.get(child), 0) || 1);
  }
  const perRing = countBy([...found.values()], ({ steps }) => steps);
  const radius = [0];
  for (let steps = 1; perRing.has(steps); steps++) radius.push(Math.max(radius[steps - 1] + RING, (perRing.get(steps) * 40) / (2 * Math.PI)));
  const places = new Map([[root, [0, 0]]]);
  const spread = (node, start, width) => {
    let at = start;
    for (const child of children.get(node)) {
      const share = (width * leaves.get(child)) / leaves.get(node), angle = at + share / 2, far = radius[found.get(child).steps];
      places.set(child, [far * Math.cos(angle), far * Math.sin(angle)]);
      spread(child, at, share);
      at += share;
    }
  };
  spread(root, -Math.PI / 2, 2 * Math.PI);
  return places;
};

/** Rings as high as the screen has room for, with room for names on either side. */
const stretched = (places) => {
  const { clientWidth, clientHeight } = element("network");
  const share = Math.min(Math.max((clientHeight - 90) / (clientWidth - 330), 0.6), 1.5) || 1;
  return new Map([...places].map(([node, [x, y]]) => [node, [x, clientWidth > 600 ? y * share : y]]));
};

const focusScene = (at) => {
  const open = openTypes(at), near = neighbourhoods(open);
  const found = reachable(at.node, at.depth, near);
  for (const opened of at.opened) {
    for (const next of found.has(opened) ? near.get(opened) || [] : []) {
      if (!found.has(next)) found.set(next, { steps: found.get(opened).steps + 1, before: opened });
    }
  }
  const kept = new Set(found.keys());
  const places = kept.size <= 500 ? stretched(rings(at.node, found)) : null;
  const opened = at.opened.length ? `, ${plural(at.opened.length, "node")} opened` : "";
  return { kind: "focus", nodes: kept, edges: between(open, kept), places, rule: `within ${plural(at.depth, "step")} of ${short(at.node.name, 60)}${opened}` };
};

const pathScene = (at) => {
  const open = openTypes(at), path = shortestPath(at.node, at.goal, open);
  const ends = `between ${short(at.node.name, 40)} and ${short(at.goal.name, 40)}`;
  if (!path) return { kind: "path", path: [], nodes: new Set([at.node, at.goal]), edges: [], places: new Map([[at.node, [-150, 0]], [at.goal, [150, 0]]]), rule: `there is no path ${ends}` };
  const isTall = element("network").clientWidth < 600;
  const places = new Map(path.map((node, step) => (isTall ? [node, [step % 2 ? 60 : -60, step * 170]] : [node, [step * 250, step % 2 ? 80 : -80]])));
  const next = new Set(path.slice(1).flatMap((node, step) => [`${path[step].number} ${node.number}`, `${node.number} ${path[step].number}`]));
  const steps = open.filter((edge) => next.has(`${edge.from} ${edge.to}`));
  return { kind: "path", path, nodes: new Set(path), edges: steps, places, rule: `a shortest path ${ends}, ${plural(path.length - 1, "step")}` };
};

const ruleOf = (at) => {
  const words = [];
  if (at.papers > 1) words.push(`things named by at least ${at.papers} papers, and papers that connect two of them`);
  if (at.degree > 0) words.push(`at least ${plural(at.degree, "statement")} each`);
  if (at.source) words.push(`listed in ${short(at.source, 100)}`);
  if (at.confidence > 0) words.push(`confidence at least ${at.confidence}`);
  if (at.belief > 0) words.push(`belief at least ${at.belief}`);
  if (at.types.length + at.relations.length + at.roles.length) words.push("what the legend has switched on");
  if (words.length && (at.node || at.opened.length)) words.push("and all that is next to what you opened");
  return words.join("; ");
};
const sceneOf = (at) => {
  if (at.node && at.goal) return pathScene(at);
  if (at.node && at.depth) return focusScene(at);
  return { kind: "all", ...filtered(at), places: null, rule: ruleOf(at) };
};
let scene = sceneOf(state);
