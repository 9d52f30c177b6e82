"""What is wrong in a query, said so that it can be mended: the place, the word, and what was probably meant."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import pairwise
from urllib.parse import urljoin

from kgraph.errors import QueryError
from kgraph.query.tokens import Token, at, offset_of, tokens

_WORDS = """A ABS ADJUST ALL AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT DATATYPE DAY
DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HASLANG HASLANGDIR HAVING HOURS IF
IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LATERAL LCASE LIMIT MAX MD5 MIN MINUS MINUTES
MONTH NAMED NOT NOW OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SELECT
SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS
STRUUID SUBJECT SUBSTR SUM TIMEZONE TRIPLE TRUE TZ UCASE UNDEF UNION URI UUID VALUES VERSION WHERE YEAR"""
KEYWORDS = frozenset(_WORDS.split())
"""The words of the query language."""
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"})
_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_SENTENCE = re.compile(r"(?:^|, )([A-Z][a-z]+(?: [^,\[\]\"]+)+)")
_RARE = frozenset({"LATERAL", "SERVICE", "OPTIONAL"})
"""What the parser expects wherever a pattern may go on."""
_PAIRS = {")": "(", "}": "{", "]": "["}


def refuse_foreign(text: str, named_graphs: Sequence[str], prefixes: dict[str, str], base: str = "") -> None:
    """Let a query pass that asks the graph alone.

    Raises:
        QueryError: it would change the graph, or asks another endpoint or a graph outside the store.
    """
    words = tokens(text)
    first = next((one.text.upper() for one in words if one.kind == "word" and one.text.upper() not in ("PREFIX", "BASE")), "")
    for index, one in enumerate(words):
        word, after = one.text.upper(), words[index + 1] if index + 1 < len(words) else one
        if one.kind != "word":
            continue
        if word == "SERVICE":
            raise at(text, one.start, "The query asks another endpoint with SERVICE; only the graph itself is queried")
        if word in _UPDATES and word == first:
            raise at(text, one.start, f"{word} would change the graph, which can only be read")
        if word == "PREFIX" and index + 2 < len(words):
            prefixes = {**prefixes, after.text.rstrip(":"): words[index + 2].text[1:-1]}
        if word == "BASE":
            base = after.text[1:-1]
        if word == "FROM":
            graph = words[index + 2] if after.text.upper() == "NAMED" and index + 2 < len(words) else after
            if graph.kind in ("iri", "name") and _resolved(graph, base, prefixes) not in named_graphs:
                raise at(text, graph.start, f"There is no graph {graph.text} in the store, and none is fetched from elsewhere")


def _resolved(graph: Token, base: str, prefixes: dict[str, str]) -> str:
    if graph.kind == "iri":
        return urljoin(base, graph.text[1:-1]) if base else graph.text[1:-1]
    prefix, _, local = graph.text.partition(":")
    return prefixes.get(prefix, "") + local


def syntax_error(text: str, message: str, prefixes: Sequence[str]) -> QueryError:
    """The parser's complaint as a sentence: the first word that cannot be right if there is one, else what it expected."""
    words = tokens(text)
    declared = {
        *prefixes,
        *(after.text.rstrip(":") for one, after in pairwise(words) if one.text.upper() == "PREFIX"),
    }
    for one in words:
        if one.kind == "name" and (prefix := one.text.partition(":")[0]) not in declared:
            near = get_close_matches(prefix, sorted(declared), n=3, cutoff=0.5)
            known = f"near it are {', '.join(near)}" if near else f"there are {', '.join(sorted(prefixes))}"
            return at(text, one.start, f"There is no prefix {prefix}:; {known}")
        if one.kind == "sign" and one.text in "\"'":
            return at(text, one.start, "The query does not parse: this string is never closed")
        if one.kind == "word" and one.text.upper() not in KEYWORDS and one.text.upper() not in _UPDATES:
            near = get_close_matches(one.text.upper(), sorted(KEYWORDS), n=2, cutoff=0.7)
            hint = f"; {' or '.join(near)} may be meant" if near else ""
            return at(text, one.start, f"The query does not parse: “{one.text}” is no word of SPARQL{hint}")
    return _unclosed(text, words) or _complaint(text, message)


def _unclosed(text: str, words: Sequence[Token]) -> QueryError | None:
    """The first bracket without its other half."""
    stack: list[Token] = []
    for one in words:
        if one.kind == "open":
            stack.append(one)
        elif one.kind == "close":
            if not stack or stack[-1].text != _PAIRS[one.text]:
                return at(text, one.start, f"The query does not parse: this {one.text} closes nothing")
            stack.pop()
    return at(text, stack[-1].start, f"The query does not parse: this {stack[-1].text} is never closed") if stack else None


def _complaint(text: str, message: str) -> QueryError:
    found = _PLACE.search(message)
    if not found:
        return QueryError(f"The query does not parse: {message.rstrip('.')}.")
    offset = max(0, min(offset_of(text, int(found[1]), int(found[2])), len(text.rstrip()) - 1))
    said = _SENTENCE.search(found[3])
    if said:
        return at(text, offset, f"The query does not parse: {said[1][0].lower()}{said[1][1:].rstrip()}")
    expected = [one for one in re.findall(r"\"[^\"]+\"|\b[A-Z]{2,}\b", re.sub(r"\[[^\]]*\]", "", found[3])) if one not in _RARE]
    wanted = f": expected {' or '.join(expected[:6])} here" if expected else " here, or just before"
    return at(text, offset, f"The query does not parse{wanted}")
