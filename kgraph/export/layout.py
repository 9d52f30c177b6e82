"""Where nodes stand in a drawing: communities side by side, the best connected with room for their names, the rest on a rim."""

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice

import igraph

_SPACING = 55.0
"""Between neighbours, on average."""
_EVEN = 0.8
"""How far a community fills its circle evenly: 0 leaves the middle as crowded as forces do, 1 makes every part as full."""
_PULL = (0.98, 0.96)
"""How fast communities are drawn together, from the sides and from above: more from above, for screens are wide."""
_NAMED = 40
"""So many of the best connected nodes get room for their names."""
_LETTERS = 40
"""A name is cut after so many letters."""
_HEIGHT = 0.04
"""The height of letters for which there is room, as a fraction of the radius that holds four fifths of the nodes."""
_LARGE = 200
"""Above so many nodes, forces between far ones are left out."""

Point = tuple[float, float]


def layout(
    nodes: Sequence[str], edges: Iterable[tuple[str, str]], names: Mapping[str, str] | None = None
) -> Mapping[str, tuple[int, int]]:
    """Whole-number positions, the same for the same graph: the largest component in the middle, the others in rings around it.

    Of the nodes with a name the best connected stand so that these, written below them, do not lie on each other.
    """
    igraph.set_random_number_generator(random.Random(0))  # noqa: S311 (a drawing, no secret)
    index = {node: number for number, node in enumerate(nodes)}
    pairs = {(min(index[a], index[b]), max(index[a], index[b])) for a, b in edges if a != b}
    drawn = igraph.Graph(len(nodes), sorted(pairs))
    drawn.vs["number"] = range(len(nodes))
    parts = sorted(drawn.decompose(), key=lambda part: (-part.vcount(), part.vs[0]["number"]))
    boxes = [dict(zip(part.vs["number"], _component(part), strict=True)) for part in parts if part.vcount() > 1]
    places: dict[int, Point] = {}
    for box, (left, up) in zip(boxes, _rings([_reach(box.values()) for box in boxes]), strict=True):
        places.update({number: (x + left, y + up) for number, (x, y) in box.items()})
    degree = drawn.degree()
    if places and names:
        named = sorted((index[node] for node in names if index[node] in places), key=lambda number: (-degree[number], number))
        lengths = {number: len(names[nodes[number]]) for number in named[:_NAMED]}
        places = _moved(places, _named_apart(places, lengths), drawn)
        places = _spaced(places, degree, lengths)
    else:
        places = _spaced(places, degree, ())
    alone = [part.vs[0]["number"] for part in parts if part.vcount() == 1]
    places.update(zip(alone, _rim(len(alone), _reach(places.values())), strict=True))
    return {node: (round(places[number][0]), round(places[number][1])) for number, node in enumerate(nodes)}


def _reach(points: Iterable[Point]) -> float:
    return max((math.hypot(x, y) for x, y in points), default=0.0) + _SPACING


def _component(part: igraph.Graph) -> list[Point]:
    """Positions of a component's nodes: each community within a circle, these near the ones that they have most edges with."""
    found = part.community_leiden(objective_function="modularity", n_iterations=4)
    groups, group_of = list(found), found.membership
    radii = [math.sqrt(len(group)) for group in groups]
    between: dict[tuple[int, int], int] = {}
    for source, target in part.get_edgelist():
        ends = sorted((group_of[source], group_of[target]))
        if ends[0] != ends[1]:
            between[ends[0], ends[1]] = between.get((ends[0], ends[1]), 0) + 1
    outer = igraph.Graph(len(groups), sorted(between))
    pulls = [count / min(len(groups[a]), len(groups[b])) for (a, b), count in sorted(between.items())]
    centres = _together(outer.layout_fruchterman_reingold(weights=pulls, niter=500, grid="auto").coords, radii)
    places: list[Point] = [(0.0, 0.0)] * part.vcount()
    for group, radius, (left, up) in zip(groups, radii, centres, strict=True):
        for number, (x, y) in zip(group, _community(part.induced_subgraph(group), radius), strict=True):
            places[number] = ((left + x) * _SPACING, (up + y) * _SPACING)
    middle = [sum(values) / len(places) for values in zip(*places, strict=True)]
    return [(x - middle[0], y - middle[1]) for x, y in places]


def _community(part: igraph.Graph, radius: float) -> Iterator[Point]:
    """Positions by forces, spread over a circle."""
    found = part.layout_fruchterman_reingold(niter=200, grid="grid" if part.vcount() > _LARGE else "nogrid")
    found.center(0, 0)
    far = [math.hypot(x, y) or 1e-9 for x, y in found]
    rank = {number: place for place, number in enumerate(sorted(range(len(far)), key=lambda number: (far[number], number)))}
    for number, (x, y) in enumerate(found):
        even, forced = math.sqrt(rank[number] / len(far)), far[number] / max(far)
        to = radius * (_EVEN * even + (1 - _EVEN) * forced) / far[number]
        yield x * to, y * to


