"use strict";
// Which nodes and statements the filters leave.

/** Whether a statement is let through: by its relation, role and belief, and by one of its sentences' paper and confidence. */
const passes = (edge, at) =>
  !at.relations.includes(edge.relation) && !at.roles.includes(roleOf(edge)) && edge.belief >= at.belief
  && !at.types.includes(edge.head.type) && !at.types.includes(edge.tail.type)
  && edge.evidence.some(([paper, , , , confidence]) => confidence >= at.confidence && (!at.source || isListedIn(nodes[paper], at.source)));

/** Whether filters let only some statements through, so that a node left without any is of no interest. */
const narrowsStatements = (at) =>
  at.relations.length > 0 || at.roles.length > 0 || at.source !== "" || at.confidence > 0 || at.belief > 0;

const isOwn = (node, at) =>
  !at.types.includes(node.type) && node.degree >= at.degree
  && (node.isPaper ? !at.source || isListedIn(node, at.source) : node.papers >= at.papers);

const between = (list, kept) => list.filter((edge) => kept.has(edge.head) && kept.has(edge.tail));

/** Papers that connect fewer than two of the kept things: where things are filtered, they are loose ends. */
const looseEnds = (kept, open) => {
  const things = new Map();
  for (const edge of between(open, kept)) {
    for (const node of [edge.head, edge.tail]) {
      if (node.isPaper) things.set(node, (things.get(node) || new Set()).add(otherEnd(edge, node)));
    }
  }
  return [...kept].filter((node) => node.isPaper && (things.get(node)?.size || 0) < 2);
};

/** What the filters leave, the chosen and opened nodes with their neighbours besides: `{nodes, edges}`, nodes as a set. */
const filtered = (at) => {
  const open = edges.filter((edge) => passes(edge, at));
  const roots = new Set([at.node, ...at.opened].filter(Boolean));
  const revealed = new Set(roots);
  for (const edge of open) {
    if (roots.has(edge.head)) revealed.add(edge.tail);
    if (roots.has(edge.tail)) revealed.add(edge.head);
  }
  const kept = new Set(nodes.filter((node) => revealed.has(node) || isOwn(node, at)));
  if (at.papers > 1) for (const node of looseEnds(kept, open)) if (!revealed.has(node)) kept.delete(node);
  const left = between(open, kept);
  if (narrowsStatements(at)) {
    const stated = new Set(left.flatMap((edge) => [edge.head, edge.tail]));
    for (const node of kept) if (node.degree && !stated.has(node) && !roots.has(node)) kept.delete(node);
  }
  return { nodes: kept, edges: left };
};
