"""Records of lines that begin with a tag, `TI  - …`, as RIS and MEDLINE have them; what is indented, or has no tag, goes on."""

import re
from collections.abc import Iterator

from kgraph.sources.document import LONGEST_RECORD, Document
from kgraph.sources.record import Rejection

Fields = dict[str, list[str]]
"""The values of each tag, in order."""


def tagged(document: Document, tag: re.Pattern[str], begins: str, ends: str = "") -> Iterator[tuple[int, Fields] | Rejection]:
    """The records with the lines they begin in: a record begins at its tag, or after the one that ends another.

    `tag` has a tag and its value as groups.
    """
    fields: Fields = {}
    values: list[str] = []
    first, size = 0, 0
    for number, line in document.lines():
        found = tag.match(line)
        if not found:
            if line.strip() and values:
                size += len(line)
                if size <= LONGEST_RECORD:
                    values[-1] += f" {line.strip()}"
            continue
        name, value = found[1], found[2].strip()
        if fields and name in (begins, ends):
            yield _whole(document, first, fields, size)
            fields, values, size = {}, [], 0
        if name != ends:
            first = first if fields else number
            values = fields.setdefault(name, [])
            values.append(value)
    if fields:
        yield _whole(document, first, fields, size)


def _whole(document: Document, line: int, fields: Fields, size: int) -> tuple[int, Fields] | Rejection:
    if size > LONGEST_RECORD:
        return Rejection(document.path, line, f"expected a record of at most {LONGEST_RECORD:,} characters")
    return line, fields


def first(fields: Fields, *tags: str) -> str:
    """The first value of the first of these tags that has one."""
    return next((value for tag in tags for value in fields.get(tag, ()) if value), "")


def every(fields: Fields, *tags: str) -> tuple[str, ...]:
    """All values of these tags, tag by tag."""
    return tuple(value for tag in tags for value in fields.get(tag, ()) if value)
