"""The graph as RDF: one stream of triples, and rdflib and Turtle as views of it.

Every statement stands plainly and is the subject of evidence: a resource with an IRI made from its content that carries the
sentence, its place, the rule and how sure it is. There are no blank nodes, and nothing of the run enters.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar
from urllib.parse import quote

from kgraph.export.characters import LONE, carried
from kgraph.export.known import Known
from kgraph.knowledge import load_knowledge
from kgraph.model import Entity, Evidence, Graph, Link, Paper, Result
from kgraph.ontology import (
    BY_METRIC,
    EVIDENCE,
    HAS_RESULT,
    KEPT_APART,
    LISTED_IN,
    LISTING,
    ON_BENCHMARK,
    PAPER,
    RESULT,
    Ontology,
    address_of,
    digest,
)

if TYPE_CHECKING:
    import rdflib

T = TypeVar("T")
_INTEGER, _DECIMAL = "xsd:nonNegativeInteger", "xsd:decimal"
_DATES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
"""The datatype of a date by its length, that is, by how precise it is."""


class Literal(NamedTuple):
    """A literal: its lexical form and its datatype as `prefix:name`, "" for a plain string."""

    value: str
    datatype: str = ""


Triple = tuple[str, str, "str | Literal"]
"""Subject, predicate and object; a plain string is an IRI."""
Said = list[tuple[str, T]]
"""Predicates and objects."""
Description = tuple[str, Sequence[str], Sequence[T]]
"""The IRI of a subject, predicates, and an object for each."""


class Terms(Generic[T]):
    """How objects are written, given what makes one of an IRI, of a text, and of a text with a datatype.

    `term` takes a name of the ontology, `thing` the id of a node, `word` a text that may come often.
    """

    def __init__(
        self, ontology: Ontology, named: Callable[[str], T], text: Callable[[str], T], typed: Callable[[str, str], T]
    ) -> None:
        self.ontology, self.named, self.text, self.typed = ontology, named, text, typed
        self.term: Callable[[str], T] = Known[str, T](lambda name: named(ontology.term(name))).__getitem__
        self.thing: Callable[[str], T] = Known[str, T](lambda node: named(ontology.iri(node))).__getitem__
        self.word: Callable[[str], T] = Known[str, T](text).__getitem__
        self.count: Callable[[int], T] = Known[int, T](lambda number: typed(str(number), _INTEGER)).__getitem__
        self.degree: Callable[[float], T] = Known[float, T](lambda number: typed(decimal(number), _DECIMAL)).__getitem__
        self.evidence = tuple(map(ontology.term, _EVIDENCE))


def triples(graph: Graph, ontology: Ontology) -> Iterator[Triple]:
    """All triples of the graph: papers, things, statements with their evidence, sorted by subject's record."""
    terms: Terms[str | Literal] = Terms(ontology, str, Literal, Literal)
    for subject, predicates, values in descriptions(graph, terms):
        for predicate, value in zip(predicates, values, strict=True):
            yield subject, predicate, value


def descriptions(graph: Graph, terms: Terms[T]) -> Iterator[Description[T]]:
    """The same by subjects, of which one may come several times, with objects as they are to be written."""
    iri = terms.ontology.iri
    outgoing = _outgoing(graph, terms)
    for paper in graph.papers:
        yield from _paper(paper, terms)
        if said := outgoing(paper.id):
            yield _described(iri(paper.id), said)
    outgoing = _outgoing(graph, terms)
    for entity in graph.entities:
        yield _entity(entity, terms)
        if said := outgoing(entity.id):
            yield _described(iri(entity.id), said)
    for result in graph.results:
        yield from result_of(result, graph.text_of(result.evidence.paper), terms)
    for link in graph.links:
        for evidence in link.evidence:
            yield evidence_of(link, evidence, graph.text_of(evidence.paper), terms)


def _described(subject: str, said: Said[T]) -> Description[T]:
    return subject, [predicate for predicate, _ in said], [value for _, value in said]


def _outgoing(graph: Graph, terms: Terms[T]) -> Callable[[str], Said[T]]:
    """Gives what is said of a node; nodes are asked about in their order, which is that of statements too."""
    groups = groupby(graph.links, attrgetter("head"))
    head, group = next(groups, ("", iter(())))

    def of(node: str) -> Said[T]:
        nonlocal head, group
        while head and head < node:
            head, group = next(groups, ("", iter(())))
        return [(terms.ontology.term(link.relation), terms.thing(link.tail)) for link in group] if head == node else []

    return of


_QUOTED = Known[str, str](partial(quote, safe=""))


def _paper(paper: Paper, terms: Terms[T]) -> Iterator[Description[T]]:
    term, iri = terms.ontology.term, terms.ontology.iri
    title = terms.text(paper.title)
    said = [(term("rdf:type"), terms.term(PAPER)), (term("rdfs:label"), title), (term("dcterms:title"), title)]
    if paper.abstract:
        said.append((term("dcterms:abstract"), terms.text(paper.abstract)))
    places = [(listing, iri(f"listing/{_QUOTED[listing.file]}/{listing.line}")) for listing in paper.listings]
    said += [*_known_of(paper, terms), *((term(LISTED_IN), terms.named(place)) for _, place in places)]
    yield _described(iri(paper.id), said)
    for listing, place in places:
        said = [(term("rdf:type"), terms.term(LISTING)), (term("file"), terms.word(listing.file))]
        said.append((term("line"), terms.count(listing.line)))
        if listing.date:
            said.append((term("date"), terms.word(listing.date)))
        yield _described(place, said)


