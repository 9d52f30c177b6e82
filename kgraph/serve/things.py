"""What the pages show, read from the store: names to search in, and a node's statements with their sentences."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from kgraph.export.style import load_style
from kgraph.knowledge import Knowledge
from kgraph.lexicon import normalise
from kgraph.marks import marks
from kgraph.model import Evidence, Graph, Link, Result
from kgraph.ontology import text_of
from kgraph.query.running import shortened, values

if TYPE_CHECKING:
    import pyoxigraph as ox

_NAMES = """SELECT ?thing ?form (SAMPLE(?label) AS ?name) (MIN(?class) AS ?type) {
  ?thing skos:prefLabel|skos:altLabel|dcterms:title ?form ; rdfs:label ?label ; a ?class
} GROUP BY ?thing ?form ORDER BY ?thing ?form"""


class Name(NamedTuple):
    """A form that a node is written in, normalised, with its id, name and class."""

    form: str
    id: str
    name: str
    type: str


class Sentence(NamedTuple):
    """A sentence in pieces, each with whether it is marked; its paper's id and title; the rules and how sure each is."""

    pieces: tuple[tuple[str, bool], ...]
    paper: str
    title: str
    rules: str


class Statement(NamedTuple):
    """The heading it stands under, the other node's id and name, and the sentences that say it.

    Of a statement about the node itself also the relation, its label, and whether it leads away from the node.
    """

    heading: str
    other: str
    name: str
    relation: str
    label: str
    is_outward: bool
    sentences: tuple[Sentence, ...]


def names_of(store: "ox.Store", knowledge: Knowledge) -> tuple[Name, ...]:
    """All names of papers and things."""
    things, rows = knowledge.ontology.iri(""), values(store, _NAMES, knowledge)
    found = []
    for thing, form, name, cls in rows:
        found.append(Name(normalise(form), thing.removeprefix(things), name, cls.rpartition("#")[2]))
    return tuple(found)


def search(names: tuple[Name, ...], words: str, cls: str = "") -> list[Name]:
    """The nodes that have the words in a name, those first that have little else in it; one entry a node."""
    wanted = normalise(words)
    found = [name for name in names if wanted in name.form and cls in ("", name.type)] if wanted or cls else []
    best: dict[str, Name] = {}
    for name in sorted(found, key=lambda name: (name.form != wanted, not name.form.startswith(wanted), len(name.form), name)):
        best.setdefault(name.id, name)
    return list(best.values())


def statements(graph: Graph, node: str, knowledge: Knowledge) -> list[Statement]:
    """What is said of a node, given by its id, or in it if it is a paper; each statement with its sentences, words marked."""
    found = _Said(graph)
    rows = [row for link in graph.links for row in found.link(link, node, knowledge)]
    rows += [row for result in graph.results for row in found.result(result, node)]
    order = {relation: place for place, relation in enumerate(load_style(knowledge).relations)}
    rows.sort(key=lambda row: (row[0] > 1, order.get(row[4], len(order)), row[:6], row[6].title))
    grouped = groupby(rows, key=lambda row: row[:6])
    return [
        Statement(heading, other, name, term, label, place == 0, _by_sentence(row[6] for row in same))
        for (place, heading, other, name, term, label), same in grouped
    ]


_Row = tuple[int, str, str, str, str, str, Sentence]
"""Whether it leads away, heading, other node, its name, relation, label, sentence."""


class _Said:
    """What a graph says, as rows for the page of one node."""

    def __init__(self, graph: Graph) -> None:
        self._papers = {paper.id: paper for paper in graph.papers}
        self._names = {paper.id: paper.title for paper in graph.papers} | {one.id: one.name for one in graph.entities}
        self._forms = {one.id: {one.name, *one.aliases} for one in graph.entities}

    def link(self, link: Link, node: str, knowledge: Knowledge) -> Iterator[_Row]:
        known = knowledge.ontology.relations.get(link.relation)
        label = known.label if known else link.relation
        head, tail = self._names[link.head], self._names[link.tail]
        for evidence in link.evidence:
            said = self._sentence(evidence, link.head, link.tail)
            if link.head == node:
                yield 0, label, link.tail, tail, link.relation, label, said
            elif link.tail == node:
                yield 1, f"{label} this", link.head, head, link.relation, label, said
            elif evidence.paper == node:
                yield 2, "also said here", link.head, f"{head} {label} {tail}", "", "", said

    def result(self, result: Result, node: str) -> Iterator[_Row]:
        said = self._sentence(result.evidence, result.subject, result.benchmark, result.metric)
        of, on, by = (self._names.get(one, "") for one in result[:3])
        name = " ".join(filter(None, [of if result.subject != node else "", result.value, on and f"on {on}", by and f"by {by}"]))
        if result.subject == node:
            yield 2, "numbers", result.benchmark or result.metric, name, "", "", said
        elif node in (result.benchmark, result.metric, result.evidence.paper):
            yield 2, "numbers stated here", result.subject, name, "", "", said

    def _sentence(self, evidence: Evidence, *nodes: str) -> Sentence:
        paper, forms = self._papers[evidence.paper], {form for node in nodes for form in self._forms.get(node, ())}
        pieces = _pieces(paper.text[evidence.start : evidence.end], forms)
        return Sentence(pieces, paper.id, paper.title, f"{evidence.rule} {evidence.confidence:g}")


def _by_sentence(said: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Each sentence once, with all rules that read it."""
    rules: dict[Sentence, list[str]] = {}
    for one in said:
        rules.setdefault(one._replace(rules=""), []).append(one.rules)
    return tuple(one._replace(rules=", ".join(read)) for one, read in rules.items())


def _pieces(sentence: str, forms: set[str]) -> tuple[tuple[str, bool], ...]:
    pieces, at = [], 0
    for start, end in marks(sentence, forms):
        pieces += [(sentence[at:start], False), (sentence[start:end], True)]
        at = end
    return tuple(piece for piece in (*pieces, (sentence[at:], False)) if piece[0])


def facts(store: "ox.Store", iri: str, knowledge: Knowledge) -> list[tuple[str, str, str]]:
    """What the store says of a node plainly: predicate, text, and the id of the node that it names ("" for a literal)."""
    import pyoxigraph as ox

    things, found = knowledge.ontology.iri(""), []
    for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None):
        value = text_of(quad.object)
        node = value.removeprefix(things) if isinstance(quad.object, ox.NamedNode) and value.startswith(things) else ""
        found.append((shortened(quad.predicate.value, knowledge), node or shortened(value, knowledge), node))
    return sorted(found)


def triples_of(store: "ox.Store", iri: str) -> bytes:
    """What the store says of a node, and of what to what, as N-Triples."""
    import pyoxigraph as ox

    node = ox.NamedNode(iri)
    quads = [*store.quads_for_pattern(node, None, None), *store.quads_for_pattern(None, None, node)]
    return "".join(sorted({f"{quad.triple} .\n" for quad in quads})).encode()
