"""RIS, as Zotero, Mendeley, EndNote, Web of Science and Scopus export it."""

import re

from kgraph.sources.document import Document
from kgraph.sources.names import person
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, mapped
from kgraph.sources.tagged import Fields, every, first, tagged

SUFFIXES = (".ris",)
_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9])  ?- ?(.*)")
_BEGINS = re.compile(r"\ufeff?(?:[^\n]{0,200}\n){0,9}TY  ?- ?[A-Z]")
_ARXIV = re.compile(r"arXiv:\s*\S+", re.IGNORECASE)


def recognises(document: Document) -> bool:
    """Whether one of the first lines is a type."""
    return _BEGINS.match(document.beginning) is not None


def read(document: Document, _: Options) -> Records:
    """The references."""
    return mapped(document, tagged(document, _TAG, "TY", "ER"), _record)


def _record(line: int, fields: Fields) -> Record:
    arxiv = (
        found[0] for value in every(fields, "JO", "T2", "JF", "M1", "M3", "N1", "PB", "SN") if (found := _ARXIV.search(value))
    )
    dates = every(fields, "DA", "PY", "Y1")
    return Record(
        line,
        first(fields, "TI", "T1", "CT"),
        first(fields, "AB", "N2"),
        ids=(*every(fields, "DO"), *every(fields, "UR", "L1", "L2", "LK"), *arxiv),
        authors=tuple(map(person, every(fields, "AU", "A1"))),
        date=max(dates, key=lambda date: len(date.rstrip("/").split("/")), default=""),
        venue=first(fields, "T2", "JO", "JF", "BT", "JA"),
        keywords=every(fields, "KW"),
        key=first(fields, "ID", "DO", "AN"),
    )
