"""Where nodes stand in a drawing: a seeded force layout for each component, the components packed side by side."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence

import igraph

_SPACING = 55.0


def layout(nodes: Sequence[str], edges: Iterable[tuple[str, str]], seed: int = 0) -> Mapping[str, tuple[int, int]]:
    """Whole-number positions, the same for the same nodes and edges: the largest component in the middle, others around."""
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 (a drawing, no secret)
    index = {node: number for number, node in enumerate(nodes)}
    drawn = igraph.Graph(len(nodes), sorted({(index[a], index[b]) for a, b in edges if a != b}))
    places: dict[str, tuple[int, int]] = {}
    boxes = sorted((_component(drawn, members) for members in drawn.connected_components()), key=lambda box: -len(box))
    inner, angle, radius = 0.0, 0.0, 0.0
    for number, box in enumerate(boxes):
        size = max(math.hypot(x, y) for x, y in box.values()) + _SPACING
        if number == 0:
            centre, inner, radius = (0.0, 0.0), size, size
        else:
            step = 2 * math.asin(min(1.0, size / (inner + size)))
            if angle + step > 2 * math.pi:
                angle, inner = 0.0, radius
                step = 2 * math.asin(min(1.0, size / (inner + size)))
            at = angle + step / 2
            centre = ((inner + size) * math.cos(at), (inner + size) * math.sin(at))
            angle, radius = angle + step, max(radius, inner + 2 * size)
        for member, (x, y) in box.items():
            places[nodes[member]] = (round(centre[0] + x), round(centre[1] + y))
    return places


def _component(drawn: igraph.Graph, members: Sequence[int]) -> dict[int, tuple[float, float]]:
    """Positions of a component's nodes around (0, 0), `_SPACING` apart on average."""
    if len(members) == 1:
        return {members[0]: (0.0, 0.0)}
    part = drawn.induced_subgraph(members)
    grid = "grid" if len(members) > 1000 else "nogrid"
    found = part.layout_fruchterman_reingold(niter=500, grid=grid)
    found.center(0, 0)
    reach = max(math.hypot(x, y) for x, y in found) or 1.0
    scale = _SPACING * math.sqrt(len(members)) / reach
    return {member: (x * scale, y * scale) for member, (x, y) in zip(members, found, strict=True)}
