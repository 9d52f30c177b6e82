"""The graph in the syntaxes of RDF that pyoxigraph writes; in those with named graphs, what each paper says is one."""

import io
from collections.abc import Iterator

import pyoxigraph as ox

from kgraph.export import rdf
from kgraph.export.rdf import Literal, Triple, ox_triples, triples
from kgraph.export.text import xml_scalar
from kgraph.knowledge import Knowledge
from kgraph.model import Graph, Link, Result
from kgraph.ontology import Ontology


def turtle(graph: Graph, knowledge: Knowledge) -> bytes:
    """The graph as Turtle."""
    return rdf.turtle(graph, knowledge.ontology)


def n_triples(graph: Graph, knowledge: Knowledge) -> bytes:
    """The graph as N-Triples, one statement a line, sorted."""
    ontology = knowledge.ontology
    return _sorted_lines(_serialised(ox_triples(triples(graph, ontology), ontology), ox.RdfFormat.N_TRIPLES))


def n_quads(graph: Graph, knowledge: Knowledge) -> bytes:
    """The graph as N-Quads, sorted; see `quads` for what stands in which graph."""
    return _sorted_lines(_serialised(_ox_quads(graph, knowledge.ontology), ox.RdfFormat.N_QUADS))


def trig(graph: Graph, knowledge: Knowledge) -> bytes:
    """The graph as TriG; see `quads` for what stands in which graph."""
    return _serialised(_ox_quads(graph, knowledge.ontology), ox.RdfFormat.TRIG, dict(knowledge.ontology.prefixes))


def rdf_xml(graph: Graph, knowledge: Knowledge) -> bytes:
    """The graph as RDF/XML; characters that XML cannot hold become U+FFFD, carriage returns line feeds."""
    ontology = knowledge.ontology
    stated = (
        (one, predicate, value._replace(value=xml_scalar(value.value)) if isinstance(value, Literal) else value)
        for one, predicate, value in triples(graph, ontology)
    )
    prefixes = {prefix: namespace for prefix, namespace in ontology.prefixes.items() if prefix != "rdf"}
    return _serialised(ox_triples(stated, ontology), ox.RdfFormat.RDF_XML, prefixes)


def quads(graph: Graph, ontology: Ontology) -> Iterator[tuple[Triple, str]]:
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


def _ox_quads(graph: Graph, ontology: Ontology) -> Iterator[ox.Quad]:
    placed = list(quads(graph, ontology))
    names = {name: ox.NamedNode(name) if name else ox.DefaultGraph() for name in dict.fromkeys(name for _, name in placed)}
    terms = ox_triples((triple for triple, _ in placed), ontology)
    for triple, (_, name) in zip(terms, placed, strict=True):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, names[name])


def _serialised(
    statements: Iterator[ox.Triple] | Iterator[ox.Quad], form: ox.RdfFormat, prefixes: dict[str, str] | None = None
) -> bytes:
    output = io.BytesIO()
    ox.serialize(statements, output=output, format=form, prefixes=prefixes)
    return output.getvalue()


def _sorted_lines(content: bytes) -> bytes:
    return b"".join(sorted(set(content.splitlines(keepends=True))))
