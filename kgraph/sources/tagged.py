"""Records of lines that begin with a tag, `TI  - …`, as RIS and MEDLINE have them; what is indented, or has no tag, goes on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kgraph.sources.document import LONGEST_RECORD, Document
from kgraph.sources.record import Rejection

Fields = dict[str, list[str]]
"""The values of each tag, in order."""


def tagged(document: Document, tag: re.Pattern[str], begins: str, ends: str = "") -> Iterator[tuple[int, Fields] | Rejection]:
    """The records with the lines they begin in: a record begins at its tag, or after the one that ends another.

    `tag` has a tag and its value as groups.
    """
    record = _Open()
    for number, line in document.lines():
        found = tag.match(line)
        if found and record.values and found[1] in (begins, ends):
            yield record.whole(document)
            record = _Open()
        if found and found[1] != ends:
            record.line = record.line if record.values else number
            record.add(len(line), found[2].strip(), found[1])
        elif not found and record.values:
            record.add(len(line), line.strip())
    if record.values:
        yield record.whole(document)


@dataclass
class _Open:
    """A record while it is read: where it begins, how long it is so far, and the lines of each value of each tag."""

    line: int = 0
    size: int = 0
    values: list[tuple[str, list[str]]] = field(default_factory=list)

    def add(self, size: int, text: str, tag: str = "") -> None:
        """One more line, of a value that its tag begins or of the last; what is too long is not kept."""
        self.size += size
        if tag and (self.size <= LONGEST_RECORD or not self.values):
            self.values.append((tag, [text]))
        elif text and self.size <= LONGEST_RECORD:
            self.values[-1][1].append(text)

    def whole(self, document: Document) -> tuple[int, Fields] | Rejection:
        """The record, if it is not too long."""
        if self.size > LONGEST_RECORD:
            return Rejection(document.path, self.line, f"expected a record of at most {LONGEST_RECORD:,} characters")
        fields: Fields = {}
        for tag, lines in self.values:
            fields.setdefault(tag, []).append(" ".join(lines))
        return self.line, fields


def first(fields: Fields, *tags: str) -> str:
    """The first value of the first of these tags that has one."""
    return next((value for tag in tags for value in fields.get(tag, ()) if value), "")


def every(fields: Fields, *tags: str) -> tuple[str, ...]:
    """All values of these tags, tag by tag."""
    return tuple(value for tag in tags for value in fields.get(tag, ()) if value)
