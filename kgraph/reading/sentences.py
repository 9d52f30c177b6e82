"""Where sentences begin and end."""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence

_BORDER = re.compile(
    r"[.!?\n](?:(?<=\n)\s*\n|(?<!\n)[\"'”’)\]]*\s+(?=[\"'“(\[\\$]*[A-Z0-9])|(?<=[a-z]{2}\.)(?=[A-Z][a-z]* ))"
)  # a mark in front, so that the search leaps from one to the next
_NO_BORDER = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|vs|cf|Fig|Figs|Eq|Eqs|Sec|Tab|resp|approx|w\.r\.t|Dr|Prof|No|St|a\.k\.a)|\b[A-Z])\.$"
)

LONGEST_SENTENCE = 2_000
"""In characters; what goes on for longer is read in pieces, so that the time for a text grows only with its length."""

_DECIMAL = re.compile(r"\d\.\s+\d")


def sentences(text: str) -> list[tuple[int, int]]:
    r"""Half-open ranges of the sentences of a text, without the white space between them.

    >>> [text[s:e] for text in ["Title\n\nA, e.g. B. C!"] for s, e in sentences(text)]
    ['Title', 'A, e.g. B.', 'C!']
    """
    ranges: list[tuple[int, int]] = []
    start = 0
    for border in _BORDER.finditer(text):
        stop = border.start() + len(border[0].rstrip())
        if border[0][0] == "." and _NO_BORDER.search(text, max(start, border.start() - 8), border.start() + 1):
            continue
        if text[border.start() - 1].isdigit() and _DECIMAL.match(text, max(border.start() - 1, 0)):  # "53. 6%"
            continue
        if stop > start:
            ranges += _pieces(text, start, stop)
        start = border.end()
    stop = len(text.rstrip())
    if stop > start:
        ranges += _pieces(text, start, stop)
    return ranges


def _pieces(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """A sentence, in pieces that end before white space if it is too long to be one."""
    while stop - start > LONGEST_SENTENCE:
        space = max(text.rfind(" ", start + 1, start + LONGEST_SENTENCE), text.rfind("\n", start + 1, start + LONGEST_SENTENCE))
        cut = space if space > start else start + LONGEST_SENTENCE
        yield start, cut
        start = cut + (space > start)
    if stop > start:
        yield start, stop


def sentence_at(ranges: Sequence[tuple[int, int]], offset: int) -> tuple[int, int]:
    """The sentence that holds an offset, or the last that begins before it."""
    at = bisect_right(ranges, (offset, sys.maxsize))  # behind all that begin there or before
    return ranges[at - 1 if at else 0]
