"""The arXiv snapshot that Kaggle gives: a line each, five gigabytes of them."""

import re
from typing import Any

from kgraph.sources.document import Document
from kgraph.sources.json_records import as_object, inside, items, looks_like_json, text, texts
from kgraph.sources.names import people
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, mapped

SUFFIXES = ()
_SIGN = re.compile(r'"(?:authors_parsed|journal-ref|report-no|update_date)"\s*:')


def recognises(document: Document) -> bool:
    """Whether it is JSON with a key that only the snapshot has."""
    return looks_like_json(document, _SIGN)


def read(document: Document, _: Options) -> Records:
    """The papers, a line each."""
    return mapped(document, items(document), _record)


def _record(line: int, value: Any) -> Record:
    row = as_object(value)
    number, versions = text(row.get("id")), row.get("versions")
    last = text(inside(versions[-1], "version")) if isinstance(versions, list) and versions else ""
    first = text(inside(versions[0], "created")) if isinstance(versions, list) and versions else ""
    return Record(
        line,
        row.get("title"),
        row.get("abstract"),
        ids=(f"arxiv:{number}{last}", f"arxiv:{number}", *text(row.get("doi")).split()),
        authors=_authors(row),
        date=first or text(row.get("update_date")),
        venue=text(row.get("journal-ref")),
        categories=tuple(text(row.get("categories")).split()) or texts(row.get("categories")),
        key=number,
    )


def _authors(row: Any) -> tuple[str, ...]:
    """The names, given name first; as one text where they are not parsed."""
    parsed = row.get("authors_parsed")
    if not isinstance(parsed, list):
        return people(text(row.get("authors")))
    names = [texts(one) for one in parsed]
    return tuple(" ".join((*name[1:2], *name[:1], *name[2:3])).replace(". -", ".-") for name in names if name)
