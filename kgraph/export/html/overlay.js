"use strict";
// What is drawn over vis-network's picture, in pixels of the screen: a veil, then the chosen node's or statement's surroundings.

const DASHES = { solid: [], dashed: [7, 4], dotted: [2, 3] };
const outlines = {};
/** The outline of a shape about (0, 0), 9 pixels wide each way: the same that the legend shows. */
const outline = (shape) => {
  if (!outlines[shape]) {
    const symbol = element(`shape-${shape}`) || element("shape-dot");
    outlines[shape] = new Path2D(symbol.getAttribute("d"));
  }
  return outlines[shape];
};
const darkness = matchMedia("(prefers-color-scheme: dark)");
const ink = () => (darkness.matches
  ? { text: "#eef0f4", ground: "#14161a", veil: "rgba(20,22,26,.8)", edge: "#8b93a1" }
  : { text: "#16181d", ground: "#ffffff", veil: "rgba(255,255,255,.8)", edge: "#7b8391" });

/** What stands out from the rest, null if nothing does: `{nodes, edges}`. */
const highlighted = () => {
  if (state.edge) return { nodes: new Set([state.edge.head, state.edge.tail]), edges: [state.edge] };
  if (scene.kind === "path") return { nodes: scene.nodes, edges: scene.edges };
  if (!state.node) return null;
  const touching = state.node.edges.filter((edge) => shownEdges.has(edge));
  return { nodes: new Set([state.node, ...touching.flatMap((edge) => [edge.head, edge.tail])]), edges: touching };
};
let shownEdges = new Set();
let standsOut = null;

/** The points of a statement's line: start, bend, end. Statements that share their ends bend apart. */
const lineOf = (edge, at) => {
  const [a, b] = [at(edge.head), at(edge.tail)], bend = bendOf(edge);
  const sign = edge.head.number < edge.tail.number ? 1 : -1;
  return [a, { x: (a.x + b.x) / 2 + sign * bend * (a.y - b.y), y: (a.y + b.y) / 2 + sign * bend * (b.x - a.x) }, b];
};
const twins = countBy(edges, (edge) => Math.min(edge.from, edge.to) * nodes.length + Math.max(edge.from, edge.to));
const twinOrder = new Map();
for (const edge of edges) {
  const pair = Math.min(edge.from, edge.to) * nodes.length + Math.max(edge.from, edge.to);
  edge.twins = twins.get(pair);
  edge.twin = twinOrder.get(pair) || 0;
  twinOrder.set(pair, edge.twin + 1);
}
const bendOf = (edge) => (edge.twins > 1 ? 0.25 * (edge.twin - (edge.twins - 1) / 2) : 0);

const drawArrow = (ctx, from, to, gap) => {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  ctx.save();
  ctx.translate(to.x - gap * Math.cos(angle), to.y - gap * Math.sin(angle));
  ctx.rotate(angle);
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(0, 0);
  ctx.lineTo(-9, 4);
  ctx.lineTo(-9, -4);
  ctx.fill();
  ctx.restore();
};
const drawEdge = (ctx, edge, at, radius) => {
  const [a, bend, b] = lineOf(edge, at), look = relationOf(edge);
  ctx.strokeStyle = ctx.fillStyle = look.colour;
  ctx.lineWidth = edge === state.edge ? 3.5 : 1.6;
  ctx.setLineDash(DASHES[look.line] || []);
  ctx.beginPath();
  ctx.moveTo(a.x, a.y);
  ctx.quadraticCurveTo(bend.x, bend.y, b.x, b.y);
  ctx.stroke();
  drawArrow(ctx, bend, b, radius(edge.tail) + 2);
};
const drawNode = (ctx, node, at, radius) => {
  const { x, y } = at(node), size = radius(node) / 9, isChosen = node === state.node || node === state.goal;
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(size, size);
  ctx.setLineDash([]);
  if (isChosen) {
    ctx.lineWidth = 7 / size;
    ctx.strokeStyle = ink().text;
    ctx.stroke(outline(looks.types[node.type].shape));
  }
  ctx.lineWidth = 3 / size;
  ctx.strokeStyle = ink().ground;
  ctx.stroke(outline(looks.types[node.type].shape));
  ctx.fillStyle = looks.types[node.type].colour;
  ctx.fill(outline(looks.types[node.type].shape));
  ctx.restore();
};

/** Draws over the picture; `at` and `radius` give a node's place and size in pixels. */
const drawOverlay = (ctx, width, height, at, radius) => {
  if (standsOut) {
    if (scene.kind === "all") {
      ctx.fillStyle = ink().veil;
      ctx.fillRect(0, 0, width, height);
    }
    for (const edge of standsOut.edges) drawEdge(ctx, edge, at, radius);
    for (const node of standsOut.nodes) if (shownEdges.size === 0 || scene.nodes.has(node)) drawNode(ctx, node, at, radius);
  }
  drawLabels(ctx, width, height, at, radius);
};
