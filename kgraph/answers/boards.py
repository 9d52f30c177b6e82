"""The tables that the commands print."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kgraph.answers.diff import HOWS, SORTS, Change, Diff
from kgraph.answers.leaderboard import Board, Claim
from kgraph.answers.numbers import Share
from kgraph.answers.printing import Cell, aligned, as_rows, markdown, plain_text, print_indented
from kgraph.answers.similar import Near
from kgraph.answers.trends import Trend, Trends

if TYPE_CHECKING:
    from rich.text import Text

_BARS = "▁▂▃▄▅▆▇█"
_SIGNS = {"added": "+", "lost": "−", "changed": "~"}


def print_rows(form: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Rows for a program."""
    sys.stdout.write(as_rows(form, columns, rows))


def print_benchmarks(rows: Iterable[tuple[str, int, int]], form: str) -> None:
    """The benchmarks with numbers."""
    from rich.console import Console

    columns = ("benchmark", "numbers", "of things")
    if form != "text":
        print_rows(form, columns, rows)
    else:
        Console(highlight=False).print(aligned(columns, rows, right=(1, 2)))


def print_boards(name: str, boards: Sequence[Board], has_evidence: bool, form: str) -> None:
    """The numbers on a benchmark, one table for each measure and kind."""
    from rich.console import Console

    if form != "text":
        columns = ("benchmark", "measure", "better", "kind", "place", "subject", "value", "unit", "written", "paper", "sentence")
        rows = [
            (board.benchmark, board.metric, board.direction, board.kind, one.place or None, *one[1:])
            for board in boards
            for one in board.claims
        ]
        print_rows(form, columns, rows)
        return
    console = Console(highlight=False)
    if boards:
        console.print(plain_text(f"{name}: what abstracts claim, each in its own setting; nothing was measured again.", "dim"))
    for board in boards:
        console.print()
        kind = {"absolute": "", "delta": ": differences to something else"}.get(board.kind, f": {board.kind}")
        order = f"{board.direction} is better" if board.direction else "no order, as the better direction is not known"
        console.print(
            plain_text(f"{board.benchmark}, {board.metric or 'measure not stated'}{kind}", "bold")
            + plain_text(f"  {order}", "dim")
        )
        lines = [(one.place or None, one.subject, one.shown, _source(one, has_evidence)) for one in board.claims]
        console.print(aligned(("", "what", "claimed", "in"), lines, right=(0, 2)))


def _source(claim: Claim, has_evidence: bool) -> "Text":
    """The paper that claims a number, how it is written there, and the sentence."""
    written = f", written {claim.written}" if claim.shown != claim.written else ""
    return plain_text(claim.paper + written) + plain_text(f"\n“{claim.sentence}”" if has_evidence else "", "dim")


def print_similar(title: str, found: Sequence[Near], form: str) -> None:
    """The papers nearest to one, each with what it shares."""
    from rich.console import Console

    if form != "text":
        columns = ("place", "score", "id", "title", "thing", "type", "here", "there", "papers", "part")
        rows = [
            (place, round(near.score, 4), near.id, near.title, *one[:5], round(one.part, 4))
            for place, near in enumerate(found, 1)
            for one in near.shared
        ]
        print_rows(form, columns, rows)
        return
    console = Console(highlight=False)
    console.print(plain_text(f"Nearest to “{title}”" if found else f"No paper names anything that “{title}” names.", "dim"))
    for place, near in enumerate(found, 1):
        console.print()
        console.print(plain_text(f"{place}  ") + plain_text(near.title, "bold") + plain_text(f"  {near.score:.2f}", "dim"))
        for one in near.shared:
            rarity = f"{one.type}, {one.papers} papers"
            how = one.here if one.here == one.there else f"{one.here} / {one.there}"
            print_indented(console, plain_text(f"{one.part:4.0%}  {one.thing}") + plain_text(f"  {rarity}; {how}", "dim"), 3)


