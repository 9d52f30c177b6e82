"""The numbers of the page, each as a query gives it, and the lengths of what draws them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from kgraph.answers.numbers import Share
from kgraph.answers.opening import View
from kgraph.query import query_text, run, table

if TYPE_CHECKING:
    import pyoxigraph as ox

_MOST, _PAIRS, _FAMILIES = 12, 12, 12
"""So many bars, benchmarks that occur together, and families are shown."""
_WIDTH = 250
"""The longest bar."""
_LETTERS = 31
"""A label is cut after so many letters; its title holds all."""


class Bar(NamedTuple):
    """A label as far as there is room, all of it, the number, how long its bar is, and its place from above."""

    label: str
    title: str
    number: int
    length: float
    place: int


class Figures:
    """Asks a store what the page shows."""

    def __init__(self, view: View, store: "ox.Store") -> None:
        self._view, self._store = view, store
        self._classes = {row[0].removeprefix("kg:"): int(row[1]) for row in self._rows("report-classes")}
        self._things = [(row[1].removeprefix("kg:"), row[2], int(row[4])) for row in self._rows("report-things")]

    def _rows(self, name: str) -> list[list[str]]:
        knowledge = self._view.knowledge
        return table(run(self._store, query_text(name, knowledge), knowledge), knowledge)[1]

    def totals(self) -> list[tuple[str, int, str]]:
        """What there is in all: a word, the number, and the query."""
        things = sum(count for cls, count in self._classes.items() if cls in self._view.knowledge.ontology.things)
        relations = self._rows("report-relations")
        return [
            ("papers", len(self._view.papers), "report-classes"),
            ("things they name", things, "report-classes"),
            ("statements, numbers too", sum(int(row[1]) for row in relations), "report-relations"),
            ("sentences behind them", sum(int(row[2]) for row in relations), "report-relations"),
        ]

    def types(self) -> list[Bar]:
        """The things by type."""
        found = [(cls, self._classes.get(cls, 0)) for cls in self._view.knowledge.ontology.things]
        return bars(sorted(found, key=lambda row: (-row[1], row[0])))

    def named(self, cls: str) -> list[Bar]:
        """The things of a type that most papers name."""
        return bars([(name, papers) for of, name, papers in self._things if of == cls][:_MOST])

    def together(self) -> dict[str, Any]:
        """The benchmarks that most papers report with another, and how many papers report each two of them."""
        pairs = {(row[1], row[2]): int(row[3]) for row in self._rows("get-benchmarks-with")}
        often = sorted(pairs, key=lambda pair: (-pairs[pair], pair))
        chosen = list(dict.fromkeys(name for pair in often for name in pair))[:_PAIRS]
        weight = {name: sum(pairs.get((name, other), 0) for other in chosen) for name in chosen}
        names = sorted(chosen, key=lambda name: (-weight[name], name))
        top = max((pairs.get((a, b), 0) for a in names for b in names), default=1) or 1
        cells = [
            {"x": x, "y": y, "papers": papers, "title": f"{a} and {b}: {papers}", "depth": round(0.12 + 0.43 * papers / top, 3)}
            for y, a in enumerate(names)
            for x, b in enumerate(names)
            if (papers := pairs.get((a, b), 0)) and x < y
        ]
        return {"names": [(cut(name, 20), name) for name in names], "cells": cells}

    def families(self) -> list[tuple[str, int, int]]:
        """The families that most papers name: name, members and papers."""
        return [(row[1], int(row[2]), int(row[3])) for row in self._rows("report-families")][:_FAMILIES]

    def code(self) -> list[dict[str, Any]]:
        """By the type of what papers introduce, the share of these with an address of their own, and its interval."""
        found = []
        for place, row in enumerate(self._rows("report-code")):
            share = Share(int(row[2]), int(row[1]))
            low, high = share.interval
            found.append(
                {
                    "label": row[0].removeprefix("kg:"),
                    "having": share.having,
                    "of": share.of,
                    "place": place,
                    "percent": round(100 * share.value),
                    "low": round(100 * low),
                    "high": round(100 * high),
                    "length": round(_WIDTH * share.value, 1),
                    "ends": (round(_WIDTH * low, 1), round(_WIDTH * high, 1)),
                }
            )
        return found


def bars(rows: Iterable[tuple[str, int]]) -> list[Bar]:
    """Bars of numbers, the longest of them as long as there is room."""
    found = list(rows)
    top = max((number for _, number in found), default=1) or 1
    return [
        Bar(cut(label, _LETTERS), label, number, round(_WIDTH * number / top, 1), place)
        for place, (label, number) in enumerate(found)
    ]


def cut(text: str, letters: int) -> str:
    """A text as far as there is room.

    >>> cut("mathematical reasoning", 12)
    'mathematica…'
    """
    return text if len(text) <= letters else text[: letters - 1] + "…"
