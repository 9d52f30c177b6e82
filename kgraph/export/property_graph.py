"""The graph as tools for networks want it: NetworkX's view with what they draw by, colours, weights, dates and measures."""

import tomllib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from kgraph.export.measures import measures
from kgraph.graph import to_networkx
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

if TYPE_CHECKING:
    import networkx as nx

_OTHER = "other"


class Style(NamedTuple):
    """How classes and relations look: their colours, shapes and lines by name."""

    classes: Mapping[str, Mapping[str, str]]
    relations: Mapping[str, Mapping[str, str]]

    def of_class(self, name: str) -> Mapping[str, str]:
        """The look of a class."""
        return self.classes.get(name, self.classes[_OTHER])

    def of_relation(self, name: str) -> Mapping[str, str]:
        """The look of a relation."""
        return self.relations.get(name, self.relations[_OTHER])


def load_style(knowledge: Knowledge) -> Style:
    """The looks in `style.toml`."""
    rows = tomllib.loads((knowledge.folder / "style.toml").read_text(encoding="utf-8"))
    return Style(rows["classes"], rows["relations"])


def property_graph(graph: Graph, knowledge: Knowledge) -> "nx.MultiDiGraph":
    """NetworkX's view, every value a string or a number.

    Beside what `to_networkx` says, nodes have `papers` (how many name them), `date` (a paper's; of a thing the earliest that
    names it), `degree`, `pagerank`, `community` and `colour`; edges have `label`, `weight` (papers that say so), `date` (the
    earliest) and `colour`. A date that no paper has is "".
    """
    view, style = to_networkx(graph, knowledge.ontology), load_style(knowledge)
    issued = {paper.id: paper.date for paper in graph.papers}
    naming: dict[str, set[str]] = {paper.id: {paper.id} for paper in graph.papers}
    for link in graph.links:
        papers = {evidence.paper for evidence in link.evidence}
        label = knowledge.ontology.relations[link.relation].label if link.relation in knowledge.ontology.relations else ""
        look = style.of_relation(link.relation)
        view.edges[link.head, link.tail, link.relation].update(
            label=label or link.relation,
            weight=float(link.support),
            date=_earliest(issued[paper] for paper in papers),
            colour=look["colour"],
        )
        for end in {link.head, link.tail} - issued.keys():
            naming.setdefault(end, set()).update(papers)
    for node, found in measures(graph).items():
        papers = naming.get(node, set())
        view.nodes[node].update(
            papers=len(papers),
            date=_earliest(issued[paper] for paper in papers),
            **found._asdict(),
            colour=style.of_class(view.nodes[node]["type"])["colour"],
        )
    return view


def _earliest(dates: Iterable[str]) -> str:
    return min(filter(None, dates), default="")


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour such as `#0072b2`.

    >>> channels("#0072b2")
    (0, 114, 178)
    """
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
