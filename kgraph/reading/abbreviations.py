"""Short forms and their long forms.

After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text" (Pacific Symposium
on Biocomputing 2003).
"""

import re
from typing import NamedTuple

_PARENTHESES = re.compile(r"\(([^()\n]{2,120})\)")
_SHORT = re.compile(r"[A-Za-z0-9][\w*+&./-]{1,14}(?: [\w*+-]{1,8})?")
_WORD_BEFORE = re.compile(r"([A-Za-z][\w*+&-]{1,14})\s*$")


class Definition(NamedTuple):
    """Where a short form and its long form stand, as half-open ranges of code points."""

    short: tuple[int, int]
    long: tuple[int, int]


def find_definitions(text: str, ranges: list[tuple[int, int]]) -> list[Definition]:
    """Each `long form (SF)` and `SF (long form)` in the sentences given by their ranges, in order."""
    found = []
    for match in _PARENTHESES.finditer(text):
        begin = next((s for s, e in reversed(ranges) if s <= match.start()), 0)
        definition = _long_before(text, begin, match) or _short_before(text, begin, match)
        if definition:
            found.append(definition)
    return found


def _long_before(text: str, begin: int, match: re.Match[str]) -> Definition | None:
    inner = re.split(r"[;,:]", match[1])[0].strip()
    if not _is_short_form(inner):
        return None
    before = text[begin : match.start()].rstrip()
    words = list(re.finditer(r"\S+", before))
    most = min(len(inner) + 5, len(inner) * 2)
    window = words[-most].start() if len(words) > most else 0
    start = match_long_form(inner, before[window:])
    if start is None:
        return None
    at = match.start(1) + text[match.start(1) : match.end(1)].index(inner)
    return Definition((at, at + len(inner)), (begin + window + start, begin + len(before)))


def _short_before(text: str, begin: int, match: re.Match[str]) -> Definition | None:
    long_form = match[1].strip()
    word = _WORD_BEFORE.search(text, begin, match.start())
    if not word or not _is_short_form(word[1]) or len(long_form.split()) < 2 or len(long_form) < 2 * len(word[1]):
        return None
    start = match_long_form(word[1], long_form)
    if start is None or 2 * start > len(long_form):
        return None
    at = match.start(1) + match[1].index(long_form)
    return Definition(word.span(1), (at, at + len(long_form)))


def _is_short_form(text: str) -> bool:
    """Two to ten characters or so, at most two words, at least one capital, not a number."""
    return bool(_SHORT.fullmatch(text)) and any(c.isupper() for c in text) and not text.isdigit()


def match_long_form(short: str, candidate: str) -> int | None:
    """The start of the shortest end of `candidate` that holds all letters of `short` in order, None if there is none.

    The first letter must begin a word. A plural s of the short form need not stand in the long form.

    >>> match_long_form("EDNN", "use early-exiting dynamic neural networks")
    4
    """
    for form in dict.fromkeys((short, short[:-1] if short.endswith("s") and short[:-1].isupper() else short)):
        start = _match(form, candidate)
        if start is not None and len(candidate) - start > len(form) and form not in candidate[start:].split():
            return start
    return None


def _match(short: str, candidate: str) -> int | None:
    at = len(candidate)
    letters = [c.lower() for c in short if c.isalnum()]
    lowered = candidate.lower()
    for index in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (lowered[at] != letters[index] or (index == 0 and at > 0 and lowered[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    while at > 0 and not candidate[at - 1].isspace() and candidate[at - 1] not in "([{\"'“":
        at -= 1
    return at
