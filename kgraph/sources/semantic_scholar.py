"""Semantic Scholar: a search's answer, a paper, a batch, or its bulk data by lines."""

import re
from collections.abc import Mapping
from typing import Any

from kgraph.sources.document import Document
from kgraph.sources.json_records import as_object, inside, items, looks_like_json, text, texts
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, mapped

SUFFIXES = ()
_SIGN = re.compile(r'"(?:paperId|externalIds|corpusid|externalids|corpusId)"\s*:')
_SCHEMES = {"arxiv": "arxiv:", "doi": "", "pubmed": "pmid:", "acl": "acl:"}


def recognises(document: Document) -> bool:
    """Whether it is JSON with Semantic Scholar's ids."""
    return looks_like_json(document, _SIGN)


def read(document: Document, _: Options) -> Records:
    """The papers; a batch has null where it knows none, which is nothing."""
    return mapped(document, items(document), _record)


def _record(line: int, value: Any) -> Record | None:
    if value is None:
        return None
    paper = {key.lower(): one for key, one in as_object(value).items()}
    key = text(paper.get("paperid"))
    external = paper.get("externalids")
    fields = texts(paper.get("s2fieldsofstudy"), "category") or texts(paper.get("fieldsofstudy"))
    journal = paper.get("journal")
    return Record(
        line,
        paper.get("title"),
        paper.get("abstract"),
        ids=(f"s2:{key}", *_identifiers(external)),
        authors=texts(paper.get("authors"), "name"),
        date=text(paper.get("publicationdate")) or text(paper.get("year")),
        venue=text(paper.get("venue")) or text(inside(journal, "name")) or text(inside(paper, "publicationvenue", "name")),
        categories=tuple(dict.fromkeys(fields)),
        key=key or text(paper.get("corpusid")),
    )


def _identifiers(external: Any) -> list[str]:
    if not isinstance(external, Mapping):
        return []
    return [
        f"{_SCHEMES[name.lower()]}{text(value)}" for name, value in external.items() if name.lower() in _SCHEMES and text(value)
    ]
