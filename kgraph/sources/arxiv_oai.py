"""arXiv by OAI-PMH: its own formats `arXiv` and `arXivRaw`, and Dublin Core."""

from xml.etree.ElementTree import Element

from kgraph.sources.document import Document
from kgraph.sources.names import people, person
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, mapped
from kgraph.sources.xml_records import elements, root_of, text_of, texts_of

SUFFIXES = ()


def recognises(document: Document) -> bool:
    """Whether its first element is that of OAI-PMH, or what it lists."""
    return root_of(document) in ("OAI-PMH", "ListRecords")


def read(document: Document, _: Options) -> Records:
    """The records; one that is only the note of a deletion is no paper."""
    return mapped(document, elements(document, "record"), _record)


def _record(line: int, record: Element) -> Record | None:
    header = record.find("header")
    if header is not None and header.get("status") == "deleted":
        return None
    identifier = text_of(record, "header/identifier")
    core = record.find("metadata/dc")
    if core is not None:
        return _dublin_core(line, core, identifier)
    paper = record.find("metadata/arXiv")
    if paper is None:
        paper = record.find("metadata/arXivRaw")
    if paper is None:
        paper = record
    number, versions = text_of(paper, "id"), paper.findall("version")
    last = versions[-1].get("version", "") if versions else ""
    return Record(
        line,
        text_of(paper, "title"),
        text_of(paper, "abstract"),
        ids=(f"arxiv:{number}{last}", f"arxiv:{number}", identifier, *text_of(paper, "doi").split()),
        authors=tuple(map(_name, paper.findall("authors/author"))) or people(text_of(paper, "authors")),
        date=text_of(paper, "created")
        or (text_of(versions[0], "date") if versions else "")
        or text_of(record, "header/datestamp"),
        venue=text_of(paper, "journal-ref"),
        categories=tuple(text_of(paper, "categories").split()),
        key=number or identifier,
    )


def _dublin_core(line: int, core: Element, identifier: str) -> Record:
    """A record in Dublin Core, whose first description is the abstract."""
    descriptions = texts_of(core, "description")
    return Record(
        line,
        text_of(core, "title"),
        descriptions[0] if descriptions else None,
        ids=(identifier, *texts_of(core, "identifier")),
        authors=tuple(map(person, texts_of(core, "creator"))),
        date=text_of(core, "date"),
        keywords=texts_of(core, "subject"),
        key=identifier,
    )


def _name(author: Element) -> str:
    return " ".join(filter(None, (text_of(author, "forenames"), text_of(author, "keyname"), text_of(author, "suffix"))))
