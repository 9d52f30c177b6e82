"""What rises and falls over time: the share of papers that introduce or use a thing, before and after, with its interval."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from kgraph.answers.numbers import Share, change
from kgraph.answers.opening import View
from kgraph.errors import QueryError
from kgraph.model import Paper
from kgraph.sources.dates import iso_date

By = Literal["month", "year", "listing"]
_LENGTH = {"month": 7, "year": 4}
_ANY_YEAR = "2000"
"""Stands for the year of a listing's date that names none; a leap year."""
_ANY = "any"
"""Stands for all things of a type."""


class Trend(NamedTuple):
    """A thing in a role: the papers of each period that have it, the shares before and after, and the change's interval."""

    thing: str
    type: str
    role: str
    counts: tuple[Share, ...]
    before: Share
    after: Share
    change: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """Whether it rises or falls, as far as the interval tells."""
        return "rises" if self.low > 0 else "falls" if self.high < 0 else "unclear"


class Trends(NamedTuple):
    """The periods in order, the first one of those after, how many papers have no date, and the trends."""

    by: By
    periods: tuple[str, ...]
    split: str
    papers: tuple[int, ...]
    undated: int
    trends: tuple[Trend, ...]


def trends(view: View, by: By | None = None, split: str = "", at_least: int = 3) -> Trends:
    """What rises and falls, the surest first, of things that at least so many papers have in a role.

    Time is publication months if half of the papers have them, else the listings' dates. Who uses a thing uses its families.

    Raises:
        QueryError: the papers have no dates, or all have one, or the split is none of them.
    """
    by = by or ("month" if 2 * len(_periods(view.papers.values(), "month")) >= len(view.papers) else "listing")
    of_paper = _periods(view.papers.values(), by)
    if len(set(of_paper.values())) < 2:
        raise QueryError(_without_dates(by, of_paper))
    periods = sorted(set(of_paper.values()))
    names = {period: _shown(view, period, by) for period in periods}
    sizes = Counter(of_paper.values())
    at = _split(periods, sizes, [one for one in periods if split in (one, names[one])], split)
    found = (_trend(key, papers, of_paper, periods, at) for key, papers in _having(view).items())
    kept = [one for one in found if one.before.having + one.after.having >= at_least]
    return Trends(
        by,
        tuple(names.values()),
        names[periods[at]],
        tuple(sizes[period] for period in periods),
        len(view.papers) - len(of_paper),
        tuple(sorted(kept, key=lambda one: (-max(one.low, -one.high), -abs(one.change), one.role, one.thing, one.type))),
    )


def _without_dates(by: By, of_paper: Mapping[str, str]) -> str:
    where = "in a listing" if by == "listing" else "of publication"
    if of_paper:
        return f"All dates {where} are {next(iter(of_paper.values()))}; a trend needs two periods."
    other = " (try --by listing)" if by != "listing" else ""
    return f"The papers of this graph have no dates {where}, so nothing can be said of trends{other}."


def _periods(papers: Iterable[Paper], by: By) -> dict[str, str]:
    """The period of each paper that has one, so that they sort as time does."""
    if by == "listing":
        dates = {paper.id: sorted(filter(None, (_listed(one.date) for one in paper.listings))) for paper in papers}
        return {paper: found[0] for paper, found in dates.items() if found}
    size = _LENGTH[by]
    return {paper.id: paper.date[:size] for paper in papers if len(paper.date) >= size}


def _listed(date: str) -> str:
    """A listing's date as ISO 8601, of some year if it names none."""
    return iso_date(date) or iso_date(f"{date} {_ANY_YEAR}") if date else ""


def _shown(view: View, period: str, by: By) -> str:
    """A period as the listings write it."""
    if by != "listing":
        return period
    written = {one.date for paper in view.papers.values() for one in paper.listings if _listed(one.date) == period}
    return min(written, default=period)


def _split(periods: Sequence[str], sizes: Mapping[str, int], wanted: Sequence[str], split: str) -> int:
    """The place of the first period of those after: as wanted, or so that as many papers stand before it as from it on."""
    if split:
        if not wanted or wanted[0] == periods[0]:
            raise QueryError(f"There is no period {split} after the first, {periods[0]}; the last is {periods[-1]}.")
        return periods.index(wanted[0])
    total = sum(sizes.values())
    return min(range(1, len(periods)), key=lambda at: abs(total - 2 * sum(sizes[one] for one in periods[:at])))


def _having(view: View) -> dict[tuple[str, str, str], set[str]]:
    """The papers by name, type and role; a name of all of a type is among them."""
    relations = view.knowledge.ontology.relations
    roles = {role: name for name, roles in view.settings["trends"].items() for role in roles}
    found: dict[tuple[str, str, str], set[str]] = {}
    for link in view.graph.links:
        role = roles.get(relations[link.relation].role)
        if role and link.head in view.papers and link.tail in view.things:
            cls = view.things[link.tail].type
            names = {_ANY, view.name(link.tail), *map(view.name, view.above(link.tail))}
            for name in names:
                found.setdefault((name, cls, role), set()).add(link.head)
    return found


def _trend(
    key: tuple[str, str, str], papers: Collection[str], of_paper: Mapping[str, str], periods: Sequence[str], at: int
) -> Trend:
    sizes, have = Counter(of_paper.values()), Counter(of_paper[paper] for paper in papers if paper in of_paper)
    counts = tuple(Share(have[period], sizes[period]) for period in periods)
    before, after = _sum(counts[:at]), _sum(counts[at:])
    return Trend(*key, counts, before, after, *change(before, after))


def _sum(counts: Iterable[Share]) -> Share:
    pairs: Iterator[tuple[int, ...]] = zip(*counts, strict=True)
    return Share(*(sum(numbers) for numbers in pairs))
