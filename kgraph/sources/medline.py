"""MEDLINE, which PubMed also saves as `.nbib`."""

import re

from kgraph.sources.document import Document
from kgraph.sources.names import person
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, mapped
from kgraph.sources.tagged import Fields, every, first, tagged

SUFFIXES = (".nbib", ".medline")
_TAG = re.compile(r"\ufeff?([A-Z]{2,4}) {0,2}- ?(.*)")
_BEGINS = re.compile(r"[\s\ufeff]*+(?:[^\n]{0,200}\n){0,9}?PMID ?- ?\d")
_DOI = re.compile(r"\s*(10\.\S+)\s+\[doi\]")
_LONGEST_DOI = 400


def recognises(document: Document) -> bool:
    """Whether one of the first lines is a PubMed id."""
    return _BEGINS.match(document.beginning) is not None


def read(document: Document, _: Options) -> Records:
    """The citations."""
    return mapped(document, tagged(document, _TAG, "PMID"), _record)


def _record(line: int, fields: Fields) -> Record:
    number = first(fields, "PMID")
    return Record(
        line,
        first(fields, "TI", "TT", "BTI"),
        first(fields, "AB"),
        ids=(
            f"pmid:{number}",
            *(found[1] for value in every(fields, "LID", "AID") if (found := _DOI.match(value[:_LONGEST_DOI]))),
        ),
        authors=tuple(map(person, every(fields, "FAU") or every(fields, "AU"))) + every(fields, "CN"),
        date=first(fields, "DP", "DEP"),
        venue=first(fields, "JT", "TA"),
        keywords=(*every(fields, "OT"), *every(fields, "MH")),
        key=number,
    )
