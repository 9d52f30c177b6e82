"""The things that most papers name, drawn: what papers name together stands together."""

from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from math import sqrt
from typing import Any

from kgraph.answers.opening import View
from kgraph.answers.report.figures import cut
from kgraph.export.layout import layout
from kgraph.export.measures import Measures

_NODES, _TOGETHER = 44, 2
"""So many things are drawn, and a line where so many papers name both."""
_WIDTH, _EDGE = 1000, 75
_COLOURS = 8
"""So many communities have a colour of their own."""


def drawn(view: View, found: Mapping[str, Measures]) -> dict[str, Any]:
    """Circles with names, and lines, as the page draws them."""
    without = set(view.settings["similar"]["without"])
    things = [one for one in view.things.values() if one.type not in without and one.id in view.named_by]
    top = sorted((one.id for one in things), key=lambda thing: (-len(view.named_by[thing]), thing))[:_NODES]
    lines = Counter({(a, b): len(view.named_by[a] & view.named_by[b]) for a, b in combinations(sorted(top), 2)})
    kept = {pair: papers for pair, papers in lines.items() if papers >= _TOGETHER}
    joined = sorted({end for pair in kept for end in pair})
    if not joined:
        return {"nodes": [], "lines": [], "height": 0, "colours": {}}
    places, height = _scaled(layout(joined, sorted(kept), {thing: view.name(thing) for thing in joined}))
    sizes = Counter(found[thing].community for thing in joined)
    largest = sorted(sizes, key=lambda one: (-sizes[one], one))[:_COLOURS]
    colours = {number: place for place, number in enumerate(largest, 1)}
    most = max(len(view.named_by[thing]) for thing in joined)
    nodes = [
        {
            "x": places[thing][0],
            "y": places[thing][1],
            "label": cut(view.name(thing), 26),
            "title": f"{view.name(thing)}: {len(view.named_by[thing])} papers",
            "radius": round(4 + 12 * sqrt(len(view.named_by[thing]) / most), 1),
            "colour": colours.get(found[thing].community, 0),
        }
        for thing in sorted(joined, key=lambda thing: (-len(view.named_by[thing]), thing))
    ]
    top_line = max(kept.values())
    drawn_lines = [
        {"from": places[a], "to": places[b], "width": round(0.6 + 3.4 * papers / top_line, 2)}
        for (a, b), papers in sorted(kept.items())
    ]
    return {"nodes": nodes, "lines": drawn_lines, "height": height, "colours": colours}


def _scaled(places: Mapping[str, tuple[int, int]]) -> tuple[Mapping[str, tuple[float, float]], int]:
    """Positions in a frame, and how high this is."""
    (left, right), (up, down) = ((min(ends), max(ends)) for ends in zip(*places.values(), strict=True))
    scale = (_WIDTH - 2 * _EDGE) / (right - left or 1)
    at = {node: (round(_EDGE + (x - left) * scale, 1), round(_EDGE / 2 + (y - up) * scale, 1)) for node, (x, y) in places.items()}
    return at, round((down - up) * scale) + _EDGE
