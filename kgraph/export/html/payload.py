"""What the page holds of a graph, as plain values for its blocks of data: nodes by number, papers first, and statements."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from kgraph.export.html.part import Part
from kgraph.export.html.spread import spread
from kgraph.export.layout import layout
from kgraph.export.style import Look, Looks, load_style
from kgraph.knowledge import Knowledge
from kgraph.model import Evidence, Graph
from kgraph.ontology import PAPER, PART_OF, VARIANT_OF

_WEIGHT = (1.0, 0.05)
"""How much room a statement makes for a thing and for a paper."""


def payload(part: Part, knowledge: Knowledge) -> dict[str, Any]:
    """The page's blocks of data by name; a paper that the graph has not, yet a statement cites, has the number -1."""
    graph = part.graph
    ids = [paper.id for paper in graph.papers] + [entity.id for entity in graph.entities]
    number = {one: place for place, one in enumerate(ids)}
    return {
        "nodes": _nodes(graph),
        "edges": _edges(graph, number),
        "texts": [paper.text for paper in graph.papers],
        "results": _results(graph, number),
        "looks": _looks(graph, knowledge),
        "part": {"rule": part.rule, "nodes": part.nodes, "statements": part.statements} if part.rule else None,
    }


def _nodes(graph: Graph) -> list[dict[str, Any]]:
    """Nodes in order, each with what is known of it and nothing that is empty."""
    pairs = [(link.head, link.tail) for link in graph.links]
    papers: list[dict[str, Any]] = [
        {
            "id": paper.id,
            "type": PAPER,
            "name": paper.title,
            "code": paper.identifier,
            "listings": sorted({(listing.file, listing.line, listing.date) for listing in paper.listings}),
        }
        for paper in graph.papers
    ]
    things: list[dict[str, Any]] = [
        {
            "id": entity.id,
            "type": entity.type,
            "name": entity.name,
            "also": sorted({*entity.aliases, entity.long_form} - {entity.name, ""}),
            "broader": entity.broader,
            "better": entity.direction,
            "apart": list(entity.apart),
            "notes": list(entity.notes),
        }
        for entity in graph.entities
    ]
    degree = Counter(end for pair in pairs for end in pair)
    weights = {node["id"]: 0.2 + _WEIGHT[node["type"] == PAPER] * degree[node["id"]] for node in (*papers, *things)}
    places = spread(layout(list(weights), pairs, {entity.id: entity.name for entity in graph.entities}), weights)
    return [
        {
            **{key: value for key, value in node.items() if value or key == "name"},
            "x": places[node["id"]][0],
            "y": places[node["id"]][1],
        }
        for node in (*papers, *things)
    ]


def _edges(graph: Graph, number: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "from": number[link.head],
            "to": number[link.tail],
            "relation": link.relation,
            "belief": round(link.belief, 2),
            "evidence": [_said(evidence, number) for evidence in link.evidence],
        }
        for link in graph.links
    ]


def _results(graph: Graph, number: Mapping[str, int]) -> list[dict[str, Any]]:
    """The numbers that sentences state: of which node, on and by which (-1 if not stated), as written."""
    return [
        {
            "of": number[result.subject],
            "on": number.get(result.benchmark, -1),
            "by": number.get(result.metric, -1),
            "value": result.value,
            "kind": result.kind,
            "evidence": [_said(result.evidence, number)],
        }
        for result in graph.results
        if result.subject in number
    ]


def _said(evidence: Evidence, number: Mapping[str, int]) -> list[Any]:
    return [number.get(evidence.paper, -1), evidence.start, evidence.end, evidence.rule, evidence.confidence]


def _looks(graph: Graph, knowledge: Knowledge) -> dict[str, Any]:
    """Classes and relations that occur, in the order of the style file, with their looks and what the ontology says of them."""
    style = load_style(knowledge)
    types = Counter(entity.type for entity in graph.entities) + Counter({PAPER: len(graph.papers)})
    relations = Counter(link.relation for link in graph.links)
    described = knowledge.ontology.relations
    return {
        "paper": PAPER,
        "types": dict(_styled(style.classes, types)),
        "relations": {
            name: {
                **look,
                "label": described[name].label if name in described else name,
                "role": described[name].role if name in described else "",
                "family": name in (VARIANT_OF, PART_OF),
            }
            for name, look in _styled(style.relations, relations)
        },
    }


def _styled(looks: Looks, found: Mapping[str, int]) -> list[tuple[str, Look]]:
    order = {name: place for place, name in enumerate(looks)}
    return [(name, looks[name]) for name in sorted(found, key=lambda name: (order.get(name, len(order)), name))]
