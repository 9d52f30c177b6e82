"""Saved text of the Hugging Face papers page: titles and abstracts in turn, after a head.

Two layouts occur: with blank lines and a head of several lines (`new`, `Get trending papers…`, `Subscribe`, `byAK…`, a
date such as `Mar 12`), and without blank lines, the first title glued to `Subscribe`.
"""

import re
from collections.abc import Iterator

from kgraph.sources.document import Document
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, Rejection

SUFFIXES = ()
_MARK = "Get trending papers in your email inbox"
_HEAD = re.compile(rf"new|{_MARK}.*|Subscribe|by ?AK and the research community")
_DATE = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2}(?:, \d{4})?")
_GLUE = "Subscribe"
_LONGEST_TITLE = 300
_SHORTEST_ABSTRACT = 100


def recognises(document: Document) -> bool:
    """Whether the page's call to subscribe stands among the first ten lines."""
    return any(line.strip().startswith(_MARK) for line in document.beginning.split("\n", 10)[:10])


def read(document: Document, _: Options) -> Records:
    """The listed papers, in order; after a line that is neither a title nor the abstract it should be, the next title counts."""
    if not recognises(document):
        raise document.error(1, f"expected a listing, with “{_MARK}” among its first lines")
    date, title, title_line = "", "", 0
    for number, line in _body(document):
        if title and len(line) >= _SHORTEST_ABSTRACT:
            yield Record(title_line, title, line, date=date)
            title = ""
        elif title:
            yield Rejection(document.path, number, f"expected the abstract of “{title}”, but “{line}” stands there")
            title, title_line = line, number
        elif _DATE.fullmatch(line):
            date = line
        elif len(line) > _LONGEST_TITLE:
            what = f"expected a title, but {len(line)} characters stand there: “{line[:60]}…”"
            yield Rejection(document.path, number, what)
        else:
            title, title_line = line, number
    if title:
        yield Rejection(document.path, title_line, f"the title “{title}” has no abstract")
    elif not title_line:
        raise document.error(None, "the listing names no paper")


def _body(document: Document) -> Iterator[tuple[int, str]]:
    """Numbered lines that carry a date, a title or an abstract: no blank lines, no head."""
    in_head = True
    for number, raw in document.lines():
        line = raw.strip()
        if not line or (in_head and _HEAD.fullmatch(line)):
            continue
        if in_head and not _DATE.fullmatch(line):
            in_head = False
            line = line.removeprefix(_GLUE)
        yield number, line
