"""The graph: readings united, each thing one node; and NetworkX as a view of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kgraph.knowledge import Knowledge, load_knowledge
from kgraph.lexicon import normalise
from kgraph.linking import merge_entities, merge_papers
from kgraph.model import Entity, Evidence, Graph, Link, Reading, Result
from kgraph.ontology import PAPER, Ontology, slug

if TYPE_CHECKING:
    import networkx as nx

_SPLIT = "~"
"""Stands between the name and the long form in the id of a short form that means several things; no slug contains it."""


def assemble(readings: Iterable[Reading], knowledge: Knowledge) -> Graph:
    """The union of linked readings, then one resolve over all names.

    The order of the readings does not matter, nor does one that comes twice.
    """
    united = sorted(readings, reverse=True)
    papers = merge_papers(reading.paper for reading in united)
    unique = list({reading.paper.id: reading for reading in united}.values())
    node_of = _resolve([(entity, reading.paper.id) for reading in unique for entity in reading.entities], knowledge)
    nodes: dict[str, list[Entity]] = {}
    evidence: dict[tuple[str, str, str], set[Evidence]] = {}
    results: set[Result] = set()
    for reading in unique:
        here = {entity.id: node_of[entity.id, reading.paper.id] for entity in reading.entities}
        for entity in reading.entities:
            nodes.setdefault(here[entity.id].id, [here[entity.id]]).append(entity)
        ids = {local: node.id for local, node in here.items()}
        for claim in reading.claims:
            key = (ids.get(claim.head, claim.head), claim.relation, ids.get(claim.tail, claim.tail))
            evidence.setdefault(key, set()).add(claim.evidence)
        for result in reading.results:
            subject, benchmark, metric = (ids.get(part, "") for part in (result.subject, result.benchmark, result.metric))
            results.add(result._replace(subject=subject, benchmark=benchmark, metric=metric))
    return Graph(
        papers=tuple(papers),
        entities=tuple(sorted(merge_entities(group) for group in nodes.values())),
        links=tuple(Link(*key, tuple(sorted(found))) for key, found in sorted(evidence.items())),
        results=tuple(sorted(results)),
    )


def _resolve(entities: Iterable[tuple[Entity, str]], knowledge: Knowledge) -> Mapping[tuple[str, str], Entity]:
    """The node of each paper's entity: one for all of the same type and normalised name.

    A short form that stands for several long forms is a node for each, and one for the papers that do not say.
    """
    groups: dict[tuple[str, str], list[tuple[Entity, str]]] = {}
    for entity, paper in entities:
        groups.setdefault((entity.type, normalise(entity.name)), []).append((entity, paper))
    nodes: dict[tuple[str, str], Entity] = {}
    for (cls, _), group in groups.items():
        long_forms = {normalise(entity.long_form): entity.long_form for entity, _ in sorted(group, reverse=True)}
        long_forms.pop("", None)
        names = Counter(entity.name for entity, _ in group)
        known = [name for name in names if (cls, name) in knowledge.lexicon.by_name]
        name = min(known or names, key=lambda name: (-names[name], name))
        plain = Entity(knowledge.ontology.id(cls, name), cls, name)
        for entity, paper in group:
            long_form = long_forms.get(normalise(entity.long_form)) if len(long_forms) > 1 else None
            split = replace(plain, id=f"{plain.id}{_SPLIT}{slug(long_form)}") if long_form else plain
            nodes[entity.id, paper] = split
    return nodes


def to_networkx(graph: Graph, ontology: Ontology | None = None) -> "nx.MultiDiGraph":
    """The graph as a NetworkX multigraph: nodes by id, edges keyed by relation, every attribute a string or a number.

    Nodes carry `label`, `type` and `aliases` (joined by " | "); edges `relation`, `support` (distinct papers),
    `confidence` (the highest), and the `paper`, `sentence` and `rule` of the evidence that has it.
    """
    import networkx as nx

    ontology = ontology or load_knowledge().ontology
    view = nx.MultiDiGraph()
    texts = {paper.id: paper.text for paper in graph.papers}
    for paper in graph.papers:
        view.add_node(paper.id, label=paper.title, type=PAPER, aliases="", iri=ontology.iri(paper.id))
    for entity in graph.entities:
        iri, aliases = ontology.iri(entity.id), " | ".join(entity.aliases)
        view.add_node(entity.id, label=entity.name, type=entity.type, aliases=aliases, iri=iri)
    for link in graph.links:
        best = min(link.evidence, key=lambda evidence: (-evidence.confidence, evidence))
        view.add_edge(
            link.head,
            link.tail,
            key=link.relation,
            relation=link.relation,
            support=link.support,
            confidence=best.confidence,
            paper=best.paper,
            sentence=texts[best.paper][best.start : best.end],
            rule=best.rule,
        )
    return view
