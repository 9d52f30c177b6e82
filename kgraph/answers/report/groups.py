"""The communities of a graph in words."""

from collections.abc import Mapping
from typing import NamedTuple

from kgraph.answers.opening import View
from kgraph.export.measures import Measures

_MOST, _SMALLEST = 14, 12
"""So many communities are shown, none of fewer nodes."""
_WORDS, _THINGS, _PAPERS = 3, 8, 3
"""A community is called by so many things; so many of its things and papers are shown."""


class Group(NamedTuple):
    """A community: its number, name, how many papers and things are in it, its leading things with their papers, and papers."""

    number: int
    name: str
    papers: int
    things: int
    leading: tuple[tuple[str, int], ...]
    titles: tuple[str, ...]


def groups(view: View, found: Mapping[str, Measures]) -> list[Group]:
    """The largest communities; those of its things lead that most of its own papers name."""
    inside: dict[int, list[str]] = {}
    for node, measured in found.items():
        inside.setdefault(measured.community, []).append(node)
    made = []
    for number in sorted(inside)[:_MOST]:
        papers = [node for node in inside[number] if node in view.papers]
        things = [node for node in inside[number] if node in view.things]
        if len(inside[number]) < _SMALLEST:
            break
        count = {thing: len(view.named_by.get(thing, frozenset()) & set(papers)) for thing in things}
        leading = sorted(things, key=lambda thing: (-count[thing], -found[thing].pagerank, thing))
        central = sorted(papers, key=lambda paper: (-found[paper].degree, paper))
        made.append(
            Group(
                number,
                ", ".join(view.name(thing) for thing in leading[:_WORDS]),
                len(papers),
                len(things),
                tuple((view.name(thing), count[thing]) for thing in leading[:_THINGS]),
                tuple(view.name(paper) for paper in central[:_PAPERS]),
            )
        )
    return made
