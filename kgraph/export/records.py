"""The graph as rows of plain values, one table for each kind of record: what tables on disk and data frames are made of."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kgraph.export.measures import measures
from kgraph.model import Entity, Evidence, Graph, Paper
from kgraph.ontology import PAPER, Ontology

Row = tuple[Any, ...]


class Table(NamedTuple):
    """Columns with their types (`list` is one of texts, `dict` one of listings) and rows of values, none of them missing."""

    columns: Mapping[str, type]
    rows: Iterable[Row]


_MEASURES: Mapping[str, type] = {"degree": int, "pagerank": float, "community": int}
_EVIDENCE: Mapping[str, type] = {"paper": str, "start": int, "end": int, "rule": str, "confidence": float, "sentence": str}


def tables(graph: Graph, ontology: Ontology) -> Mapping[str, Table]:
    """Papers, entities, links, the evidence of links, and results; ids join them. Rows come once, each as it is asked for."""
    found, text_of = measures(graph), graph.text_of
    return {
        "papers": Table(_PAPERS, ((*_paper(paper, ontology), *found[paper.id]) for paper in graph.papers)),
        "entities": Table(_ENTITIES, ((*_entity(entity, ontology), *found[entity.id]) for entity in graph.entities)),
        "links": Table(_LINKS, _links(graph)),
        "evidence": Table(
            {"head": str, "relation": str, "tail": str, **_EVIDENCE},
            (
                (link.head, link.relation, link.tail, *_said(evidence, text_of))
                for link in graph.links
                for evidence in link.evidence
            ),
        ),
        "results": Table(
            {"subject": str, "benchmark": str, "metric": str, "value": str, "unit": str, "kind": str, **_EVIDENCE},
            ((*one[:4], one.unit, one.kind, *_said(one.evidence, text_of)) for one in graph.results),
        ),
    }


_PAPERS: Mapping[str, type] = {
    **dict.fromkeys(("id", "iri", "title", "abstract", "date", "identifier"), str),
    **dict.fromkeys(("identifiers", "authors", "venues", "categories", "keywords", "links"), list),
    "listings": dict,
    **_MEASURES,
}
_ENTITIES: Mapping[str, type] = {
    **dict.fromkeys(("id", "iri", "type", "name"), str),
    "aliases": list,
    "direction": str,
    "kept_apart_from": list,
    "notes": list,
    **_MEASURES,
}
_LINKS: Mapping[str, type] = {
    **dict.fromkeys(("head", "head_type", "head_name", "relation", "tail", "tail_type", "tail_name"), str),
    "support": int,
    "belief": float,
    "evidence": int,
}


def _paper(paper: Paper, ontology: Ontology) -> Row:
    listings = [{"file": one.file, "line": one.line, "date": one.date} for one in paper.listings]
    lists = (paper.identifiers, paper.authors, paper.venues, paper.categories, paper.keywords, paper.links)
    alone = (paper.id, ontology.iri(paper.id), paper.title, paper.abstract, paper.date, paper.identifier)
    return (*alone, *map(list, lists), listings)


def _entity(entity: Entity, ontology: Ontology) -> Row:
    alone = (entity.id, ontology.iri(entity.id), entity.type, entity.name)
    return *alone, list(entity.aliases), entity.direction, list(entity.apart), list(entity.notes)


def _links(graph: Graph) -> Iterator[Row]:
    named = {paper.id: (PAPER, paper.title) for paper in graph.papers} | {one.id: (one.type, one.name) for one in graph.entities}
    for link in graph.links:
        head, tail = (link.head, *named[link.head]), (link.tail, *named[link.tail])
        yield *head, link.relation, *tail, link.support, round(link.belief, 4), len(link.evidence)


def _said(evidence: Evidence, text_of: Callable[[str], str]) -> Row:
    return (*evidence, text_of(evidence.paper)[evidence.start : evidence.end])
