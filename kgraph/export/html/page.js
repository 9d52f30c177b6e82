"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const nodes = read("nodes"), edges = read("edges"), texts = read("texts"), relations = read("relations");
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const touching = new Map(nodes.map((node) => [node.id, []]));
  for (const edge of edges) {
    touching.get(edge.from).push(edge);
    if (edge.to !== edge.from) touching.get(edge.to).push(edge);
  }
  const element = (id) => document.getElementById(id);
  const make = (tag, text, ...children) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    made.append(...children);
    return made;
  };
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const searchable = nodes.map((node) => [fold([node.name, ...node.also].join("\n")), node]);
  const papersNaming = (node) => new Set(touching.get(node.id).flatMap((edge) => edge.evidence.map((said) => said[0]))).size;
  const support = new Map(nodes.map((node) => [node.id, node.type === "Paper" ? Infinity : papersNaming(node)]));

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const hidden = new Set();
  const reach = nodes.map((node) => Math.hypot(node.x, node.y)).sort((a, b) => a - b)[Math.floor(nodes.length * 0.8)] || 1;
  const unit = reach / 110; // sizes follow the drawing's extent, so that the first view is readable at any size
  const named = new Set(nodes.filter((node) => node.type !== "Paper").sort((a, b) => b.degree - a.degree).slice(0, 40));
  const neighbours = (node) => new Set(touching.get(node.id).flatMap((edge) => [edge.from, edge.to]));
  let chosen = null;
  const drawnNodes = new vis.DataSet(), drawnEdges = new vis.DataSet();
  const look = (node) => {
    const isPaper = node.type === "Paper", size = unit * (isPaper ? 0.5 : Math.min(0.7 + 0.35 * Math.sqrt(node.degree), 4));
    const labelled = node === chosen || named.has(node) || (!isPaper && chosen !== null && neighbours(chosen).has(node.id));
    const ink = dark.matches ? "#e8eaee" : "#16181d", ground = dark.matches ? "#14161a" : "#ffffff";
    return {
      id: node.id, x: node.x, y: node.y, shape: node.shape, size, borderWidth: node === chosen ? 4 : 1,
      color: { background: node.color, border: node === chosen ? ink : ground, highlight: node.color, hover: node.color },
      label: labelled ? (node.name.length > 40 ? node.name.slice(0, 39) + "…" : node.name) : undefined,
      font: { size: unit * Math.min(1.6 + Math.sqrt(node.degree) * 0.3, 4), color: ink, strokeWidth: unit / 2, strokeColor: ground },
    };
  };
  const least = () => Number(element("least").value || 1);
  const isShownThing = (node) => node.type !== "Paper" && !hidden.has(node.type) && support.get(node.id) >= least();
  const isShownPaper = (node) => node.type === "Paper" && !hidden.has(node.type)
    && (least() <= 1 || touching.get(node.id).some((edge) => isShownThing(byId.get(edge.to))));
  const isShown = (node) => node === chosen || isShownThing(node) || isShownPaper(node);
  const draw = () => {
    const shown = nodes.filter(isShown), ids = new Set(shown.map((node) => node.id));
    const visible = edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to));
    const grey = dark.matches ? "#4a505c" : "#c3c8d1", ink = dark.matches ? "#cfd4dc" : "#3b4048";
    drawnNodes.clear();
    drawnEdges.clear();
    drawnNodes.add(shown.map(look));
    drawnEdges.add(visible.map((edge, id) => {
      const touches = chosen && (edge.from === chosen.id || edge.to === chosen.id);
      return {
        id, from: edge.from, to: edge.to, arrows: touches ? "to" : undefined, width: unit * (touches ? 0.25 : 0.08), smooth: false,
        color: { color: touches ? ink : grey, opacity: touches ? 1 : 0.6 },
      };
    }));
    element("shown").textContent = `showing ${shown.length} of ${nodes.length} nodes, ${visible.length} of ${edges.length} statements`;
  };
  const network = new vis.Network(element("network"), { nodes: drawnNodes, edges: drawnEdges }, {
    physics: { enabled: false }, layout: { improvedLayout: false }, interaction: { hideEdgesOnDrag: true, hideEdgesOnZoom: true },
  });

  const link = (node) => {
    const button = make("button", node.name);
    button.type = "button";
    button.addEventListener("click", () => choose(node, true));
    return button;
  };
  const marked = (text, names) => {
    const quote = make("blockquote"), found = names.filter((name) => name.length > 1).sort((a, b) => b.length - a.length);
    for (let at = 0; at < text.length;) {
      const hit = found.find((name) => text.startsWith(name, at));
      const next = hit ? at + hit.length : text.length;
      let stop = next;
      if (hit) quote.append(make("mark", hit));
      else {
        for (stop = at + 1; stop < text.length && !found.some((name) => text.startsWith(name, stop)); stop++);
        quote.append(text.slice(at, stop));
      }
      at = stop;
    }
    return quote;
  };
  const points = new Map();
  const slice = (paper, start, end) => {
    if (!points.has(paper)) points.set(paper, Array.from(texts[paper]));
    return points.get(paper).slice(start, end).join("");
  };
  const item = (edge, node) => {
    const other = byId.get(edge.from === node.id ? edge.to : edge.from), made = make("li", "", link(other));
    made.append(" ", make("small", `${other.type} · belief ${edge.belief}${edge.support > 1 ? ` from ${edge.support} papers` : ""}`));
    const names = [node, other].filter((one) => one.type !== "Paper").flatMap((one) => [one.name, ...one.also]);
    for (const [paper, start, end, rule, confidence] of edge.evidence.slice(0, 5)) {
      const quote = marked(slice(paper, start, end), names);
      quote.append(" ", make("small", `${paper === edge.from ? "" : byId.get(paper).name + " · "}rule ${rule}, confidence ${confidence}`));
      made.append(quote);
    }
    return made;
  };
  const choose = (node, centre) => {
    chosen = node;
    draw();
    network.selectNodes([node.id], false);
    if (centre) network.focus(node.id, { scale: Math.max(network.getScale(), 0.6) });
    const card = element("card");
    card.replaceChildren(make("h2", node.name), make("p", "", make("span", `${node.type}, ${touching.get(node.id).length} statements`)));
    card.querySelector("p").className = "kind";
    if (node.also.length) card.append(make("p", `${node.type === "Paper" ? "listed in" : "also written"} ${node.also.join(", ")}`));
    const groups = new Map();
    for (const edge of touching.get(node.id)) {
      const title = (edge.from === node.id ? "" : "← ") + relations[edge.relation];
      groups.set(title, [...(groups.get(title) || []), edge]);
    }
    for (const [title, group] of groups) {
      card.append(make("h3", `${title} (${group.length})`), make("ul", "", ...group.map((edge) => item(edge, node))));
    }
  };
  network.on("click", ({ nodes: [id] }) => { if (id) choose(byId.get(id), false); });
  element("search").addEventListener("input", (event) => {
    const wanted = fold(event.target.value.trim());
    const hits = wanted ? searchable.filter(([text]) => text.includes(wanted)).map(([, node]) => node) : [];
    hits.sort((a, b) => fold(b.name).startsWith(wanted) - fold(a.name).startsWith(wanted) || b.degree - a.degree);
    element("found").replaceChildren(...hits.slice(0, 20).map((node) => make("li", "", link(node), " ", make("small", node.type))));
  });
  element("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter") element("found").querySelector("button")?.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target.tagName !== "INPUT") { event.preventDefault(); element("search").focus(); }
  });
  element("least").addEventListener("change", draw);
  element("legend").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const on = button.getAttribute("aria-pressed") === "false";
    button.setAttribute("aria-pressed", String(on));
    if (on) hidden.delete(button.dataset.type); else hidden.add(button.dataset.type);
    draw();
  });
  dark.addEventListener("change", draw);
  draw();
  network.fit();
})();