def _known_of(paper: Paper, terms: Terms[T]) -> Iterator[tuple[str, T]]:
    """What the sources know of a paper beside its text: each author plainly, and all of them in order in one text."""
    term = terms.ontology.term
    identifiers = sorted({paper.identifier, *paper.identifiers} - {""})
    for identifier in identifiers:
        yield term("dcterms:identifier"), terms.text(identifier)
    for address in sorted({address_of(identifier) for identifier in identifiers} - {""}):
        yield term("owl:sameAs"), terms.named(address)
    for author in sorted(set(paper.authors)):
        yield term("dcterms:creator"), terms.text(author)
    if paper.authors:
        yield term("authors"), terms.text("; ".join(name.replace(";", ",") for name in paper.authors))
    if paper.date:
        yield term("dcterms:issued"), terms.typed(paper.date, _DATES[len(paper.date)])
    for predicate, values in (
        ("venue", paper.venues),
        ("dcterms:subject", paper.categories),
        ("schema:keywords", paper.keywords),
    ):
        for value in values:
            yield term(predicate), terms.word(value)
    for link in paper.links:
        yield term("rdfs:seeAlso"), terms.named(link)


def _entity(entity: Entity, terms: Terms[T]) -> Description[T]:
    term, name = terms.ontology.term, terms.text(entity.name)
    said = [(term("rdf:type"), terms.term(entity.type)), (term("rdfs:label"), name), (term("skos:prefLabel"), name)]
    said += [(term("skos:altLabel"), terms.text(alias)) for alias in entity.aliases if alias != entity.name]
    if entity.direction:
        said.append((term("direction"), terms.word(entity.direction)))
    said += [(term(KEPT_APART), terms.thing(other)) for other in entity.apart]
    said += [(term("skos:changeNote"), terms.text(note)) for note in entity.notes]
    return _described(terms.ontology.iri(entity.id), said)


def result_of(result: Result, text: str, terms: Terms[T]) -> Iterator[Description[T]]:
    """A result with what says it in a text."""
    term, iri = terms.ontology.term, terms.ontology.iri
    stated = (*result[:5], *result.evidence[:4])
    link = Link(result.subject, HAS_RESULT, f"result/{digest(*stated)}", (result.evidence,))
    yield iri(link.head), [term(HAS_RESULT)], [terms.thing(link.tail)]
    said = [(term("rdf:type"), terms.term(RESULT))]
    if result.benchmark:
        said.append((term(ON_BENCHMARK), terms.thing(result.benchmark)))
    if result.metric:
        said.append((term(BY_METRIC), terms.thing(result.metric)))
    said += [(term("value"), terms.text(result.value)), (term("valueKind"), terms.word(result.kind))]
    if result.unit:
        said.append((term("unit"), terms.word(result.unit)))
    yield _described(iri(link.tail), said)
    yield evidence_of(link, result.evidence, text, terms)


_EVIDENCE = (
    *("rdf:type", "rdf:subject", "rdf:predicate", "rdf:object", "prov:wasDerivedFrom"),
    *("oa:exact", "nif:beginIndex", "nif:endIndex", "rule", "confidence"),
)


def evidence_of(link: Link, evidence: Evidence, text: str, terms: Terms[T]) -> Description[T]:
    """What says a statement in a text; the predicates are always the same."""
    thing, head, relation, tail = terms.thing, link.head, link.relation, link.tail
    paper, start, end, rule, confidence = evidence
    values = (
        terms.term(EVIDENCE),
        thing(head),
        terms.term(relation),
        thing(tail),
        thing(paper),
        terms.text(text[start:end]),
        terms.count(start),
        terms.count(end),
        terms.word(rule),
        terms.degree(confidence),
    )
    return (
        terms.ontology.iri(f"evidence/{digest(head, relation, tail, paper, str(start), str(end), rule)}"),
        terms.evidence,
        values,
    )


def decimal(number: float) -> str:
    """A number from 0 to 1 as a canonical xsd:decimal with at most four digits.

    >>> decimal(0.95), decimal(1.0)
    ('0.95', '1.0')
    """
    text = f"{number:.4f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def to_rdf(graph: Graph, ontology: Ontology | None = None) -> "rdflib.Graph":
    """The graph as an rdflib graph with the ontology's prefixes bound."""
    import rdflib

    ontology = ontology or load_knowledge().ontology
    view = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in ontology.prefixes.items():
        view.bind(prefix, namespace)
    for subject, predicate, value in triples(carried(graph, LONE)[0], ontology):
        node: rdflib.term.Node
        if isinstance(value, Literal):
            datatype = rdflib.URIRef(ontology.term(value.datatype)) if value.datatype else None
            node = rdflib.Literal(value.value, datatype=datatype)
        else:
            node = rdflib.URIRef(value)
        view.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), node))
    return view
