"use strict";
// Names in the drawing: the weightier first, and none over another, at every zoom.

const CELL = 64;
/** Boxes on the screen, found again by the cells they touch. */
class Boxes {
  cells = new Map();
  near(box, visit) {
    for (let x = Math.floor(box.left / CELL); x <= Math.floor(box.right / CELL); x++) {
      for (let y = Math.floor(box.top / CELL); y <= Math.floor(box.bottom / CELL); y++) {
        if (visit(`${x} ${y}`)) return true;
      }
    }
    return false;
  }
  add(box) {
    this.near(box, (cell) => { this.cells.set(cell, [...(this.cells.get(cell) || []), box]); return false; });
  }
  /** Whether nothing stands there but nodes lighter than the given weight. */
  isFree(box, weight = 0) {
    return !this.near(box, (cell) => (this.cells.get(cell) || []).some((other) => other.owner !== box.owner && !(other.weight < weight)
      && box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom));
  }
}

const widths = new Map();
const widthOf = (ctx, text) => {
  const key = `${ctx.font} ${text}`;
  if (!widths.has(key)) widths.set(key, ctx.measureText(text).width);
  return widths.get(key);
};
const LETTERS = 'system-ui, -apple-system, "Segoe UI", sans-serif';
const labelSize = (node) => (node.isPaper ? 11 : Math.min(11 + Math.sqrt(node.papers) * 0.9, 17));
/** A name on one line, without signs that would turn its direction or its neighbours'. */
const oneLine = (text) => text.slice(0, 200).replace(/[\u0000-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, " ");
const shownName = (node, isChosen) => short(oneLine(node.name), isChosen ? 60 : node.isPaper ? 34 : 30);

/** The places beside a node where its name may stand, the best first; in rings, names lead outwards. */
const boxesAround = (node, { x, y }, far, width, height) => {
  const box = (left, top) => ({ left, top, right: left + width, bottom: top + height, owner: node });
  const below = box(x - width / 2, y + far), above = box(x - width / 2, y - far - height);
  const right = box(x + far, y - height / 2), left = box(x - far - width, y - height / 2);
  const place = scene.kind === "focus" && scene.places ? scene.places.get(node) : null;
  if (place && (place[0] || place[1])) return place[0] >= 0 ? [right, below, above] : [left, below, above];
  return [below, right, above, left];
};

const boxOf = (node, { x, y }, far) => ({ left: x - far, right: x + far, top: y - far, bottom: y + far, owner: node, weight: node.weight });
/** The box moved sideways as far as it takes to stand within the width. */
const within = (box, width) => {
  const aside = Math.max(3 - box.left, Math.min(0, width - 3 - box.right));
  return { ...box, left: box.left + aside, right: box.right + aside };
};

const candidates = (width, height) => {
  const most = Math.max(16, Math.round((width * height) / 11000));
  if (standsOut && scene.kind === "all") return { list: byWeight.filter((node) => standsOut.nodes.has(node)), most: most * 2 };
  if (scene.kind !== "all") return { list: byWeight.filter((node) => scene.nodes.has(node)), most: most * 3 };
  return { list: byWeight.filter((node) => scene.nodes.has(node)), most };
};

const drawName = (ctx, node, text, box, size) => {
  ctx.strokeStyle = ink().ground;
  ctx.fillStyle = node.isPaper && node !== state.node ? ink().edge : ink().text;
  ctx.lineWidth = 4;
  ctx.strokeText(text, box.left, box.top + size);
  ctx.fillText(text, box.left, box.top + size);
};

/** Names by weight, the chosen and pointed-at ones first, each where it covers no other name and no weightier node. */
const drawLabels = (ctx, width, height, at, radius) => {
  const { list, most } = candidates(width, height), taken = new Boxes();
  for (const node of list.slice(0, 400)) if (radius(node) > 4.5) taken.add(boxOf(node, at(node), radius(node) - 1));
  const first = [hovered, state.node, state.goal].filter((node) => node && scene.nodes.has(node));
  let drawn = 0;
  ctx.lineJoin = "round";
  ctx.setLineDash([]);
  ctx.textBaseline = "alphabetic";
  for (const node of [...new Set([...first, ...list])]) {
    if (drawn >= most) break;
    const place = at(node), far = radius(node) + 2;
    if (place.x < 0 || place.y < 0 || place.x > width || place.y > height) continue;
    const isFirst = first.includes(node);
    if (node.isPaper && !isFirst && !standsOut && scene.kind === "all" && far < 9) continue;
    const size = isFirst ? 15 : labelSize(node);
    ctx.font = `${isFirst || node.papers > 9 ? 600 : 400} ${size}px ${LETTERS}`;
    const text = shownName(node, isFirst), boxes = boxesAround(node, place, far, widthOf(ctx, text), size * 1.25);
    const isWhole = (one) => one.left >= 2 && one.right <= width - 2 && one.top >= 0 && one.bottom <= height;
    const box = boxes.find((one) => isWhole(one) && taken.isFree(one)) || boxes.find((one) => isWhole(one) && taken.isFree(one, node.weight * 0.7)) || (isFirst ? boxes.find(isWhole) || within(boxes[0], width) : null);
    if (!box) continue;
    taken.add(box);
    drawName(ctx, node, text, box, size);
    drawn++;
  }
  if (standsOut && (scene.kind === "path" || state.edge)) drawRelationNames(ctx, at, taken);
};

const drawRelationNames = (ctx, at, taken) => {
  const size = 12;
  ctx.font = `italic 400 ${size}px ${LETTERS}`;
  for (const edge of standsOut.edges) {
    const [a, bend, b] = lineOf(edge, at), text = relationOf(edge).label, width = widthOf(ctx, text);
    const x = (a.x + 2 * bend.x + b.x) / 4, y = (a.y + 2 * bend.y + b.y) / 4;
    const box = { left: x - width / 2, right: x + width / 2, top: y - size / 2, bottom: y + size, owner: edge };
    if (!taken.isFree(box)) continue;
    taken.add(box);
    drawName(ctx, edge, text, box, size);
  }
};
