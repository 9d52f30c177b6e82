"""A candidate name in a text, before it is a mention."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points with the name it stands for; `type` is "" while nothing tells it."""

    start: int
    end: int
    type: str
    name: str
    rule: str


def longest(spans: Iterable[Span]) -> list[Span]:
    """The spans without overlaps, sorted by place: longer before shorter, then earlier before later.

    Equal ranges keep the one that comes first in the iterable.
    """
    chosen: list[Span] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if span.start not in taken and span.end - 1 not in taken:
            chosen.append(span)
            taken.update(range(span.start, span.end))
    return sorted(chosen, key=lambda span: span.start)
