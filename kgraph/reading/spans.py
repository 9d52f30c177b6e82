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
    ordered = sorted(spans, key=lambda span: (span.start - span.end, span.start))
    taken = bytearray(max((span.end for span in ordered), default=0))
    for span in ordered:
        if taken.find(1, span.start, span.end) < 0:
            chosen.append(span)
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
    chosen.sort(key=lambda span: span.start)
    return chosen
