"""A candidate name in a text, before it is a mention."""

from bisect import bisect_left
from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple

_START = itemgetter(0)


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
    touching: list[Span] = []
    reached = 0
    for span in sorted(spans, key=_START):
        if span[0] >= reached:
            chosen += _longest_of(touching) if len(touching) > 1 else touching
            touching = []
        touching.append(span)
        if span[1] > reached:
            reached = span[1]
    return chosen + _longest_of(touching)


def _longest_of(touching: list[Span]) -> list[Span]:
    chosen: list[Span] = []
    for span in sorted(touching, key=lambda span: span.start - span.end):  # the longest first, of these the first
        at = bisect_left(chosen, span.start, key=_START)
        is_free_before = not at or chosen[at - 1].end <= span.start
        if is_free_before and (at == len(chosen) or span.end <= chosen[at].start):
            chosen.insert(at, span)
    return chosen
