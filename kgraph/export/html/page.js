"use strict";
// The page at work: each change of the state is shown in the drawing, the legend, the panel, the table and the address.

const SCENE = ["node", "goal", "depth", "opened", ...FILTERS];
const differs = (names, at, before) => names.some((name) => at[name] !== before[name]);
const isMoved = (was) => was.kind !== scene.kind || scene.places !== null || was.places !== null;

let isStale = false; // whether the scene changed while another tab hid the drawing

const showView = (isFitted) => {
  const { clientWidth } = element("network");
  if (!clientWidth) return; // hidden: what is missed is made up for when the drawing is seen again
  if (state.view) network.moveTo({ position: { x: state.view[0], y: state.view[1] }, scale: state.view[2], animation: false });
  else if (isFitted) fitScene();
};
/** Brings the chosen node into the middle if it is out of sight. */
const bringIntoSight = (node) => {
  const { x, y } = network.canvasToDOM({ x: node.x, y: node.y }), { clientWidth, clientHeight } = canvas;
  if (x > 40 && y > 40 && x < clientWidth - 40 && y < clientHeight - 40) return;
  network.moveTo({ position: { x: node.x, y: node.y }, animation: false });
};
const show = (at, before) => {
  const was = scene;
  if (differs(SCENE, at, before)) {
    scene = sceneOf(at);
    const moved = isMoved(was), isFitted = moved || differs(FILTERS, at, before) || scene.nodes.size < was.nodes.size / 2;
    if (isFitted && at.view === before.view) state = Object.freeze({ ...state, view: null });
    const restUnit = unit;
    if (isFitted) showView(true);
    if (at.tab === "drawing") drawScene(moved || unit !== restUnit);
    else isStale = true;
    if (!isFitted && at.node && scene.kind === "all") bringIntoSight(at.node);
    showLegend();
  } else redraw();
  if (differs(["node", "edge", "goal", "depth", "opened"], at, before) || scene.kind === "path") showCard();
  showTab();
  if (isStale && at.tab === "drawing") {
    isStale = false;
    showView(true);
    drawScene(true);
  }
  if (differs([...SCENE, "tab", "all"], at, before)) fillTable();
};
onChange(show);
onChange((_, before, keep) => keepInAddress(state, before, keep));

const things = nodes.filter((node) => !node.isPaper).length;
element("holds").textContent = `${plural(nodes.length - things, "paper")} · ${plural(things, "thing")} · ${plural(edges.length, "statement")}`;
offerNodes(element("search"), element("found"), (node) => { change({ node, edge: null, goal: null, opened: state.depth ? [] : state.opened }); goToCard(); });
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  event.preventDefault();
  element("search").focus();
});
element("zoom-in").addEventListener("click", () => { network.moveTo({ scale: network.getScale() * 1.4 }); keepView(); });
element("zoom-out").addEventListener("click", () => { network.moveTo({ scale: network.getScale() / 1.4 }); keepView(); });
element("zoom-all").addEventListener("click", () => { change({ view: null }, "here"); fitScene(); drawScene(true); });
/** Fits the drawing to the room it has got; a view that the reader chose keeps its middle and its zoom. */
const takeRoom = () => {
  const { clientWidth, clientHeight } = element("network");
  if (!clientWidth || (clientWidth === canvas.clientWidth && clientHeight === canvas.clientHeight)) return;
  const restUnit = unit;
  network.setSize("100%", "100%");
  network.redraw();
  showView(true);
  if (unit !== restUnit) drawScene(true);
};
new ResizeObserver(takeRoom).observe(element("network"));
darkness.addEventListener("change", () => drawScene(true));
for (const id of ["filters", "keep"]) element(id).addEventListener("keydown", (event) => { if (event.key === "Escape" && id === "keep") element(id).open = false; });
if (matchMedia("(max-width: 900px)").matches) element("filters").open = false;

const began = fromFragment(location.hash);
state = Object.freeze(began);
scene = sceneOf(state);
history.replaceState({ step: stepNow() }, "");
lastStep = stepNow();
showTab();
showLegend();
showCard();
beginDrawing();
takeRoom();
showView(false);
fillTable();
showSteps();
