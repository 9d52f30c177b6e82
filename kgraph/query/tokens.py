"""The words of a query, before any parser sees it: what they are, where they stand and how deep they nest."""

import re
from functools import lru_cache
from typing import NamedTuple

from kgraph.errors import QueryError

LONGEST = 100_000
"""Characters of the longest query that is taken."""
DEEPEST = 100
"""How deep brackets may nest; the parser ends the process at some thousands."""

_KINDS = (
    ("iri", r"<(?:[^<>\"{}|^`\\\s]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>"),
    ("escape", r"\\."),  # of a name with characters that are not foreseen here: what follows begins no comment or string
    ("comment", r"\#[^\n\r]*"),
    ("string", r'"""(?:[^\\]|\\.)*?"""|' r"'''(?:[^\\]|\\.)*?'''|" r'"(?:[^"\\\n\r]|\\.)*"|' r"'(?:[^'\\\n\r]|\\.)*'"),
    ("variable", r"[?$]\w+"),
    ("blank", r"_:[\w.-]*\w"),
    (
        "name",
        r"(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\.)(?:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)*(?:[\w:-]|%[0-9A-Fa-f]{2}|\\.))?)?",
    ),
    ("language", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
    ("word", r"[^\W\d_]\w*"),
    ("number", r"\d[\d.]*(?:[eE][+-]?\d+)?"),
    ("open", r"[({\[]"),
    ("close", r"[)}\]]"),
    ("sign", r"\S"),
)
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS), re.DOTALL)


class Token(NamedTuple):
    """A word of a query: what it is ("iri", "variable", "name" with a prefix, "word" …), its text and its offset."""

    kind: str
    text: str
    start: int


@lru_cache(maxsize=4)  # one query is looked at for several reasons
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a query in order, comments left out.

    >>> [token.text for token in tokens("ASK { ?x a kg:Paper } # all")]
    ['ASK', '{', '?x', 'a', 'kg:Paper', '}']
    """
    found = _TOKEN.finditer(text)
    return tuple(Token(one.lastgroup or "", one.group(), one.start()) for one in found if one.lastgroup != "comment")


def within_limits(text: str) -> str:
    """The query, if it is neither too long nor nested too deeply to be parsed.

    Raises:
        QueryError: it is.
    """
    if len(text) > LONGEST:
        raise QueryError(f"The query has {len(text):,} characters; at most {LONGEST:,} are taken.")
    depth = 0
    for token in tokens(text):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth > DEEPEST:
            raise at(text, token.start, f"The query nests brackets more than {DEEPEST} deep")
    return text


def at(text: str, offset: int, what: str) -> QueryError:
    """The error that says what is wrong with a query and where, and shows the line with a caret under the place."""
    before = text[:offset]
    line, column = before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
    shown = text.split("\n")[line - 1]
    first = max(0, column - 60)  # of a long line, the part around the place
    cut = shown[first : first + 100].replace("\t", " ").rstrip("\r")
    return QueryError(f"{what} (line {line}, column {column}).", line, column, f"  {cut}\n  {' ' * (column - 1 - first)}^")


def offset_of(text: str, line: int, column: int) -> int:
    """The offset of a line and column, both from 1, no further than the text's end."""
    lines = text.split("\n")
    return min(sum(len(one) + 1 for one in lines[: line - 1]) + column - 1, len(text))
