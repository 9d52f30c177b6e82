"use strict";
// What is shown as files: a picture, tables, JSON; and the address to share.

const save = (name, content) => {
  const url = URL.createObjectURL(content), anchor = make("a", "", { href: url, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
  tell(`Saved ${name}.`);
};
const tell = (text) => { element("told").textContent = text; };

/** A cell of CSV: quoted, and nothing that a spreadsheet would run as a formula. */
const csvCell = (value) => {
  const text = String(value), isRisky = typeof value !== "number" && /^[\s\u0000]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text);
  return `"${(isRisky ? `'${text}` : text).replaceAll('"', '""')}"`;
};
const csv = (header, lines) => `\ufeff${[header, ...lines].map((line) => line.map(csvCell).join(",")).join("\r\n")}\r\n`;
const nodesCsv = () => csv(["id", "type", "name", "also written", "papers", "statements"],
  [...scene.nodes].map((node) => [node.id, node.type, node.name, node.also.join(" | "), node.isPaper ? "" : node.papers, node.degree]));
const statementsCsv = () => csv(["from", "from name", "relation", "to", "to name", "belief", "paper", "start", "end", "rule", "confidence", "sentence"],
  scene.edges.flatMap((edge) => edge.evidence.map((said) => [edge.head.id, edge.head.name, edge.relation, edge.tail.id, edge.tail.name, edge.belief,
    nodes[said[0]]?.id || "", said[1], said[2], said[3], said[4], sentenceOf(said)])));
const asJson = () => JSON.stringify({
  shown: summary(),
  nodes: [...scene.nodes].map(({ id, type, name, also, degree, listings }) => ({ id, type, name, also, statements: degree, listings })),
  statements: scene.edges.map((edge) => ({
    from: edge.head.id, relation: edge.relation, to: edge.tail.id, belief: edge.belief,
    evidence: edge.evidence.map((said) => ({ paper: nodes[said[0]]?.id || null, start: said[1], end: said[2], rule: said[3], confidence: said[4], sentence: sentenceOf(said) })),
  })),
}, null, 1);

/** The drawing with a line that says what it shows and a legend of the types in it. */
const picture = () => {
  const ratio = canvas.width / canvas.clientWidth, foot = Math.round(56 * ratio), made = document.createElement("canvas");
  [made.width, made.height] = [canvas.width, canvas.height + foot];
  const ctx = made.getContext("2d");
  ctx.fillStyle = ink().ground;
  ctx.fillRect(0, 0, made.width, made.height);
  ctx.drawImage(canvas, 0, 0);
  ctx.scale(ratio, ratio);
  ctx.fillStyle = ink().text;
  ctx.font = `13px ${LETTERS}`;
  ctx.fillText(short(`kgraph. ${summary()}`, 170), 14, canvas.clientHeight + 44, canvas.clientWidth - 28);
  let x = 22;
  for (const type of new Set(byWeight.filter((node) => scene.nodes.has(node)).map((node) => node.type))) {
    ctx.save();
    ctx.translate(x, canvas.clientHeight + 18);
    ctx.scale(0.8, 0.8);
    ctx.fillStyle = looks.types[type].colour;
    ctx.fill(outline(looks.types[type].shape));
    ctx.restore();
    ctx.fillText(type, x + 12, canvas.clientHeight + 22);
    x += ctx.measureText(type).width + 36;
  }
  return made;
};
const copyLink = async () => {
  const link = address(state);
  try {
    await navigator.clipboard.writeText(link);
    tell("Link copied.");
  } catch {
    const field = make("textarea", "", { "aria-hidden": "true" });
    field.value = link;
    document.body.append(field);
    field.select();
    tell(document.execCommand("copy") ? "Link copied." : "Copy the link from the address bar.");
    field.remove();
  }
};
const ACTS = {
  "copy-link": copyLink,
  "save-png": () => picture().toBlob((blob) => save("kgraph.png", blob)),
  "save-nodes": () => save("kgraph-nodes.csv", new Blob([nodesCsv()], { type: "text/csv" })),
  "save-statements": () => save("kgraph-statements.csv", new Blob([statementsCsv()], { type: "text/csv" })),
  "save-json": () => save("kgraph.json", new Blob([asJson()], { type: "application/json" })),
};
for (const [id, act] of Object.entries(ACTS)) element(id).addEventListener("click", () => { act(); element("keep").open = false; });
