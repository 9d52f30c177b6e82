"""What is next to a node as a small drawing: who stands where and how it looks; the page's template writes it as SVG."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kgraph.export.style import Style, load_style
from kgraph.knowledge import Knowledge
from kgraph.serve.things import Statement

_MOST = 24
"""Neighbours that are drawn: those that most sentences tie to the node."""
_ROW, _MIDDLE, _REACH = 28, 450, 150
"""Pixels from name to name, from the left edge to the node, and from the node to those beside it."""
_LETTERS = 36


class Spot(NamedTuple):
    """A node with its looks and its place; a neighbour's name stands to its right (1) or left (-1)."""

    id: str
    name: str
    full: str
    type: str
    look: Mapping[str, str]
    x: int
    y: int
    side: int


class Line(NamedTuple):
    """A statement: its words, its looks, the neighbour's place and the point that the line bends to."""

    words: str
    label: str
    look: Mapping[str, str]
    end: tuple[int, int]
    bend: tuple[int, int]


class Drawing(NamedTuple):
    """The node, its neighbours and statements, the relations among these, the height, and how many neighbours there are."""

    node: Spot
    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]
    relations: tuple[tuple[str, Mapping[str, str]], ...]
    height: int
    neighbours: int


def drawn(id: str, name: str, said: Sequence[Statement], types: Mapping[str, str], knowledge: Knowledge) -> Drawing:  # noqa: A002
    """The drawing of a node and what statements tie to it; `types` are the classes of nodes by id."""
    style, own = load_style(knowledge), [one for one in said if one.relation]
    weight: dict[str, int] = {}
    for one in own:
        weight[one.other] = weight.get(one.other, 0) + len(one.sentences)
    order = {cls: place for place, cls in enumerate(style.classes)}
    kept = sorted(weight, key=lambda other: (-weight[other], other))[:_MOST]
    kept.sort(key=lambda other: (order.get(types.get(other, ""), len(order)), other))
    names = {one.other: one.name or one.other for one in own}
    height = max(140, (len(kept) + 1) // 2 * _ROW + 40)
    places = _places(len(kept), height)
    spots = [_spot(other, names[other], types, style, *place) for other, place in zip(kept, places, strict=True)]
    middle = _spot(id, name, types, style, _MIDDLE, height // 2, 0)
    found = {spot.id: spot for spot in spots}
    lines = [
        line for other in kept for line in _lines([one for one in own if one.other == other], name, found[other], middle, style)
    ]
    relations = {line.label: line.look for line in lines}
    return Drawing(middle, tuple(spots), tuple(lines), tuple(sorted(relations.items())), height, len(weight))


def _places(count: int, height: int) -> list[tuple[int, int, int]]:
    """Places clockwise on a ring, evenly from top to bottom, so that no name lies on another."""
    right = (count + 1) // 2
    found = []
    for number in range(count):
        side, row, rows = (1, number, right) if number < right else (-1, count - 1 - number, count - right)
        y = height / 2 + (row - (rows - 1) / 2) * _ROW
        far = _REACH * math.sqrt(1 - min(0.85, ((y - height / 2) / (height / 2)) ** 2))
        found.append((round(_MIDDLE + side * far), round(y), side))
    return found


def _spot(id: str, name: str, types: Mapping[str, str], style: Style, x: int, y: int, side: int) -> Spot:  # noqa: A002
    cls = types.get(id, "")
    short = name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1].rstrip()}…"
    return Spot(id, short, name, cls, style.classes[cls], x, y, side)


def _lines(said: Sequence[Statement], name: str, spot: Spot, node: Spot, style: Style) -> list[Line]:
    """The lines between two nodes, bent apart."""
    across, found = math.hypot(spot.x - node.x, spot.y - node.y) or 1.0, []
    for number, one in enumerate(said):
        off = (number - (len(said) - 1) / 2) * 22
        bend = (node.x + spot.x) / 2 - (spot.y - node.y) / across * off, (node.y + spot.y) / 2 + (spot.x - node.x) / across * off
        ends = (name, spot.full) if one.is_outward else (spot.full, name)
        look = style.relations[one.relation]
        found.append(
            Line(f"{ends[0]} {one.label} {ends[1]}", one.label, look, (spot.x, spot.y), (round(bend[0]), round(bend[1])))
        )
    return found
