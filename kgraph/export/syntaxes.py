"""The graph in the syntaxes of RDF that pyoxigraph writes; in those with named graphs, what each paper says is one.

All are written as the statements come, many at a time, and none is ever held whole.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

import pyoxigraph as ox

from kgraph.export.rdf import Literal, Triple, evidence_of, result_of, triples
from kgraph.export.sorting import sorted_lines
from kgraph.export.text import xml_scalar
from kgraph.knowledge import Knowledge
from kgraph.model import Graph, Link, Result
from kgraph.ontology import Ontology

T = TypeVar("T")
Placed = tuple[Triple, str]
"""A triple and the IRI of its graph, "" for the default graph."""
_AT_ONCE = 10_000
_NAMES = 1 << 14
_HEAD = re.compile(rb"(?:@prefix [^\n]*\n)+|<\?xml[^\n]*\n<rdf:RDF[^\n]*|")
"""What each file of a syntax begins with."""
_FOOT = b"\n</rdf:RDF>"


def turtle(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The graph as Turtle."""
    ontology = knowledge.ontology
    batches = _batches(triples(graph, ontology), itemgetter(0))
    return _serialised(batches, ox_triple(ontology), ox.RdfFormat.TURTLE, dict(ontology.prefixes))


def n_triples(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The graph as N-Triples, one statement a line, sorted."""
    ontology = knowledge.ontology
    batches = _batches(triples(graph, ontology), itemgetter(0))
    return sorted_lines(_serialised(batches, ox_triple(ontology), ox.RdfFormat.N_TRIPLES))


def n_quads(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The graph as N-Quads, sorted; see `quads` for what stands in which graph."""
    ontology = knowledge.ontology
    batches = _batches(_quads_by_link(graph, ontology), _graph_or_subject)
    return sorted_lines(_serialised(batches, _ox_quad(ontology), ox.RdfFormat.N_QUADS))


def trig(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The graph as TriG; see `quads` for what stands in which graph."""
    ontology = knowledge.ontology
    batches = _batches(quads(graph, ontology), _graph_or_subject)
    return _serialised(batches, _ox_quad(ontology), ox.RdfFormat.TRIG, dict(ontology.prefixes))


def rdf_xml(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The graph as RDF/XML; characters that XML cannot hold become U+FFFD, carriage returns line feeds."""
    ontology = knowledge.ontology
    stated = (
        (one, predicate, value._replace(value=xml_scalar(value.value)) if isinstance(value, Literal) else value)
        for one, predicate, value in triples(graph, ontology)
    )
    prefixes = {prefix: namespace for prefix, namespace in ontology.prefixes.items() if prefix != "rdf"}
    batches = _batches(stated, itemgetter(0))
    yield from _serialised(batches, ox_triple(ontology), ox.RdfFormat.RDF_XML, prefixes)
    yield _FOOT


def quads(graph: Graph, ontology: Ontology) -> Iterator[Placed]:
    """All triples, each with its graph's IRI, "" for the default graph.

    The graph named by a paper's IRI holds what is known of the paper, what it says, and the evidence; what two papers say stands
    in both graphs. What the things are called stands in the default graph.
    """
    links: dict[str, list[Link]] = {}
    for link in graph.links:
        for said_by in sorted({evidence.paper for evidence in link.evidence}):
            own = tuple(evidence for evidence in link.evidence if evidence.paper == said_by)
            links.setdefault(said_by, []).append(Link(link.head, link.relation, link.tail, own))
    results: dict[str, list[Result]] = {}
    for result in graph.results:
        results.setdefault(result.evidence.paper, []).append(result)
    for triple in triples(Graph(entities=graph.entities), ontology):
        yield triple, ""
    for paper in graph.papers:
        said, name = links.get(paper.id, []), ontology.iri(paper.id)
        part = Graph((paper,), (), tuple(said), tuple(results.get(paper.id, ())))
        for triple in triples(part, ontology):
            yield triple, name
        for link in said:
            if link.head != paper.id:
                yield (ontology.iri(link.head), ontology.term(link.relation), ontology.iri(link.tail)), name


def _quads_by_link(graph: Graph, ontology: Ontology) -> Iterator[Placed]:
    """The same in another order, some of it several times, without a look at the whole graph."""
    for triple in triples(Graph(entities=graph.entities), ontology):
        yield triple, ""
    for paper in graph.papers:
        for triple in triples(Graph((paper,)), ontology):
            yield triple, ontology.iri(paper.id)
    for link in graph.links:
        stated = ontology.iri(link.head), ontology.term(link.relation), ontology.iri(link.tail)
        for evidence in link.evidence:
            name = ontology.iri(evidence.paper)
            yield stated, name
            for triple in evidence_of(link, evidence, graph.text_of(evidence.paper), ontology):
                yield triple, name
    for result in graph.results:
        for triple in result_of(result, graph.text_of(result.evidence.paper), ontology):
            yield triple, ontology.iri(result.evidence.paper)


def _graph_or_subject(placed: Placed) -> str:
    (subject, _, _), name = placed
    return name or subject


def ox_triple(ontology: Ontology) -> Callable[[Triple], ox.Triple]:
    """Gives a triple as pyoxigraph has it; what is no Unicode in a text becomes a question mark."""
    named = lru_cache(_NAMES)(ox.NamedNode)

    def make(triple: Triple) -> ox.Triple:
        subject, predicate, value = triple
        if not isinstance(value, Literal):
            node: ox.NamedNode | ox.Literal = named(value)
        elif value.datatype:
            node = ox.Literal(value.value, datatype=named(ontology.term(value.datatype)))
        else:
            node = ox.Literal(value.value if value.value.isascii() else value.value.encode("utf-8", "replace").decode("utf-8"))
        return ox.Triple(named(subject), named(predicate), node)

    return make


def _ox_quad(ontology: Ontology) -> Callable[[Placed], ox.Quad]:
    triple_of = ox_triple(ontology)
    graph_of = lru_cache(_NAMES)(lambda name: ox.NamedNode(name) if name else ox.DefaultGraph())

    def make(placed: Placed) -> ox.Quad:
        triple = triple_of(placed[0])
        return ox.Quad(triple.subject, triple.predicate, triple.object, graph_of(placed[1]))

    return make


def _batches(stated: Iterable[T], about: Callable[[T], str]) -> Iterator[list[T]]:
    """Statements, many at a time, those that stand together and are about one thing in one batch."""
    batch: list[T] = []
    for one in stated:
        if len(batch) >= _AT_ONCE and about(one) != about(batch[-1]):
            yield batch
            batch = []
        batch.append(one)
    yield batch


def _serialised(
    batches: Iterable[list[T]],
    make: Callable[[T], ox.Triple | ox.Quad],
    form: ox.RdfFormat,
    prefixes: dict[str, str] | None = None,
) -> Iterator[bytes]:
    """The statements of a file without its foot: what each batch begins with stands once."""
    is_first = True
    for batch in batches:
        content = ox.serialize(map(make, batch), format=form, prefixes=prefixes) or b""  # type: ignore[arg-type]
        head = _HEAD.match(content)
        yield content[head.end() if head and not is_first else 0 :].removesuffix(_FOOT)
        is_first = False
