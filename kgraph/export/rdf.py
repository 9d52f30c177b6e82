"""The graph as RDF: one stream of triples, and rdflib and Turtle as views of it.

Every statement stands plainly and is the subject of evidence: a resource with an IRI made from its content that carries the
sentence, its place, the rule and how sure it is. There are no blank nodes, and nothing of the run enters.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from kgraph.export.characters import LONE, carried
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

_INTEGER, _DECIMAL = "xsd:nonNegativeInteger", "xsd:decimal"
_DATES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
"""The datatype of a date by its length, that is, by how precise it is."""


class Literal(NamedTuple):
    """A literal: its lexical form and its datatype as `prefix:name`, "" for a plain string."""

    value: str
    datatype: str = ""


Triple = tuple[str, str, "str | Literal"]
"""Subject, predicate and object; a plain string is an IRI."""


def triples(graph: Graph, ontology: Ontology) -> Iterator[Triple]:
    """All triples of the graph: papers, things, statements with their evidence, sorted by subject's record."""
    term, iri = ontology.term, ontology.iri
    outgoing = _outgoing(graph)
    for paper in graph.papers:
        yield from _paper(paper, ontology)
        for link in outgoing(paper.id):
            yield iri(paper.id), term(link.relation), iri(link.tail)
    outgoing = _outgoing(graph)
    for entity in graph.entities:
        yield from _entity(entity, ontology)
        for link in outgoing(entity.id):
            yield iri(entity.id), term(link.relation), iri(link.tail)
    for result in graph.results:
        yield from result_of(result, graph.text_of(result.evidence.paper), ontology)
    for link in graph.links:
        for evidence in link.evidence:
            yield from evidence_of(link, evidence, graph.text_of(evidence.paper), ontology)


def _outgoing(graph: Graph) -> Callable[[str], Iterable[Link]]:
    """Gives the statements of a node; nodes are asked about in their order, which is that of statements too."""
    groups = groupby(graph.links, attrgetter("head"))
    head, group = next(groups, ("", iter(())))

    def of(node: str) -> Iterable[Link]:
        nonlocal head, group
        while head and head < node:
            head, group = next(groups, ("", iter(())))
        return group if head == node else ()

    return of


def _paper(paper: Paper, ontology: Ontology) -> Iterator[Triple]:
    term, subject = ontology.term, ontology.iri(paper.id)
    yield subject, term("rdf:type"), term(PAPER)
    yield subject, term("rdfs:label"), Literal(paper.title)
    yield subject, term("dcterms:title"), Literal(paper.title)
    if paper.abstract:
        yield subject, term("dcterms:abstract"), Literal(paper.abstract)
    yield from _known_of(paper, subject, ontology)
    places = [(listing, ontology.iri(f"listing/{quote(listing.file, safe='')}/{listing.line}")) for listing in paper.listings]
    for _, place in places:
        yield subject, term(LISTED_IN), place
    for listing, place in places:
        yield place, term("rdf:type"), term(LISTING)
        yield place, term("file"), Literal(listing.file)
        yield place, term("line"), Literal(str(listing.line), _INTEGER)
        if listing.date:
            yield place, term("date"), Literal(listing.date)


def _known_of(paper: Paper, subject: str, ontology: Ontology) -> Iterator[Triple]:
    """What the sources know of a paper beside its text: each author plainly, and all of them in order in one text."""
    term = ontology.term
    identifiers = sorted({paper.identifier, *paper.identifiers} - {""})
    for identifier in identifiers:
        yield subject, term("dcterms:identifier"), Literal(identifier)
    for address in sorted({address_of(identifier) for identifier in identifiers} - {""}):
        yield subject, term("owl:sameAs"), address
    for author in sorted(set(paper.authors)):
        yield subject, term("dcterms:creator"), Literal(author)
    if paper.authors:
        yield subject, term("authors"), Literal("; ".join(name.replace(";", ",") for name in paper.authors))
    if paper.date:
        yield subject, term("dcterms:issued"), Literal(paper.date, _DATES[len(paper.date)])
    for predicate, values in (
        ("venue", paper.venues),
        ("dcterms:subject", paper.categories),
        ("schema:keywords", paper.keywords),
    ):
        for value in values:
            yield subject, term(predicate), Literal(value)
    for link in paper.links:
        yield subject, term("rdfs:seeAlso"), link


def _entity(entity: Entity, ontology: Ontology) -> Iterator[Triple]:
    term, subject = ontology.term, ontology.iri(entity.id)
    yield subject, term("rdf:type"), term(entity.type)
    yield subject, term("rdfs:label"), Literal(entity.name)
    yield subject, term("skos:prefLabel"), Literal(entity.name)
    for alias in entity.aliases:
        if alias != entity.name:
            yield subject, term("skos:altLabel"), Literal(alias)
    if entity.direction:
        yield subject, term("direction"), Literal(entity.direction)
    for other in entity.apart:
        yield subject, term(KEPT_APART), ontology.iri(other)
    for note in entity.notes:
        yield subject, term("skos:changeNote"), Literal(note)


def result_of(result: Result, text: str, ontology: Ontology) -> Iterator[Triple]:
    """A result with what says it in a text."""
    term, iri = ontology.term, ontology.iri
    evidence = result.evidence
    stated = (*result[:5], *evidence[:4])
    link = Link(result.subject, HAS_RESULT, f"result/{digest(*stated)}", (evidence,))
    subject = iri(link.tail)
    yield iri(link.head), term(HAS_RESULT), subject
    yield subject, term("rdf:type"), term(RESULT)
    if result.benchmark:
        yield subject, term(ON_BENCHMARK), iri(result.benchmark)
    if result.metric:
        yield subject, term(BY_METRIC), iri(result.metric)
    yield subject, term("value"), Literal(result.value)
    yield subject, term("valueKind"), Literal(result.kind)
    if result.unit:
        yield subject, term("unit"), Literal(result.unit)
    yield from evidence_of(link, evidence, text, ontology)


def evidence_of(link: Link, evidence: Evidence, text: str, ontology: Ontology) -> Iterator[Triple]:
    """What says a statement in a text."""
    term, iri = ontology.term, ontology.iri
    key = digest(link.head, link.relation, link.tail, *(evidence.paper, evidence.start, evidence.end, evidence.rule))
    subject = iri(f"evidence/{key}")
    yield subject, term("rdf:type"), term(EVIDENCE)
    yield subject, term("rdf:subject"), iri(link.head)
    yield subject, term("rdf:predicate"), term(link.relation)
    yield subject, term("rdf:object"), iri(link.tail)
    yield subject, term("prov:wasDerivedFrom"), iri(evidence.paper)
    yield subject, term("oa:exact"), Literal(text[evidence.start : evidence.end])
    yield subject, term("nif:beginIndex"), Literal(str(evidence.start), _INTEGER)
    yield subject, term("nif:endIndex"), Literal(str(evidence.end), _INTEGER)
    yield subject, term("rule"), Literal(evidence.rule)
    yield subject, term("confidence"), Literal(decimal(evidence.confidence), _DECIMAL)


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
