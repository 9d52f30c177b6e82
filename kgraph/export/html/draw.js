"use strict";
// vis-network's picture of the scene: positions are given, physics is off, names and highlights are drawn over it.

const drawnNodes = new vis.DataSet(), drawnEdges = new vis.DataSet();
const network = new vis.Network(element("network"), {}, {
  autoResize: false, physics: { enabled: false }, layout: { improvedLayout: false },
  nodes: { chosen: false, borderWidth: 0.5 }, edges: { chosen: false, smooth: false, selectionWidth: 0, hoverWidth: 0 },
  interaction: {
    hideEdgesOnDrag: edges.length > 4000, hideEdgesOnZoom: edges.length > 4000, hover: nodes.length <= 6000, selectConnectedEdges: false,
    hoverConnectedEdges: false, keyboard: { enabled: true, bindToWindow: false }, tooltipDelay: 1e9, zoomSpeed: 0.6,
  },
});
const canvas = element("network").querySelector("canvas");
let hovered = null, unit = 1, places = new Map();

/** On a small screen things are drawn smaller. */
const roominess = () => Math.min(Math.max(Math.sqrt(element("network").clientWidth * element("network").clientHeight) / 800, 0.6), 1.15);
let room = 1;
/** A node's radius in pixels at the zoom at which all of the scene is seen. */
const radiusAtRest = (node) => {
  if (scene.kind === "path") return 14;
  if (scene.kind === "focus") return node === state.node ? 16 : node.isPaper ? 5 : Math.min(6 + Math.sqrt(node.papers), 13);
  return room * (node.isPaper ? 1.8 : Math.min(2.5 + 1.9 * Math.sqrt(node.papers), 17));
};
const placeOf = (node) => (scene.places && scene.places.get(node)) || [node.x, node.y];

/** Moves so that all of the scene is seen, and fixes the size of things on the screen. */
const fitScene = () => {
  const all = [...scene.nodes].map(placeOf), { clientWidth, clientHeight } = element("network");
  if (!all.length) return;
  const [left, right, top, bottom] = [[0, Math.min], [0, Math.max], [1, Math.min], [1, Math.max]]
    .map(([axis, pick]) => all.reduce((best, place) => pick(best, place[axis]), all[0][axis]));
  const [wide, high] = { all: [30, 30], focus: [Math.min(clientWidth / 4.5, 165), 45], path: [90, 60] }[scene.kind];
  const scale = Math.min(Math.max(clientWidth - 2 * wide, 80) / (right - left + 1), Math.max(clientHeight - 2 * high, 80) / (bottom - top + 1), 1.1);
  unit = 1 / scale;
  room = roominess();
  network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale, animation: false });
};

const nodeLook = (node) => {
  const { colour, shape } = looks.types[node.type], [x, y] = placeOf(node);
  return {
    id: node.number, x, y, shape, size: unit * radiusAtRest(node), opacity: node.isPaper && scene.kind === "all" ? 0.6 : 1,
    borderWidth: 0.6, color: { background: colour, border: ink().ground },
  };
};
let fade = 1;
const edgeLook = (edge) => ({
  id: edge.number, from: edge.from, to: edge.to, width: unit * 0.7,
  smooth: edge.twins > 1 ? { enabled: true, type: "curvedCW", roundness: bendOf(edge) * (edge.head.number < edge.tail.number ? 1 : -1) } : false,
  color: relationOf(edge).colour + hexOf(scene.kind === "all" ? (darkness.matches ? 0.3 : 0.22) * fade : 0.3),
});
/** An opacity as the last two digits of a colour. */
const hexOf = (opacity) => Math.round(255 * opacity).toString(16).padStart(2, "0");
/** The more statements are drawn, the fainter each, so that their lines never cover the things. */
const fadeFor = (count) => (count > 5000 ? 0.35 : count > 1000 ? 0.6 : 1);

/** Brings a data set to hold these items: those gone are removed, and only the new are added unless all look new. */
const bring = (data, items, lookOf, areAllNew) => {
  const wanted = new Set(items.map((item) => item.number));
  data.remove(data.getIds().filter((id) => !wanted.has(id)));
  const there = new Set(data.getIds());
  data.update(items.filter((item) => areAllNew || !there.has(item.number)).map(lookOf));
};
const fillScene = (areAllNew) => {
  shownEdges = new Set(scene.edges);
  standsOut = highlighted();
  bring(drawnNodes, [...scene.nodes], nodeLook, areAllNew);
  const before = fade;
  fade = fadeFor(scene.edges.length);
  bring(drawnEdges, scene.edges, edgeLook, areAllNew || fade !== before);
  if (areAllNew) places = new Map();
};
const drawScene = (areAllNew) => {
  fillScene(areAllNew);
  network.redraw();
};
/** Draws for the first time: vis-network is given everything at once, which spares it a picture for each part. */
const beginDrawing = () => {
  fitScene();
  fillScene(true);
  network.setData({ nodes: drawnNodes, edges: drawnEdges });
  fitScene(); // as it has moved to where it thinks fit
};
const redraw = () => {
  standsOut = highlighted();
  network.redraw();
};

network.on("afterDrawing", (ctx) => {
  const scale = network.getScale(), centre = network.getViewPosition(), { clientWidth, clientHeight } = canvas;
  const ratio = canvas.width / clientWidth;
  const at = (node) => {
    const [x, y] = places.get(node) || placeOf(node);
    return { x: (x - centre.x) * scale + clientWidth / 2, y: (y - centre.y) * scale + clientHeight / 2 };
  };
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawOverlay(ctx, clientWidth, clientHeight, at, (node) => Math.max(unit * radiusAtRest(node) * scale, node === state.node ? 7 : 2.5));
  ctx.restore();
});
const nodeUnder = (point) => nodes[network.getNodeAt(point) ?? -1];
const edgeUnder = (point) => edges[network.getEdgeAt(point) ?? -1];
network.on("click", ({ pointer }) => {
  const node = nodeUnder(pointer.DOM), edge = edgeUnder(pointer.DOM);
  if (node) chooseNode(node);
  else if (edge && (!standsOut || standsOut.edges.includes(edge))) chooseEdge(edge);
  else if (state.edge) change({ edge: null });
  else if (state.node && scene.kind === "all") chooseNode(null);
});
network.on("doubleClick", ({ pointer }) => {
  const node = nodeUnder(pointer.DOM);
  if (node) change({ opened: toggled(state.opened.map((one) => one.id), node.id).map((id) => nodeById.get(id)) });
});
network.on("dragging", ({ nodes: dragged }) => {
  for (const id of dragged) {
    const { x, y } = network.getPosition(id);
    places.set(nodes[id], [x, y]);
  }
});
network.on("hoverNode", ({ node }) => { hovered = nodes[node]; canvas.style.cursor = "pointer"; network.redraw(); });
network.on("blurNode", () => { hovered = null; canvas.style.cursor = ""; network.redraw(); });
