"""The part of a store that is next to a node, as a graph and its interactive page."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.export.html import page
from kgraph.export.html.part import Part
from kgraph.knowledge import Knowledge
from kgraph.model import Graph
from kgraph.ontology import BY_METRIC, LISTED_IN, ON_BENCHMARK
from kgraph.reload import reload

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

_SAYS = ("rdf:subject", "rdf:object", "prov:wasDerivedFrom")
"""What evidence is about, and from where."""
_MEASURES = (ON_BENCHMARK, BY_METRIC)
"""What results are about."""
_MEANS = (*_SAYS, *_MEASURES, LISTED_IN)
"""What must be known of a node, so that it can be shown."""


def near_page(graph: Graph, knowledge: Knowledge, nodes: int, statements: int) -> bytes:
    """The page of the part of a graph that has so many nodes and statements."""
    shown = len(graph.papers) + len(graph.entities)
    rule = "" if shown == nodes else "what is one statement away, and the papers that say so"
    return page(Part(graph, rule, nodes, statements), knowledge)[1]


def near(store: "ox.Store", iri: str, knowledge: Knowledge) -> Graph:
    """The graph of a node, of what is said of it or in it, and of all that this speaks of.

    Raises:
        DataError: the store holds no graph of ours.
    """
    import pyoxigraph as ox

    part = ox.Store()
    for subject in _reached(store, ox.NamedNode(iri), knowledge):
        part.extend(store.quads_for_pattern(subject, None, None))
    graph = reload(part, knowledge.ontology, Path("graph"))
    kept = {entity.id for entity in graph.entities}
    entities = (replace(one, apart=tuple(other for other in one.apart if other in kept)) for one in graph.entities)
    return replace(graph, entities=tuple(entities))


def _reached(store: "ox.Store", node: "ox.NamedNode", knowledge: Knowledge) -> "Iterator[ox.NamedNode]":
    """The node, its evidence, and what that names, each once."""
    import pyoxigraph as ox

    term = knowledge.ontology.term
    says, measures, means = ([ox.NamedNode(term(name)) for name in names] for names in (_SAYS, _MEASURES, _MEANS))
    results = [quad.subject for one in measures for quad in store.quads_for_pattern(None, one, node)]
    waiting: list[object] = [node]
    waiting += [quad.subject for one in says for end in (node, *results) for quad in store.quads_for_pattern(None, one, end)]
    seen = set()
    while waiting:
        subject = waiting.pop()
        if subject in seen or not isinstance(subject, ox.NamedNode):
            continue
        seen.add(subject)
        yield subject
        waiting += [quad.object for one in means for quad in store.quads_for_pattern(subject, one, None)]
