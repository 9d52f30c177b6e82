"""The graph of a graph file: what `kgraph.export.rdf.triples` says, read back.

RDF does not carry everything: an entity's `long_form`, `broader` and `is_known` are empty afterwards, and its name is among its
aliases whether or not it was seen; a paper's identifier is among its identifiers, and a semicolon in an author's name a comma;
there are no decisions, though nodes keep their notes; a confidence has four digits at most. All else is equal.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.errors import DataError
from kgraph.model import Entity, Evidence, Graph, Link, Listing, Paper, Result
from kgraph.ontology import BY_METRIC, EVIDENCE, HAS_RESULT, KEPT_APART, LISTED_IN, ON_BENCHMARK, PAPER, Ontology, text_of
from kgraph.sources.identity import primary

if TYPE_CHECKING:
    import pyoxigraph as ox


def reload(store: "ox.Store", ontology: Ontology, path: Path) -> Graph:
    """The graph whose triples a store holds; `path` is the file to name where they are wrong.

    Raises:
        DataError: a node, a statement or a result lacks what each has, or speaks of a node that is not there.
    """
    return _Reader(store, ontology, path).graph()


class _Reader:
    """The triples by subject and predicate, IRIs and literals as text, and the records that they make."""

    def __init__(self, store: "ox.Store", ontology: Ontology, path: Path) -> None:
        self._path, self._ontology = path, ontology
        self._things = ontology.iri("")
        self._values: dict[str, dict[str, list[str]]] = {}
        self._nodes: set[str] = set()
        for triple in dict.fromkeys(quad.triple for quad in store):  # named graphs may say one thing twice
            values = self._values.setdefault(text_of(triple.subject), {})
            values.setdefault(triple.predicate.value, []).append(text_of(triple.object))

    def graph(self) -> Graph:
        """All records, sorted."""
        papers, entities = sorted(self._papers()), sorted(self._entities())
        self._nodes = {paper.id for paper in papers} | {entity.id for entity in entities}
        said: dict[tuple[str, str, str], list[Evidence]] = {}
        for one in self._of_class(EVIDENCE):
            head, tail = self._id(self._one(one, "rdf:subject")), self._id(self._one(one, "rdf:object"))
            relation = self._one(one, "rdf:predicate").removeprefix(self._ontology.term(""))
            said.setdefault((head, relation, tail), []).append(self._evidence(one))
        links, results = [], []
        for (head, relation, tail), evidence in said.items():
            if relation == HAS_RESULT:
                results += [self._result(head, tail, one) for one in evidence]
            else:
                links.append(Link(self._node(head), relation, self._node(tail), tuple(sorted(evidence))))
        return Graph(tuple(papers), tuple(entities), tuple(sorted(links)), tuple(sorted(results)))

    def _papers(self) -> Iterator[Paper]:
        for iri in self._of_class(PAPER):
            identifiers, authors = self._sorted(iri, "dcterms:identifier"), self._first(iri, "authors")
            yield Paper(
                id=self._id(iri),
                title=self._one(iri, "dcterms:title"),
                abstract=self._first(iri, "dcterms:abstract"),
                listings=tuple(sorted(map(self._listing, self._all(iri, LISTED_IN)))),
                identifier=primary(identifiers),
                identifiers=identifiers,
                authors=tuple(authors.split("; ")) if authors else (),
                date=self._first(iri, "dcterms:issued"),
                venues=self._sorted(iri, "venue"),
                categories=self._sorted(iri, "dcterms:subject"),
                keywords=self._sorted(iri, "schema:keywords"),
                links=self._sorted(iri, "rdfs:seeAlso"),
            )

    def _listing(self, iri: str) -> Listing:
        return Listing(self._one(iri, "file"), int(self._number(iri, "line")), self._first(iri, "date"))

    def _entities(self) -> Iterator[Entity]:
        for cls in self._ontology.things:
            for iri in self._of_class(cls):
                name = self._one(iri, "skos:prefLabel")
                yield Entity(
                    id=self._id(iri),
                    type=cls,
                    name=name,
                    aliases=tuple(sorted({name, *self._all(iri, "skos:altLabel")})),
                    direction=self._first(iri, "direction"),
                    apart=tuple(sorted(map(self._id, self._all(iri, KEPT_APART)))),
                    notes=self._sorted(iri, "skos:changeNote"),
                )

    def _evidence(self, iri: str) -> Evidence:
        paper = self._node(self._id(self._one(iri, "prov:wasDerivedFrom")))
        start, end = int(self._number(iri, "nif:beginIndex")), int(self._number(iri, "nif:endIndex"))
        return Evidence(paper, start, end, self._one(iri, "rule"), self._number(iri, "confidence"))

    def _result(self, subject: str, result: str, evidence: Evidence) -> Result:
        iri = self._things + result
        benchmark, metric = (self._id(self._first(iri, end)) for end in (ON_BENCHMARK, BY_METRIC))
        nodes = [self._node(node) if node else "" for node in (subject, benchmark, metric)]
        return Result(nodes[0], nodes[1], nodes[2], self._one(iri, "value"), self._first(iri, "valueKind"), evidence)

    def _of_class(self, cls: str) -> Sequence[str]:
        kind, term = self._ontology.term("rdf:type"), self._ontology.term(cls)
        return [iri for iri, values in self._values.items() if term in values.get(kind, ())]

    def _all(self, iri: str, predicate: str) -> Sequence[str]:
        return self._values.get(iri, {}).get(self._ontology.term(predicate), ())

    def _sorted(self, iri: str, predicate: str) -> tuple[str, ...]:
        return tuple(sorted(self._all(iri, predicate)))

    def _first(self, iri: str, predicate: str) -> str:
        return min(self._all(iri, predicate), default="")

    def _one(self, iri: str, predicate: str) -> str:
        if not self._all(iri, predicate):
            raise DataError(self._path, None, f"{iri} has no {self._ontology.term(predicate)}")
        return self._first(iri, predicate)

    def _number(self, iri: str, predicate: str) -> float:
        value = self._one(iri, predicate)
        try:
            return float(value)
        except ValueError as error:
            raise DataError(self._path, None, f"{iri} has {value!r} where a number is expected") from error

    def _id(self, iri: str) -> str:
        return iri.removeprefix(self._things)

    def _node(self, identifier: str) -> str:
        if identifier not in self._nodes:
            raise DataError(self._path, None, f"something is said of {identifier}, which is no paper and no thing")
        return identifier
