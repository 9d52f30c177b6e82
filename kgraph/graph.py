"""The graph: readings united, each thing one node; and NetworkX as a view of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import merge
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from kgraph.curation import curate
from kgraph.knowledge import Knowledge, load_knowledge
from kgraph.lexicon import normalise
from kgraph.linking import merge_entities
from kgraph.model import Claim, Decision, Entity, Evidence, Graph, Link, Paper, Reading, Result
from kgraph.ontology import PAPER, PAPER_KIND, Ontology
from kgraph.papers import group_papers
from kgraph.resolving import Occurrence, occurrences, resolve

if TYPE_CHECKING:
    import networkx as nx

_MANY = 10
Statement = tuple[str, str, str]
"""Head, relation and tail."""


def assemble(readings: Iterable[Reading], knowledge: Knowledge, decisions: Sequence[Decision] = ()) -> Graph:
    """The union of linked readings, then one resolve over all names, then what the user decides.

    The order of the readings does not matter, nor does one that comes twice.
    """
    chosen = _one_of_each_paper(readings)
    return united(chosen, Nodes.of(occurrences(chosen, knowledge), knowledge, decisions), knowledge.ontology)


def united(readings: Iterable[Reading], nodes: "Nodes", ontology: Ontology) -> Graph:
    """What the readings of papers, sorted by their ids, say of nodes."""
    papers: list[Paper] = []
    evidence: dict[Statement, set[Evidence]] = {}
    results: set[Result] = set()
    for reading in readings:
        papers.append(reading.paper)
        here = nodes.within(reading)
        for statement, said in statements(reading, here, ontology):
            evidence.setdefault(statement, set()).add(said)
        results.update(results_of(reading, here))
    return Graph(
        papers=tuple(papers),
        entities=nodes.entities,
        links=tuple(Link(*statement, surest(found)) for statement, found in sorted(evidence.items())),
        results=tuple(sorted(results)),
        decisions=nodes.decisions,
    )


@dataclass(frozen=True)
class Nodes:
    """The nodes of all papers' entities: by the entity's id, where a paper means another by the paper too (None: dropped)."""

    entities: tuple[Entity, ...]
    decisions: tuple[Decision, ...]
    _usual: Mapping[str, Entity]
    _special: Mapping[tuple[str, str], Entity | None]

    @classmethod
    def of(cls, found: Sequence[Occurrence], knowledge: Knowledge, decisions: Sequence[Decision]) -> "Nodes":
        """What occurrences are, resolved and then as the user decides."""
        placed, applied = curate(resolve(found, knowledge), decisions, knowledge.ontology)
        usual: dict[str, Entity] = {}
        special: dict[tuple[str, str], Entity | None] = {}
        if len(placed) < len(found):
            special = {(one.entity.id, one.paper): None for one in found}
        forms: dict[Entity, set[Entity]] = {}
        for (entity, paper, _), node in placed:
            if usual.setdefault(entity.id, node) != node or (entity.id, paper) in special:
                special[entity.id, paper] = node
            forms.setdefault(node, set()).add(replace(entity, notes=node.notes) if node.notes else entity)
        nodes: dict[str, list[Entity]] = {}
        for node, seen in sorted(forms.items()):
            nodes.setdefault(node.id, [node]).extend(seen)
        entities = tuple(sorted(_kept_apart([merge_entities(group) for group in nodes.values()])))
        return cls(entities, tuple(sorted(applied)), usual, special)

    def among(self, found: Iterable[Occurrence]) -> "Nodes":
        """What some occurrences need of the nodes, each with its name and nothing else."""
        usual, special, ids = {}, {}, set()
        for entity, paper, _ in found:
            if node := self._usual.get(entity.id):
                usual[entity.id] = node
                ids.add(node.id)
            if (entity.id, paper) in self._special:
                special[entity.id, paper] = node = self._special[entity.id, paper]
                ids.update([node.id] if node else [])
        named = (self._by_id[one] for one in sorted(ids))
        return Nodes(tuple(Entity(one.id, one.type, one.name) for one in named), (), usual, special)

    @cached_property
    def _by_id(self) -> Mapping[str, Entity]:
        return {entity.id: entity for entity in self.entities}

    def within(self, reading: Reading) -> dict[str, Entity]:
        """The nodes of a reading's entities by their ids, without those that are dropped."""
        paper = reading.paper.id
        here = {one.id: self._special.get((one.id, paper), self._usual.get(one.id)) for one in reading.entities}
        return {one: node for one, node in here.items() if node}


def statements(reading: Reading, nodes: Mapping[str, Entity], ontology: Ontology) -> Iterator[tuple[Statement, Evidence]]:
    """What a reading says of nodes, with what says so."""
    for claim in reading.claims:
        if statement := _statement(claim, nodes, ontology):
            yield statement, claim.evidence


