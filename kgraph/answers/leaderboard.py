"""The numbers that abstracts claim on a benchmark, by measure; absolute values and differences apart."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from kgraph.answers.numbers import plain, value_of
from kgraph.answers.opening import View
from kgraph.errors import QueryError
from kgraph.model import Entity, Result

_PERCENT = "%"
_LOWER = "lower"


class Claim(NamedTuple):
    """A number as claimed: its place among those that can be compared (0 for none), of what, its value, and where it stands."""

    place: int
    subject: str
    value: float | None
    unit: str
    written: str
    paper: str
    sentence: str

    @property
    def shown(self) -> str:
        """The value in the board's unit, as written where it holds more than a number."""
        if self.value is None or value_of(self.written) == self.value:
            return self.written
        return f"{self.value:g}{self.unit}"


class Board(NamedTuple):
    """The numbers on one benchmark by one measure ("" if the abstracts do not say) of one kind."""

    benchmark: str
    metric: str
    direction: str
    kind: str
    claims: tuple[Claim, ...]


def leaderboard(view: View, benchmark: str) -> list[Board]:
    """The boards of a benchmark and of its variants and parts, given by its id, those with a measure and most numbers first.

    Raises:
        QueryError: it is no benchmark.
    """
    found, cls = view.nodes[benchmark], view.settings["leaderboard"]["class"]
    if not isinstance(found, Entity) or found.type != cls:
        kind = found.type if isinstance(found, Entity) else "paper"
        raise QueryError(f"“{view.name(benchmark)}” is a {kind.lower()}, not a {cls.lower()}.")
    family = [benchmark, *view.below(benchmark)]
    results = sorted((one for one in view.graph.results if one.benchmark in family), key=_group)
    boards = [_board(view, *key, list(group)) for key, group in groupby(results, key=_group)]
    order = {view.name(one): place for place, one in enumerate(family)}
    return sorted(boards, key=lambda one: (order[one.benchmark], one.kind, not one.metric, -len(one.claims), one.metric))


def benchmarks_with_numbers(view: View) -> list[tuple[str, int, int]]:
    """The benchmarks on which abstracts claim numbers: name, how many numbers, and of how many things."""
    on = sorted((one for one in view.graph.results if one.benchmark), key=lambda one: one.benchmark)
    found = []
    for benchmark, group in groupby(on, key=lambda one: one.benchmark):
        results = list(group)
        found.append((view.name(benchmark), len(results), len({one.subject for one in results})))
    return sorted(found, key=lambda row: (-row[1], row[0]))


def _group(result: Result) -> tuple[str, str, str]:
    return result.benchmark, result.metric, result.kind


def _board(view: View, benchmark: str, metric: str, kind: str, results: Iterable[Result]) -> Board:
    found = view.things.get(metric)
    direction = found.direction if found else ""
    is_share = any(one.unit == _PERCENT for one in view.graph.results if _measure(one) == (metric or benchmark))
    claims = [_claim(view, one, is_share) for one in results]
    if direction:
        sign = 1 if direction == _LOWER else -1
        claims.sort(key=lambda one: (one.value is None, sign * (one.value or 0.0), one.subject, one.paper))
        if kind == "absolute":
            claims = list(_placed(claims))
    else:
        claims.sort(key=lambda one: (one.subject.casefold(), one.value or 0.0, one.paper))
    return Board(view.name(benchmark), found.name if found else "", direction, kind, tuple(claims))


def _measure(result: Result) -> str:
    return result.metric or result.benchmark


def _claim(view: View, result: Result, is_share: bool) -> Claim:
    """A number in percent where the same measure is given in percent elsewhere."""
    written, value, unit = plain(result.value), value_of(result.value), result.unit
    if value is not None and not unit and is_share and result.kind == "absolute":
        value, unit = (round(value * 100, 6) if 0 < value <= 1 else value), _PERCENT
    paper = view.papers[result.evidence.paper]
    sentence = paper.text[result.evidence.start : result.evidence.end]
    return Claim(0, view.name(result.subject), value, unit, written, paper.title, sentence)


def _placed(claims: Iterable[Claim]) -> Iterator[Claim]:
    """The claims in order with their places; equal values share one."""
    place, before = 0, None
    for number, claim in enumerate(claims, 1):
        if claim.value is None:
            yield claim
            continue
        place, before = (place if claim.value == before else number), claim.value
        yield claim._replace(place=place)