def _together(points: Iterable[Sequence[float]], radii: Sequence[float]) -> list[Point]:
    """Circles drawn together from given centres, and pushed apart where one lies on another, the smaller one further."""
    places = [(x, y) for x, y in points]
    turns = max(30, min(300, 3_000_000 // len(places) ** 2))
    for turn in range(turns):
        if turn < turns * 2 // 3:
            places = [(x * _PULL[0], y * _PULL[1]) for x, y in places]
        for i, wide in enumerate(radii):
            for j in range(i):
                (x, y), (left, up), room = places[i], places[j], wide + radii[j]
                if (x - left) ** 2 + (y - up) ** 2 < room * room * 0.998:
                    distance = math.hypot(x - left, y - up) or 1e-9
                    push = (room - distance) / distance
                    share = radii[j] ** 2 / (wide**2 + radii[j] ** 2)
                    dx, dy = (x - left) * push, (y - up) * push
                    places[i] = (x + dx * share, y + dy * share)
                    places[j] = (left - dx * (1 - share), up - dy * (1 - share))
    return places


def _named_apart(places: Mapping[int, Point], lengths: Mapping[int, int]) -> dict[int, Point]:
    """Where nodes with names of so many letters stand once no name lies on another."""
    radius = sorted(math.hypot(x, y) for x, y in places.values())[len(places) * 4 // 5]
    high = 2 * _HEIGHT * radius  # a node and its name below it
    wide = [0.6 * _HEIGHT * radius * min(length, _LETTERS) for length in lengths.values()]
    at = [places[number] for number in lengths]
    for _ in range(300):
        is_done = True
        for i, j in combinations(range(len(at)), 2):
            dx, dy = at[i][0] - at[j][0], at[i][1] - at[j][1]
            over = (wide[i] + wide[j]) / 2 - abs(dx), high - abs(dy)
            if min(over) > 0:
                is_done = False
                x, y = (
                    (math.copysign(over[0] / 2 + 1, dx), 0.0) if over[0] < over[1] else (0.0, math.copysign(over[1] / 2 + 1, dy))
                )
                at[i], at[j] = (at[i][0] + x, at[i][1] + y), (at[j][0] - x, at[j][1] - y)
        if is_done:
            break
    return dict(zip(lengths, at, strict=True))


def _moved(places: Mapping[int, Point], to: Mapping[int, Point], drawn: igraph.Graph) -> dict[int, Point]:
    """All positions once some nodes are moved and their neighbours follow them."""
    shift = {number: (x - places[number][0], y - places[number][1]) for number, (x, y) in to.items()}
    moved = {}
    for number, (x, y) in places.items():
        by = [shift[number]] if number in shift else [shift[other] for other in drawn.neighbors(number) if other in shift]
        count = len(by) or 1
        moved[number] = (x + sum(dx for dx, _ in by) / count, y + sum(dy for _, dy in by) / count)
    return moved


def _spaced(places: Mapping[int, Point], degree: Sequence[int], fixed: Iterable[int]) -> dict[int, Point]:
    """Nodes moved from under each other, the better connected less, some not at all."""
    at, still = dict(places), set(fixed)
    size = {number: _SPACING * min(0.4 + 0.05 * math.sqrt(degree[number]), 0.8) for number in at}
    cell = 2 * max(size.values(), default=1.0)
    for _ in range(max(2, min(15, 75_000 // len(at))) if at else 0):
        cells: dict[tuple[int, int], list[int]] = {}
        for number, (x, y) in at.items():
            cells.setdefault((int(x // cell), int(y // cell)), []).append(number)
        moves = {}
        for (column, row), inside in cells.items():
            around = [other for dx in (-1, 0, 1) for dy in (-1, 0, 1) for other in cells.get((column + dx, row + dy), ())]
            for number in inside:
                if number not in still and (move := _pushed(number, around, at, size, degree)):
                    moves[number] = move
        if not moves:
            break
        at.update(moves)
    return at


def _pushed(
    number: int, around: Sequence[int], at: Mapping[int, Point], size: Mapping[int, float], degree: Sequence[int]
) -> Point | None:
    """Where a node goes that others lie on, None if none does."""
    (x, y), own, dx, dy = at[number], size[number], 0.0, 0.0
    for other in around:
        left, up = x - at[other][0], y - at[other][1]
        room = own + size[other]
        if other != number and left * left + up * up < room * room:
            distance = math.hypot(left, up)
            if not distance:
                left, up, distance = (1.0, 0.5, 1.0) if number > other else (-1.0, -0.5, 1.0)
            push = (room - distance) / distance * degree[other] / (degree[number] + degree[other])
            dx, dy = dx + left * push, dy + up * push
    far = math.hypot(dx, dy)
    step = 0.6 * min(1.0, 2 * own / far) if far > 0.5 else 0.0
    return (x + dx * step, y + dy * step) if step else None


def _rings(reaches: Sequence[float]) -> Iterator[Point]:
    """Centres of circles given from the largest on: the first in the middle, the others in rings around it, evenly spread."""
    if reaches:
        yield 0.0, 0.0
    inner, first = (reaches[0] if reaches else 0.0), 1
    while first < len(reaches):
        size, total = reaches[first], 0.0
        steps: list[float] = []
        for reach in islice(reaches, first, None):
            step = 2 * math.asin(reach / (inner + size))
            if steps and total + step > 2 * math.pi:
                break
            steps.append(step)
            total += step
        spread, angle = 2 * math.pi / total, 0.0
        for step in steps:
            at = (angle + step / 2) * spread
            yield (inner + size) * math.cos(at), (inner + size) * math.sin(at)
            angle += step
        inner, first = inner + 2 * size, first + len(steps)


def _rim(count: int, reach: float) -> Iterator[Point]:
    """So many places on circles around a drawing, `_SPACING` apart."""
    while count > 0:
        room = min(count, max(1, int(2 * math.pi * reach / _SPACING)))
        for number in range(room):
            at = 2 * math.pi * number / room
            yield reach * math.cos(at), reach * math.sin(at)
        count, reach = count - room, reach + _SPACING
