"""A candidate name in a text, before it is a mention."""

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
        if span.start >= reached and touching:
            chosen += _longest_of(touching) if len(touching) > 1 else touching
            touching = []
        touching.append(span)
        if span.end > reached:
            reached = span.end
    return chosen + _longest_of(touching)


def _longest_of(touching: list[Span]) -> list[Span]:
    """The same for spans of which each overlaps with one before it, sorted by where they start."""
    chosen: list[Span] = []
    for span in sorted(touching, key=lambda span: span.start - span.end):
        if all(span.end <= other.start or other.end <= span.start for other in chosen):
            chosen.append(span)
    return sorted(chosen, key=_START)