def results_of(reading: Reading, nodes: Mapping[str, Entity]) -> Iterator[Result]:
    """The results of nodes."""
    for result in reading.results:
        subject, benchmark, metric = (nodes[part].id if part in nodes else "" for part in result[:3])
        if subject:
            yield result._replace(subject=subject, benchmark=benchmark, metric=metric)


def surest(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each sentence once for a rule, with the highest confidence that the rule has there."""
    return tuple(sorted({one[:4]: one for one in sorted(evidence)}.values()))


def _one_of_each_paper(readings: Iterable[Reading]) -> list[Reading]:
    """The reading of each paper's text, sorted by the paper's id, under which all that it says stands."""
    ordered = sorted(readings, reverse=True)
    by_text = {(reading.paper.id, reading.paper.text): reading for reading in ordered}
    chosen = []
    for paper, same in group_papers(reading.paper for reading in ordered):
        read = next(one for one in same if one.text == paper.text)
        chosen.append(_as_said_by(paper, by_text[read.id, read.text]))
    return chosen


def _as_said_by(paper: Paper, reading: Reading) -> Reading:
    """The reading with all that it says said by a paper, which has the same text."""
    old = reading.paper.id
    if old == paper.id:
        return reading._replace(paper=paper)
    claims = (
        claim._replace(head=paper.id if claim.head == old else claim.head, evidence=claim.evidence._replace(paper=paper.id))
        for claim in reading.claims
    )
    results = (result._replace(evidence=result.evidence._replace(paper=paper.id)) for result in reading.results)
    return reading._replace(paper=paper, claims=tuple(claims), results=tuple(results))


def _statement(claim: Claim, nodes: Mapping[str, Entity], ontology: Ontology) -> Statement | None:
    """What a claim says of nodes; None if an end was dropped or the nodes, once merged or retyped, cannot be so related."""
    head, tail = nodes.get(claim.head), nodes.get(claim.tail)
    relation = ontology.relations[claim.relation]
    if tail and not head and claim.head.startswith(f"{PAPER_KIND}/"):
        return claim.head, ontology.relation_for(relation.role, tail.type), tail.id
    if not head or not tail or head.id == tail.id or head.type not in relation.domain or tail.type not in relation.range:
        return None
    return head.id, claim.relation, tail.id


def _kept_apart(entities: Sequence[Entity]) -> Iterator[Entity]:
    """The entities, each with those of its type that share a form with it."""
    sharing: dict[tuple[str, str], set[str]] = {}
    for entity in entities:
        for form in (entity.name, *entity.aliases):
            sharing.setdefault((entity.type, normalise(form)), set()).add(entity.id)
    for entity in entities:
        others = set().union(
            *(_others(entity.id, sharing[entity.type, normalise(form)]) for form in (entity.name, *entity.aliases))
        )
        yield replace(entity, apart=tuple(sorted(others)))


def _others(own: str, same: set[str]) -> set[str]:
    """The others of those that share a form; of very many only the first, and for the first all, as pairs grow by the square."""
    first = min(same)
    return same - {own} if len(same) <= _MANY or own == first else {first}


def to_networkx(graph: Graph, ontology: Ontology | None = None) -> "nx.MultiDiGraph":
    """The graph as a NetworkX multigraph: nodes by id, edges keyed by relation, every attribute a string or a number.

    Nodes carry `label`, `type` and `aliases` (joined by " | "); edges `relation`, `support` (distinct papers), `belief` (of all
    evidence, see `Link.belief`), `confidence` (the highest), and the `paper`, `sentence` and `rule` of the evidence that has it.
    """
    import networkx as nx

    ontology = ontology or load_knowledge().ontology
    view = nx.MultiDiGraph()
    view.add_nodes_from(node_rows(graph, ontology))
    view.add_edges_from((link.head, link.tail, link.relation, values) for link, values in edge_rows(graph))
    return view


def node_rows(graph: Graph, ontology: Ontology) -> Iterator[tuple[str, dict[str, str]]]:
    """Each node's id and attributes, sorted by id."""
    papers = ((one.id, one.title, PAPER, "") for one in graph.papers)
    things = ((one.id, one.name, one.type, " | ".join(one.aliases)) for one in graph.entities)
    for node, label, cls, aliases in merge(papers, things):
        yield node, {"label": label, "type": cls, "aliases": aliases, "iri": ontology.iri(node)}


def edge_rows(graph: Graph) -> Iterator[tuple[Link, dict[str, Any]]]:
    """Each statement with its attributes, sorted by head, tail and relation."""
    for _, of_head in groupby(graph.links, attrgetter("head")):
        for link in sorted(of_head, key=attrgetter("tail", "relation")):
            best = min(link.evidence, key=lambda one: (-one.confidence, one)) if len(link.evidence) > 1 else link.evidence[0]
            yield (
                link,
                {
                    "relation": link.relation,
                    "support": link.support,
                    "belief": round(link.belief, 4),
                    "confidence": best.confidence,
                    "paper": best.paper,
                    "sentence": graph.text_of(best.paper)[best.start : best.end],
                    "rule": best.rule,
                },
            )
