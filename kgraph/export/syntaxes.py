"""The graph in the syntaxes of RDF that pyoxigraph writes; in those with named graphs, what each paper says is one.

All are written as the statements come, many at a time, and none is ever held whole.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

import pyoxigraph as ox

from kgraph.export.rdf import Description, Terms, descriptions
from kgraph.export.text import xml_scalar
from kgraph.knowledge import Knowledge
from kgraph.model import Graph, Link, Result
from kgraph.ontology import Ontology

T = TypeVar("T")
S = TypeVar("S", ox.Triple, ox.Quad)
Node = ox.NamedNode | ox.Literal
_AT_ONCE = 10_000
_NAMES = 1 << 14
_HEAD = re.compile(rb"(?:@prefix [^\n]*\n)+|<\?xml[^\n]*\n<rdf:RDF[^\n]*|")
"""What each file of a syntax begins with."""
_FOOT = b"\n</rdf:RDF>"


def turtle(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The graph as Turtle."""
    said = descriptions(graph, ox_terms(knowledge.ontology))
    return _serialised(ox_triples(said), ox.RdfFormat.TURTLE, knowledge.ontology.prefixes)


def trig(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The graph as TriG; see `quads` for what stands in which graph."""
    said = quads(graph, ox_terms(knowledge.ontology))
    return _serialised(_ox_quads(said), ox.RdfFormat.TRIG, knowledge.ontology.prefixes)


def rdf_xml(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The graph as RDF/XML; characters that XML cannot hold become U+FFFD, carriage returns line feeds."""
    prefixes = {prefix: namespace for prefix, namespace in knowledge.ontology.prefixes.items() if prefix != "rdf"}
    said = descriptions(graph, ox_terms(knowledge.ontology, xml_scalar))
    yield from _serialised(ox_triples(said), ox.RdfFormat.RDF_XML, prefixes)
    yield _FOOT


def quads(graph: Graph, terms: Terms[T]) -> Iterator[tuple[Description[T], str]]:
    """All triples as descriptions, each with its graph's IRI, "" for the default graph.

    The graph named by a paper's IRI holds what is known of the paper, what it says, and the evidence; what two papers say stands
    in both graphs. What the things are called stands in the default graph.
    """
    term, iri = terms.ontology.term, terms.ontology.iri
    links: dict[str, list[Link]] = {}
    for link in graph.links:
        for said_by in sorted({evidence.paper for evidence in link.evidence}):
            own = tuple(evidence for evidence in link.evidence if evidence.paper == said_by)
            links.setdefault(said_by, []).append(Link(link.head, link.relation, link.tail, own))
    results: dict[str, list[Result]] = {}
    for result in graph.results:
        results.setdefault(result.evidence.paper, []).append(result)
    for one in descriptions(Graph(entities=graph.entities), terms):
        yield one, ""
    for paper in graph.papers:
        said, name = links.get(paper.id, []), iri(paper.id)
        part = Graph((paper,), (), tuple(said), tuple(results.get(paper.id, ())))
        for one in descriptions(part, terms):
            yield one, name
        for link in said:
            if link.head != paper.id:
                yield (iri(link.head), [term(link.relation)], [terms.thing(link.tail)]), name


def ox_terms(ontology: Ontology, carried: Callable[[str], str] = str) -> Terms[Node]:
    """Objects as pyoxigraph has them; what is no Unicode in a text becomes a question mark."""
    named = lru_cache(_NAMES)(ox.NamedNode)

    def literal(text: str) -> Node:
        return ox.Literal(carried(text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")))

    def typed(text: str, datatype: str) -> Node:
        return ox.Literal(text, datatype=named(ontology.term(datatype)))

    return Terms(ontology, named, literal, typed)


def ox_triples(said: Iterable[Description[Node]]) -> Iterator[tuple[str, list[ox.Triple]]]:
    """The triples of descriptions, each time with what they are about."""
    named = lru_cache(_NAMES)(ox.NamedNode)
    for subject, predicates, values in said:
        about = named(subject)
        yield subject, [ox.Triple(about, *one) for one in zip(map(named, predicates), values, strict=True)]


def _ox_quads(placed: Iterable[tuple[Description[Node], str]]) -> Iterator[tuple[str, list[ox.Quad]]]:
    named = lru_cache(_NAMES)(ox.NamedNode)
    for (subject, predicates, values), name in placed:
        about, graph = named(subject), named(name) if name else ox.DefaultGraph()
        yield name or subject, [ox.Quad(about, *one, graph) for one in zip(map(named, predicates), values, strict=True)]


def _serialised(stated: Iterable[tuple[str, list[S]]], form: ox.RdfFormat, prefixes: Mapping[str, str]) -> Iterator[bytes]:
    """The statements of a file without its foot: what each batch begins with stands once."""
    is_first = True
    for batch in _batches(stated):
        content = ox.serialize(batch, format=form, prefixes=dict(prefixes)) or b""
        head = _HEAD.match(content)
        yield content[head.end() if head and not is_first else 0 :].removesuffix(_FOOT)
        is_first = False


def _batches(stated: Iterable[tuple[str, list[S]]]) -> Iterator[list[S]]:
    """Statements, many at a time, those that stand together and are about one thing in one batch."""
    batch: list[S] = []
    before = ""
    for about, some in stated:
        if len(batch) >= _AT_ONCE and about != before:
            yield batch
            batch = []
        batch += some
        before = about
    yield batch
