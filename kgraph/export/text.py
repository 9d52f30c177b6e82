"""Text of papers as values that no format trips over: one rule for each kind of file."""

import re
from xml.sax.saxutils import escape

from kgraph.export.characters import INSTEAD, NO_XML

_FORMULA = re.compile(r"[\s\x00\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")


def scalar(value: str) -> str:
    r"""A text with U+FFFD for what XML 1.0 cannot hold: control characters but tab and line ends, and what is no character.

    >>> scalar("a\x00b\ud800") == "a\ufffdb\ufffd"
    True
    """
    return NO_XML.sub(INSTEAD, value)


def xml_scalar(value: str) -> str:
    """The same with the line ends that an XML reader makes of all."""
    return scalar(value).replace("\r\n", "\n").replace("\r", "\n")


def xml_text(value: object) -> str:
    """A value as XML text; a carriage return stays one."""
    text = str(value)
    if text.isprintable() and not ("&" in text or "<" in text or ">" in text):
        return text  # as nearly all are, which is told ten times as fast
    return escape(scalar(text), {"\r": "&#13;"})


def xml_attribute(value: object) -> str:
    """A value as a quoted XML attribute; tabs and line ends stay what they are."""
    return '"' + escape(scalar(str(value)), {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}) + '"'


def line(value: str) -> str:
    """A text in one line, every run of white space one space."""
    return " ".join(scalar(value).split())


def cell(value: object) -> object:
    """A value as a cell of a table that a spreadsheet opens: a text that it would run as a formula begins with an apostrophe.

    >>> cell("=1+1"), cell("-x"), cell("a-b"), cell(-1)
    ("'=1+1", "'-x", 'a-b', -1)
    """
    if not isinstance(value, str):
        return value
    return f"'{scalar(value)}" if _FORMULA.match(value) else scalar(value)
