"""The answers of arXiv's API, which are Atom feeds."""

from xml.etree.ElementTree import Element

from kgraph.sources.document import Document
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, WrongRecordError, mapped
from kgraph.sources.xml_records import elements, root_of, text_of, texts_of

SUFFIXES = (".atom",)


def recognises(document: Document) -> bool:
    """Whether its first element is a feed, or an entry of one."""
    return root_of(document) in ("feed", "entry")


def read(document: Document, _: Options) -> Records:
    """The entries."""
    return mapped(document, elements(document, "entry"), _record)


def _record(line: int, entry: Element) -> Record:
    address = text_of(entry, "id")
    if "/api/errors" in address:
        raise WrongRecordError(f"expected a paper, but an error of the API stands there: {text_of(entry, 'summary')[:200]}")
    return Record(
        line,
        text_of(entry, "title"),
        text_of(entry, "summary"),
        ids=(address, text_of(entry, "doi")),
        authors=texts_of(entry, "author/name"),
        date=text_of(entry, "published") or text_of(entry, "updated"),
        venue=text_of(entry, "journal_ref"),
        categories=tuple(category.get("term", "") for category in entry.findall("category")),
        key=address,
    )
