"""The graph as Cytoscape JSON: Cytoscape opens it as a network, Cytoscape.js draws it with the style that stands in it."""

import json
from typing import Any

from kgraph.export.layout import layout
from kgraph.export.property_graph import property_graph
from kgraph.export.style import load_style
from kgraph.export.text import scalar
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

_SHAPES = {"dot": "ellipse", "square": "rectangle"}
_TITLE = "kgraph"


def cytoscape(graph: Graph, knowledge: Knowledge) -> bytes:
    """One JSON document, a node or an edge a line."""
    view, style = property_graph(graph, knowledge), load_style(knowledge)
    edges = sorted(view.edges(keys=True, data=True), key=lambda edge: edge[:3])
    places = layout(sorted(view.nodes), [(head, tail) for head, tail, *_ in edges])
    nodes = []
    for node, data in sorted(view.nodes(data=True)):
        look, (x, y) = style.classes[data["type"]], places[node]
        own = {"id": node, "value": node, "name": data["label"], "shared_name": node, **data}  # NetworkX reads the value
        own["shape"] = _SHAPES.get(look["shape"], look["shape"])
        nodes.append({"data": _scalars(own), "position": {"x": x, "y": y}})
    lines = []
    for head, tail, relation, data in edges:
        name = f"{head} ({relation}) {tail}"
        own = {"id": name, "source": head, "target": tail, "key": relation, "name": name, "shared_name": name}
        own |= {"interaction": relation, "shared_interaction": relation, **data, "line": style.relations[relation]["line"]}
        lines.append({"data": _scalars(own)})
    return _document(nodes, lines).encode("utf-8")


def _document(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> str:
    head: dict[str, object] = {"format_version": "1.0", "generated_by": "kgraph", "target_cytoscapejs_version": "~3.30"}
    head |= {"directed": True, "multigraph": True}
    data = {"name": _TITLE, "shared_name": _TITLE, "SUID": 1, "selected": True}
    rows = {part: ",\n".join(map(_json, found)) for part, found in (("nodes", nodes), ("edges", edges))}
    elements = ",\n".join(f'"{part}":[\n{lines}\n]' for part, lines in rows.items())
    return f'{_json(head)[:-1]},"data":{_json(data)},"style":{_json(_STYLE)},\n"elements":{{{elements}}}}}\n'


def _scalars(data: dict[str, Any]) -> dict[str, Any]:
    return {key: scalar(value) if isinstance(value, str) else value for key, value in data.items()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_STYLE = [
    {
        "selector": "node",
        "style": {
            "label": "data(name)",
            "background-color": "data(colour)",
            "shape": "data(shape)",
            "font-size": 8,
            "text-wrap": "ellipsis",
            "text-max-width": "160px",
            "width": "mapData(degree, 0, 60, 12, 60)",
            "height": "mapData(degree, 0, 60, 12, 60)",
        },
    },
    {
        "selector": "edge",
        "style": {
            "line-color": "data(colour)",
            "line-style": "data(line)",
            "target-arrow-color": "data(colour)",
            "target-arrow-shape": "triangle",
            "curve-style": "bezier",
            "width": "mapData(weight, 1, 10, 1, 6)",
        },
    },
]
