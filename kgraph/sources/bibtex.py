"""BibTeX, as Zotero, Mendeley, EndNote, Web of Science, Scopus, the ACL Anthology and PMLR export it."""

import re
from collections.abc import Iterator

from kgraph.sources.document import LONGEST_RECORD, Document
from kgraph.sources.names import person
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, Rejection, mapped
from kgraph.sources.text import plain_bibtex

SUFFIXES = (".bib", ".bibtex")
_ENTRY = re.compile(r"\ufeff?\s*@\s*([A-Za-z_]+)\s*[{(]")
_KEY = re.compile(r"\s*+([^\s,={}]*+)\s*+,")
_NAME = re.compile(r"[\s,]*+([A-Za-z][\w:.+-]*)\s*=\s*")
_BARE = re.compile(r"[^\s,#{}\"]+")
_NO_PAPERS = frozenset(["comment", "preamble", "proceedings", "collection", "mvproceedings"])
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WORD = re.compile(r"(?<!\\)([{}])")

Entry = tuple[str, str, dict[str, str]]
"""The type of an entry, its key, and its fields by their names in lower case."""


def recognises(document: Document) -> bool:
    """Whether a line begins with an entry, and none but comments before it."""
    found = re.search(r"^[\ufeff \t]*+@\s*+[A-Za-z]++\s*+[{(]\s*+[^\s{},=\"]*+\s*+[,=\"}]", document.beginning, re.MULTILINE)
    before = document.beginning[: found.start()] if found else ""
    return found is not None and not re.match(r"\s*[{\[<]", before)


def read(document: Document, _: Options) -> Records:
    """The entries that are papers; `@proceedings`, comments and abbreviations are none."""
    macros = {month: month for month in _MONTHS}
    return mapped(document, _entries(document, macros), _record)


def _entries(document: Document, macros: dict[str, str]) -> Iterator[tuple[int, Entry] | Rejection]:
    for line, source in _cut(document):
        if isinstance(source, Rejection):
            yield source
            continue
        found = _ENTRY.match(source)
        kind = found[1].lower() if found else ""
        if not found or kind in _NO_PAPERS:
            continue
        if kind == "string":
            macros.update(_fields(source, found.end(), macros))
        elif key := _KEY.match(source, found.end()):
            yield line, (kind, key[1], _fields(source, key.end(), macros))
        else:
            yield Rejection(document.path, line, f"expected a key and fields, but “{source[:60].strip()}” stands there")


def _cut(document: Document) -> Iterator[tuple[int, str | Rejection]]:
    """The source of each entry: up to the brace that closes it; one that is open when the next begins is rejected."""
    lines: list[str] = []
    first, depth, size = 0, 0, 0
    for number, line in document.lines():
        begins = _ENTRY.match(line) is not None
        if begins and lines:
            yield first, _unclosed(document, first, lines)
        if begins:
            lines, first, depth, size = [], number, 0, 0
        elif not lines:
            continue
        lines.append(line)
        size += len(line)
        depth += line.count("{") - line.count("}")
        if line.count("(") and first == number and not line.count("{"):
            depth += 1  # @string( … ) is closed by a line that ends so
        if depth <= 0 or size > LONGEST_RECORD:
            too_long = Rejection(document.path, first, f"expected an entry of at most {LONGEST_RECORD:,} characters")
            yield first, "\n".join(lines) if size <= LONGEST_RECORD else too_long
            lines = []
    if lines:
        yield first, _unclosed(document, first, lines)


def _unclosed(document: Document, line: int, lines: list[str]) -> Rejection:
    return Rejection(
        document.path, line, f"expected a brace that closes the entry “{lines[0].strip()[:60]}”, but none stands there"
    )


def _fields(source: str, at: int, macros: dict[str, str]) -> dict[str, str]:
    """The fields from a place on; where one is broken, those before it."""
    fields: dict[str, str] = {}
    while found := _NAME.match(source, at):
        value, at = _value(source, found.end(), macros)
        fields.setdefault(found[1].lower(), value)
    return fields


def _value(source: str, at: int, macros: dict[str, str]) -> tuple[str, int]:
    """A value and where it ends: in braces, in quotes, a number or an abbreviation, or several joined by `#`."""
    parts: list[str] = []
    while at < len(source):
        if source[at] == "{" or source[at] == '"':
            end = _closing(source, at)
            parts.append(source[at + 1 : end])
            at = end + 1
        elif bare := _BARE.match(source, at):
            parts.append(macros.get(bare[0].lower(), bare[0]))
            at = bare.end()
        joined = re.compile(r"\s*+#\s*+").match(source, at)
        if not joined:
            break
        at = joined.end()
    return "".join(parts), at


def _closing(source: str, at: int) -> int:
    """Where the brace or quote at a place is closed; a quote within braces closes nothing."""
    depth, quote = 0, source[at] == '"'
    for found in re.compile(r'[{}"]').finditer(source, at + quote):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if (quote and found[0] == '"' and depth == 0) or (not quote and depth == 0):
            return found.start()
    return len(source)


def _record(line: int, entry: Entry) -> Record:
    _, key, fields = entry
    eprint = fields.get("eprint", "")
    is_arxiv = "arxiv" in f"{fields.get('archiveprefix', '')}{fields.get('eprinttype', '')}".lower() or re.fullmatch(
        r"\d{4}\.\d{4,5}(v\d+)?", eprint
    )
    date = fields.get("date") or " ".join(filter(None, (fields.get("day"), fields.get("month"), fields.get("year"))))
    return Record(
        line,
        fields.get("title"),
        fields.get("abstract"),
        ids=(
            f"arxiv:{eprint}" if is_arxiv else "",
            *(plain_bibtex(fields[name]) for name in ("doi", "url", "ee") if name in fields),
            f"pmid:{fields.get('pmid', '')}",
        ),
        authors=_authors(fields.get("author", "")),
        date=plain_bibtex(date),
        venue=plain_bibtex(next((fields[name] for name in ("journal", "journaltitle", "booktitle") if fields.get(name)), "")),
        categories=tuple(fields.get("primaryclass", "").split()),
        keywords=tuple(part.strip() for part in re.split(r"[;,]", plain_bibtex(fields.get("keywords", ""))) if part.strip()),
        key=key,
    )


def _authors(text: str) -> tuple[str, ...]:
    """The names apart by ` and `; one in braces, such as an organisation's, stays as it is."""
    names = " ".join(text.split()).split(" and ")
    found = (plain_bibtex(name) if name.startswith("{") else person(plain_bibtex(name)) for name in names)
    return tuple(name for name in found if name and name.lower() != "others")
