"""The graph as N-Triples and N-Quads, sorted: a statement a line, so that files can be cut, compared and joined by any tool.

The lines of one subject stay together from the start, so that there are few things to sort.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from operator import add, itemgetter

from kgraph.export.files import encoded
from kgraph.export.rdf import Description, Terms, descriptions, evidence_of, result_of
from kgraph.export.sorting import sorted_groups
from kgraph.knowledge import Knowledge
from kgraph.model import Graph
from kgraph.ontology import Ontology

_END = "\n"
_SPECIAL = re.compile(r'[\x00-\x1f"\\\x7f\ufffe\uffff]')
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def n_triples(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The graph as N-Triples, one statement a line, sorted."""
    return encoded(sorted_groups(_groups(graph, knowledge)))


def unsorted(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The same in the order in which it comes, some of it several times."""
    return encoded(_groups(graph, knowledge))


def _groups(graph: Graph, knowledge: Knowledge) -> Iterator[str]:
    return (_group(one, "") for one in descriptions(graph, _terms(knowledge.ontology)))


def n_quads(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The graph as N-Quads, sorted; see `syntaxes.quads` for what stands in which graph."""
    said = _placed(graph, _terms(knowledge.ontology))
    return encoded(sorted_groups(_group(one, f" <{name}>" if name else "") for one, name in said))


def _placed(graph: Graph, terms: Terms[str]) -> Iterator[tuple[Description[str], str]]:
    """Descriptions and the IRI of the graph of each, "" for the default graph, without a look at the whole graph."""
    iri = terms.ontology.iri
    for one in descriptions(Graph(entities=graph.entities), terms):
        yield one, ""
    for paper in graph.papers:
        for one in descriptions(Graph((paper,)), terms):
            yield one, iri(paper.id)
    for link in graph.links:
        for evidence in link.evidence:
            yield (iri(link.head), [terms.ontology.term(link.relation)], [terms.thing(link.tail)]), iri(evidence.paper)
            yield evidence_of(link, evidence, graph.text_of(evidence.paper), terms), iri(evidence.paper)
    for result in graph.results:
        for one in result_of(result, graph.text_of(result.evidence.paper), terms):
            yield one, iri(result.evidence.paper)


def _terms(ontology: Ontology) -> Terms[str]:
    """Objects as N-Triples have them."""

    def typed(text: str, datatype: str) -> str:
        return f"{_quoted(text)}^^<{ontology.term(datatype)}>"

    return Terms(ontology, "<{}>".format, _quoted, typed)


def _group(description: Description[str], name: str) -> str:
    """The lines of a description, sorted, each with the name of a graph at its end."""
    subject, predicates, values = description
    if isinstance(predicates, tuple):
        ordered, begins = _order(predicates)
        said = list(map(add, begins, ordered(values)))
    else:
        said = sorted([f" <{predicate}> {value}" for predicate, value in zip(predicates, values, strict=True)])
    return f"<{subject}>{f'{name} .{_END}<{subject}>'.join(said)}{name} .{_END}" if said else ""


@lru_cache
def _order(predicates: tuple[str, ...]) -> tuple[Callable[[Sequence[str]], tuple[str, ...]], list[str]]:
    """What sorts the objects of predicates that come together often, and what stands before each."""
    order = sorted(range(len(predicates)), key=predicates.__getitem__)
    return itemgetter(*order), [f" <{predicates[at]}> " for at in order]


def _quoted(text: str) -> str:
    """A text in quotes; what is no Unicode in it becomes a question mark."""
    if not text.isprintable() or '"' in text or "\\" in text:
        text = _SPECIAL.sub(_escape, text).encode("utf-8", "replace").decode("utf-8")
    return f'"{text}"'


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    return _ESCAPES.get(char) or f"\\u{ord(char):04X}"
