"""Input documents → papers: one reader per format, chosen by content first and suffix second, or given."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kgraph.errors import DataError
from kgraph.model import Paper
from kgraph.sources import (
    arxiv_atom,
    arxiv_kaggle,
    arxiv_oai,
    bibtex,
    hf_html,
    hf_json,
    jsonl,
    listing,
    medline,
    openalex,
    plain_text,
    pubmed,
    ris,
    semantic_scholar,
    table,
)
from kgraph.sources.dates import iso_date
from kgraph.sources.document import Document
from kgraph.sources.finding import find_places
from kgraph.sources.opening import documents
from kgraph.sources.options import NO_OPTIONS, Options
from kgraph.sources.record import Records, Rejection, paper_of
from kgraph.sources.text import legible, plain, plain_bibtex, sound

__all__ = ["SOURCES", "LeftOut", "Options", "Rejection", "Source", "find_documents", "papers_in", "read_papers", "read_records"]


@dataclass(frozen=True, slots=True)
class Source:
    """An input format: the suffixes it goes by, whether a document is of it, how its records are read, and their texts."""

    suffixes: tuple[str, ...]
    recognises: Callable[[Document], bool]
    read: Callable[[Document, Options], Records]
    text: Callable[[str], str] = plain


class LeftOut(NamedTuple):
    """A record that is well and not wanted, by its category or date."""

    path: str
    line: int


SOURCES: dict[str, Source] = {
    "listing": Source(listing.SUFFIXES, listing.recognises, listing.read, sound),
    "hf-html": Source(hf_html.SUFFIXES, hf_html.recognises, hf_html.read),
    "hf-json": Source(hf_json.SUFFIXES, hf_json.recognises, hf_json.read),
    "arxiv-kaggle": Source(arxiv_kaggle.SUFFIXES, arxiv_kaggle.recognises, arxiv_kaggle.read),
    "arxiv-atom": Source(arxiv_atom.SUFFIXES, arxiv_atom.recognises, arxiv_atom.read),
    "arxiv-oai": Source(arxiv_oai.SUFFIXES, arxiv_oai.recognises, arxiv_oai.read),
    "openalex": Source(openalex.SUFFIXES, openalex.recognises, openalex.read),
    "semantic-scholar": Source(semantic_scholar.SUFFIXES, semantic_scholar.recognises, semantic_scholar.read),
    "pubmed": Source(pubmed.SUFFIXES, pubmed.recognises, pubmed.read),
    "medline": Source(medline.SUFFIXES, medline.recognises, medline.read),
    "ris": Source(ris.SUFFIXES, ris.recognises, ris.read),
    "bibtex": Source(bibtex.SUFFIXES, bibtex.recognises, bibtex.read, plain_bibtex),
    "jsonl": Source(jsonl.SUFFIXES, jsonl.recognises, jsonl.read, legible),
    "xlsx": Source(table.WORKBOOKS, table.recognises_workbook, table.read_workbook),
    "csv": Source(table.SUFFIXES, table.recognises, table.read),
    "text": Source(plain_text.SUFFIXES, plain_text.recognises, plain_text.read),
}
"""The input formats by name, the most specific first; a new one is a module and a line here."""

_SUFFIXES = frozenset(suffix for source in SOURCES.values() for suffix in source.suffixes) | {".xml"}


def find_documents(paths: Iterable[str | Path]) -> Iterator[Document | Rejection]:
    """The documents that files, folders, globs, addresses and archives hold; what cannot be opened, as a rejection.

    Raises:
        DataError: a path does not exist, or a folder holds no file of a known suffix.
    """
    for place in find_places(paths, _SUFFIXES):
        try:
            with place.open() as stream:
                yield from documents(stream, place.path, place.name)
        except DataError as error:
            yield Rejection.of(error)


def read_records(paths: Iterable[str | Path], options: Options = NO_OPTIONS) -> Iterator[Paper | Rejection | LeftOut]:
    """What all documents hold: a paper for each listing, a rejection for each record that is none.

    Raises:
        DataError: a path does not exist, or a folder holds no file of a known suffix.
        SetupError: what reads a format is not installed.
    """
    for document in find_documents(paths):
        if isinstance(document, Rejection):
            yield document
        else:
            yield from papers_in(document, options)


Paths = str | Path | Iterable[str | Path]
"""A file, folder or glob, or several."""


def read_papers(paths: Paths, options: Options = NO_OPTIONS) -> Iterator[Paper]:
    """The papers of one or of many documents, one for each listing.

    Raises:
        DataError: a document is missing, empty, or of no known format, or one of its records is wrong.
    """
    for read in read_records([paths] if isinstance(paths, str | Path) else paths, options):
        if isinstance(read, Rejection):
            raise read.error()
        if isinstance(read, Paper):
            yield read


def papers_in(document: Document, options: Options = NO_OPTIONS) -> Iterator[Paper | Rejection | LeftOut]:
    """What one document holds; records that begin in one line count on from it."""
    line, is_empty = 0, True
    try:
        source = SOURCES[form_of(document, options)]
        for record in source.read(document, options):
            is_empty = False
            if isinstance(record, Rejection):
                yield record
                continue
            line = max(record.line, line + 1)
            if not options.wants(record.categories, iso_date(record.date) if options.since else ""):
                yield LeftOut(document.path, line)
            else:
                yield paper_of(record._replace(line=line), document, source.text)
        if is_empty:
            yield Rejection(document.path, 0, "the file holds no paper")
    except DataError as error:
        yield Rejection.of(error)


def form_of(document: Document, options: Options = NO_OPTIONS) -> str:
    """The name of the format of a document: as given, else by its content, else by its suffix.

    Raises:
        DataError: it is empty, or of no format that is known.
    """
    if not document.head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise document.error(None, "the file is empty")
    names = ", ".join(SOURCES)
    if options.form:
        if options.form not in SOURCES:
            raise DataError("--from", None, f"there is no format {options.form}; there are {names}")
        return options.form
    found = next((name for name, source in SOURCES.items() if source.recognises(document)), "")
    by_suffix = next((name for name, source in SOURCES.items() if document.suffix in source.suffixes), "")
    if not (found or by_suffix):
        raise document.error(1, f"expected one of the formats {names}, but recognised none; --from says which it is")
    return found or by_suffix
