"""XML as records: each element of one name is cut out and parsed alone, so that a broken one spoils no other.

No DTD is read, no entity is declared and nothing is fetched: a document type may be named, as PubMed does, but hold nothing.
"""

import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from kgraph.sources.document import LONGEST_RECORD, Document, undecoded
from kgraph.sources.record import Rejection

Elements = Iterator[tuple[int, Element] | Rejection]

_CHUNK = 1 << 18
_DEEPEST = 60
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([a-zA-Z][a-zA-Z0-9]*);")
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^>\[<]*+\[|<!ENTITY", re.IGNORECASE)


def root_of(document: Document) -> str:
    """The name of the first element, without prefix, "" if it is no XML."""
    if not re.match(r"[\s\ufeff]*<", document.beginning):
        return ""
    found = re.search(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", document.beginning)
    return found[1] if found else ""


def elements(document: Document, name: str) -> Elements:
    """The elements of a name with the lines they begin in, names within them without prefixes.

    Raises:
        DataError: the document has a DTD of its own.
    """
    for line, source in _cut(document, name):
        if isinstance(source, Rejection):
            yield source
        elif byte := undecoded(source):
            yield Rejection(document.path, line, f"expected UTF-8 text, but byte {byte} stands there")
        else:
            try:
                yield line, _parsed(source)
            except expat.ExpatError as error:
                where = line + max(error.lineno - 1, 0)
                yield Rejection(document.path, where, f"expected well-formed XML in <{name}> ({expat.ErrorString(error.code)})")
            except _TooDeepError:
                yield Rejection(document.path, line, f"expected at most {_DEEPEST} elements in one another")


def _cut(document: Document, name: str) -> Iterator[tuple[int, str | Rejection]]:
    """The source of each element, as it is streamed by."""
    begin = re.compile(rf"<((?:[\w.-]+:)?{name})(?=[\s/>])")
    stream, text, line, at, opened = document.text_stream(), "", 1, 0, False
    is_first = True
    while True:
        chunk = stream.read(max(_CHUNK, len(text)))  # ever more of a long record, which is then searched few times
        text += chunk
        if is_first and _DOCTYPE.search(text[: start.start() if (start := begin.search(text)) else len(text)]):
            raise document.error(1, "expected XML without a DTD of its own, but one stands there")
        is_first = False
        ends: dict[str, int] = {}  # where what closes an element stands next, -1 if nowhere: looked for once
        counted = 0
        while found := begin.search(text, at):
            line, counted = line + text.count("\n", counted, found.start()), found.start()
            close = f"</{found[1]}>"
            end = ends.get(close, 0)
            if 0 <= end < found.end():
                end = ends[close] = text.find(close, found.end())
            again = begin.search(text, found.end(), end if end >= 0 else len(text))
            if again:
                yield line, _unclosed(document, line, name)
                at = again.start()
                continue
            if end < 0:
                opened = True
                break
            yield line, text[found.start() : end + len(close)]
            at = end + len(close)
        keep = found.start() if found else max(at, len(text) - 200)
        line, text, at = line + text.count("\n", counted, keep), text[keep:], 0
        if not chunk:
            if found and opened:
                yield line, _unclosed(document, line, name)
            return
        if found and len(text) > LONGEST_RECORD:
            yield line, Rejection(document.path, line, f"expected a record of at most {LONGEST_RECORD:,} characters")
            text = text[-200:]


def _unclosed(document: Document, line: int, name: str) -> Rejection:
    return Rejection(document.path, line, f"expected </{name}>, but the record ends before it")


class _TooDeepError(Exception):
    """Elements in elements in elements."""


def _parsed(source: str) -> Element:
    builder, parser = TreeBuilder(), expat.ParserCreate("utf-8")
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise _TooDeepError
        builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(name))

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, builder.data
    parser.buffer_text = True
    parser.Parse(_ENTITY.sub(_character, source), True)
    return builder.close()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _character(found: re.Match[str]) -> str:
    """A named character of HTML, such as `&eacute;`; any other entity stays and makes its record wrong."""
    character = html.unescape(found[0])
    return character if len(character) <= 2 else found[0]


def text_of(element: Element | None, path: str = ".") -> str:
    """All text in the first element at a path, on one line, "" if there is none."""
    found = element.find(path) if element is not None else None
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def texts_of(element: Element, path: str) -> tuple[str, ...]:
    """The text of each element at a path that has any."""
    return tuple(text for one in element.findall(path) if (text := text_of(one)))