def print_trends(found: Trends, form: str) -> None:
    """What rises and falls, by role."""
    from rich.console import Console

    if form != "text":
        columns = (
            "role",
            "thing",
            "type",
            "verdict",
            "before",
            "of before",
            "after",
            "of after",
            "change",
            "low",
            "high",
            *found.periods,
        )
        print_rows(form, columns, [(*_numbers(one), *(share.having for share in one.counts)) for one in found.trends])
        return
    console = Console(highlight=False)
    what = {"listing": "by the dates of their listings", "month": "by month", "year": "by year"}[found.by]
    sizes = ", ".join(f"{period} {size}" for period, size in zip(found.periods, found.papers, strict=True))
    console.print(plain_text(f"Papers {what}: {sizes if len(found.periods) < 9 else sum(found.papers)}."))
    undated = f" {found.undated} papers have no such date and are left out." if found.undated else ""
    console.print(plain_text(f"Compared: before {found.split} and from then on.{undated}", "dim"))
    for role in sorted({one.role for one in found.trends}):
        rows = [one for one in found.trends if one.role == role]
        clear = [one for one in rows if one.verdict != "unclear"]
        console.print()
        console.print(plain_text(role, "bold") + plain_text(f"  {len(clear)} of {len(rows)} things rise or fall clearly", "dim"))
        columns = ("", "thing", "type", "before", "after", "change", "95 %", "curve")
        console.print(aligned(columns, [_row(one) for one in (clear or rows)[:15]], right=(3, 4, 5, 6)))
    console.print()
    chance = "Change and its 95 % interval are in points of a hundred; one that leaves out 0 is clear, as one of 20 is by chance."
    console.print(plain_text(chance, "dim"))


def _numbers(one: Trend) -> tuple[Cell, ...]:
    counts = (one.before.having, one.before.of, one.after.having, one.after.of)
    return one.role, one.thing, one.type, one.verdict, *counts, round(one.change, 4), round(one.low, 4), round(one.high, 4)


def _row(one: Trend) -> tuple[Cell, ...]:
    sign = {"rises": "↑", "falls": "↓"}.get(one.verdict, "")
    interval = f"{100 * one.low:+.1f}…{100 * one.high:+.1f}"
    return sign, one.thing, one.type, _of(one.before), _of(one.after), f"{100 * one.change:+.1f}", interval, _curve(one.counts)


def _of(share: Share) -> str:
    return f"{share.having}/{share.of}"


def _curve(counts: Sequence[Share]) -> str:
    top = max(share.value for share in counts) or 1.0
    return "".join(_BARS[round(share.value / top * (len(_BARS) - 1))] for share in counts)


def print_diff(found: Diff, form: str, most: int) -> None:
    """What changed: how many of each sort, the changes of each, and the rules behind them."""
    from rich.console import Console

    if form in ("csv", "json"):
        rows = [(*one[:5], "; ".join(one.why)) for one in found.changes]
        print_rows(form, ("what", "how", "id", "name", "detail", "why"), rows)
        return
    counts: list[tuple[Cell, ...]] = [(what, *(found.number(what, how) for how in HOWS)) for what in SORTS]
    groups = [(what, how, [one for one in found.changes if one[:2] == (what, how)]) for what in SORTS for how in HOWS]
    if form == "md":
        sys.stdout.write("# What changed in the graph\n\n" + as_rows("md", ("", *HOWS), counts))
        for what, how, changes in groups:
            lines = "".join(f"- {markdown(line)}{_by(why)}\n" for line, why in map(_told, changes))
            sys.stdout.write(f"\n## {what.capitalize()} {how}\n\n{lines}" if changes else "")
        rules = as_rows("md", ("rule or decision", "added", "lost"), found.rules)
        sys.stdout.write(f"\n## Statements and numbers by rule or decision\n\n{rules}" if found.rules else "")
        return
    console = Console(highlight=False)
    if not found.changes:
        console.print("Both graphs say the same.")
        return
    console.print(aligned(("", *HOWS), counts, right=(1, 2, 3)))
    for what, how, changes in groups:
        if changes:
            console.print(plain_text(f"\n{what} {how}", "bold") + plain_text(f" ({len(changes)})", "dim"))
        for line, why in map(_told, changes[: most or None]):
            print_indented(console, plain_text(f"{_SIGNS[how]} {line}") + plain_text(why, "dim"), 2)
        if most and len(changes) > most:
            print_indented(console, plain_text(f"… and {len(changes) - most} more: --all", "dim"), 2)
    if found.rules:
        console.print(plain_text("\nstatements and numbers by rule or decision", "bold"))
        console.print(aligned(("", "added", "lost"), found.rules[: most or None], right=(1, 2)))


def _by(why: str) -> str:
    return f" – *{markdown(why)}*" if why.strip() else ""


def _told(change: Change) -> tuple[str, str]:
    """A change in words, and what is behind it."""
    detail = f": {change.detail}" if change.detail else ""
    return f"{change.name}{detail}", f"  {'; '.join(change.why)}" if change.why else ""
