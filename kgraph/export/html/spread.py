"""Room for what matters: a layout stretched where weighty nodes crowd and pressed together where only light ones stand."""

from collections.abc import Mapping
from itertools import groupby

_SHARE = 0.72
"""How far nodes move from their places to evenly filled ones."""


def spread(places: Mapping[str, tuple[int, int]], weights: Mapping[str, float]) -> dict[str, tuple[int, int]]:
    """The places with the weight evened out along each axis; left stays left of right, and above stays above below.

    >>> spread({"a": (0, 0), "b": (10, 0), "c": (100, 0)}, {"a": 1, "b": 1, "c": 1})
    {'a': (12, 0), 'b': (39, 0), 'c': (88, 0)}
    """
    x = _evened({node: place[0] for node, place in places.items()}, weights)
    y = _evened({node: place[1] for node, place in places.items()}, weights)
    return {node: (x[node], y[node]) for node in places}


def _evened(values: Mapping[str, int], weights: Mapping[str, float]) -> dict[str, int]:
    if not values:
        return {}
    low, high = min(values.values()), max(values.values())
    total, below = sum(weights[node] for node in values) or 1.0, 0.0
    found: dict[str, int] = {}
    for value, group in groupby(sorted(values, key=lambda node: (values[node], node)), key=lambda node: values[node]):
        here = list(group)
        weight = sum(weights[node] for node in here)
        even = low + (high - low) * (below + weight / 2) / total
        below += weight
        found.update(dict.fromkeys(here, round(value + _SHARE * (even - value))))
    return found
