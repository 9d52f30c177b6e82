"""The graph as tools for networks want it: NetworkX's view with what they draw by, colours, weights, dates and measures."""

from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from kgraph.export.measures import measures
from kgraph.export.style import load_style
from kgraph.graph import edge_rows, node_rows
from kgraph.knowledge import Knowledge
from kgraph.model import Graph, Link

if TYPE_CHECKING:
    import networkx as nx


class Rows:
    """The graph's nodes and edges one after the other with their attributes, every value a string or a number.

    Beside what `to_networkx` says, nodes have `papers` (how many name them), `date` (a paper's; of a thing the earliest that
    names it), `degree`, `pagerank`, `community` and `colour`; edges have `label`, `weight` (papers that say so), `date` (the
    earliest) and `colour`. A date that no paper has is "". Only these figures are held, no text.
    """

    def __init__(self, graph: Graph, knowledge: Knowledge) -> None:
        self._graph, self._ontology, self._style = graph, knowledge.ontology, load_style(knowledge)
        self._issued = {paper.id: paper.date for paper in graph.papers}
        self._date = dict(self._issued)
        self._papers = dict.fromkeys(self._issued, 1) | self._naming()
        self._measures = measures(graph)

    def _naming(self) -> dict[str, int]:
        """How many papers name each thing; and the earliest date of one is noted."""
        number = {one: place for place, one in enumerate(self._issued)}
        things = {one.id: place for place, one in enumerate(self._graph.entities)}
        pairs = array("q")
        for link in self._graph.links:
            date = self._first(link)
            for end in (link.head, link.tail):
                if (thing := things.get(end, -1)) >= 0:
                    pairs.extend([thing * len(number) + number[evidence.paper] for evidence in link.evidence])
                    self._date[end] = min(date, self._date.get(end) or date) if date else self._date.get(end, "")
        found, counts = np.unique(np.unique(pairs) // max(1, len(number)), return_counts=True)
        ids = list(things)
        return {ids[place]: int(count) for place, count in zip(found, counts, strict=True)}

    def _first(self, link: Link) -> str:
        """The earliest date of a paper that makes a statement, "" if none has one."""
        if len(link.evidence) == 1:
            return self._issued[link.evidence[0].paper]
        return min(filter(None, [self._issued[evidence.paper] for evidence in link.evidence]), default="")

    def nodes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each node's id and attributes, sorted by id."""
        for node, values in node_rows(self._graph, self._ontology):
            figures = {"papers": self._papers.get(node, 0), "date": self._date.get(node, ""), **self._measures[node]._asdict()}
            yield node, {**values, **figures, "colour": self._style.classes[values["type"]]["colour"]}

    def edges(self) -> Iterator[tuple[Link, dict[str, Any]]]:
        """Each statement with its attributes, sorted by head, tail and relation."""
        relations = self._ontology.relations
        looks: dict[str, tuple[str, str]] = {}
        for link, values in edge_rows(self._graph):
            look = looks.get(link.relation)
            if not look:
                label = relations[link.relation].label if link.relation in relations else ""
                look = looks[link.relation] = label or link.relation, self._style.relations[link.relation]["colour"]
            values |= {"label": look[0], "weight": float(values["support"]), "date": self._first(link), "colour": look[1]}
            yield link, values


def property_graph(graph: Graph, knowledge: Knowledge) -> "nx.MultiDiGraph":
    """The rows as NetworkX has them."""
    import networkx as nx

    rows, view = Rows(graph, knowledge), nx.MultiDiGraph()
    view.add_nodes_from(rows.nodes())
    view.add_edges_from((link.head, link.tail, link.relation, values) for link, values in rows.edges())
    return view


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour such as `#0072b2`.

    >>> channels("#0072b2")
    (0, 114, 178)
    """
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
