"""The papers nearest to one: by the things they share, of which the rare weigh more."""

from collections.abc import Mapping
from math import log, sqrt
from typing import NamedTuple

from kgraph.answers.opening import View
from kgraph.errors import QueryError
from kgraph.ontology import INTRODUCED


class Shared(NamedTuple):
    """A thing that two papers name, in which roles, how many papers name it, and which part of the likeness it makes."""

    thing: str
    type: str
    here: str
    there: str
    papers: int
    part: float


class Near(NamedTuple):
    """A paper, how like it is (1 for the same things), and what it shares, the weightiest first."""

    id: str
    title: str
    score: float
    shared: tuple[Shared, ...]


def similar(view: View, paper: str, most: int = 10) -> list[Near]:
    """The papers most like one, given by its id: the cosine of the things they name, weighted by their rarity.

    A thing counts by log(all papers / papers that name it); who names a thing names its families too.
    """
    named = _named(view)
    spread: dict[str, int] = {}
    for things in named.values():
        for thing in things:
            spread[thing] = spread.get(thing, 0) + 1
    weight = {thing: log(len(view.papers) / count) for thing, count in spread.items()}
    length = {one: sqrt(sum(weight[thing] ** 2 for thing in things)) for one, things in named.items()}
    found = []
    for other, things in named.items():
        common = sorted(set(things) & set(named[paper]))
        scale = length[other] * length[paper]
        if other != paper and scale and (score := sum(weight[thing] ** 2 for thing in common) / scale) > 0:
            shared = [
                Shared(
                    view.name(one),
                    view.things[one].type,
                    named[paper][one],
                    things[one],
                    spread[one],
                    weight[one] ** 2 / scale / score,
                )
                for one in _most_special(view, common)
            ]
            found.append(
                Near(other, view.name(other), score, tuple(sorted(shared, key=lambda one: (one.papers, one.thing, one.type))))
            )
    return sorted(found, key=lambda one: (-round(one.score, 9), one.title, one.id))[:most]


def meant(view: View, node: str) -> str:
    """The paper that is meant by a node: itself, or the one that introduces the thing.

    Raises:
        QueryError: no paper introduces the thing, or several do.
    """
    relations = view.knowledge.ontology.relations
    incoming = (link for link in view.incoming.get(node, ()) if relations[link.relation].role == INTRODUCED)
    found = [node] if node in view.papers else sorted({link.head for link in incoming})
    if len(found) != 1:
        kind = view.things[node].type.lower()
        many = "no paper here introduces" if not found else f"{len(found)} papers introduce"
        raise QueryError(f"“{view.name(node)}” is a {kind} that {many}; name a paper by its title, arXiv id or DOI.")
    return found[0]


def _named(view: View) -> Mapping[str, Mapping[str, str]]:
    """What each paper names and how: its things by id, with the relation's label, and their families."""
    relations, without = view.knowledge.ontology.relations, set(view.settings["similar"]["without"])
    found: dict[str, dict[str, str]] = {paper: {} for paper in view.papers}
    for link in view.graph.links:
        if link.head in found and link.tail in view.things and view.things[link.tail].type not in without:
            label, before = relations[link.relation].label, found[link.head].get(link.tail)
            found[link.head][link.tail] = f"{before}, {label}" if before else label
    for things in found.values():
        for thing in list(things):
            for family in view.above(thing):
                things.setdefault(family, f"names {view.name(thing)}")
    return found


def _most_special(view: View, common: list[str]) -> list[str]:
    """What is shared, without the families of what is shared."""
    families = {family for thing in common for family in view.above(thing)}
    return [thing for thing in common if thing not in families]
