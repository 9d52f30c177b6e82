"""What a source's text says to a person: without markup, LaTeX and control characters, on one line."""

import html
import re

from kgraph.sources.latex import read_latex

_ILLEGIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_TAG = re.compile(
    r"</?(?:jats:)?(?:p|i|b|u|em|strong|sub|sup|sc|span|div|br|italic|bold|title|sec|list|list-item|abstract|h[1-6]|tt)"
    r"(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"</?(?:jats:)?(?:p|div|br|title|sec|list-item|h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)


def plain(text: str) -> str:
    r"""A title or an abstract as a person reads it: entities and LaTeX read, tags left out, white space made one space.

    >>> plain("<jats:p>Bal\\'azs &amp; an $O(n^2)$ bound  of 5\\%</jats:p>")
    'Balázs & an O(n^2) bound of 5%'
    """
    return legible(read_latex(without_markup(text)))


def plain_bibtex(text: str) -> str:
    """The same of a text in which all braces are LaTeX's."""
    return legible(read_latex(without_markup(text), braces=True))


def without_markup(text: str) -> str:
    """A text whose entities are read and whose HTML or JATS tags are gone; what is no known tag, as in `a<b`, stays."""
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    if "<" in text:
        text = _TAG.sub("", _BLOCK.sub(" ", text))
    return text


def legible(text: str) -> str:
    """A text without control characters and lone surrogates, white space made one space."""
    return " ".join(sound(text).split())


def sound(text: str) -> str:
    """A text as it stands, but for what is no character: control characters, lone surrogates, which become a space each."""
    return _ILLEGIBLE.sub(" ", text)
