"""Answers as text for people, and as rows for programs."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kgraph.answers.show import Line, Sentence, Shown
from kgraph.cli import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

Cell = str | int | float | None


def plain_text(text: str, style: str = "") -> "Text":
    """Text that no terminal obeys and rich does not read as markup."""
    from rich.text import Text

    return Text(printable(text), style=style)


def print_indented(console: "Console", text: "Text", by: int) -> None:
    """Print a text that stands so many columns in, also where it is wrapped."""
    for line in text.wrap(console, max(console.width - by, 20)):
        line.rstrip()
        line.pad_left(by)
        console.print(line, soft_wrap=True)


def aligned(columns: Sequence[str], rows: "Iterable[Sequence[Cell | Text]]", right: Iterable[int] = ()) -> "RenderableType":
    """A table without frames; columns of numbers stand to the right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    view, ends = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False), set(right)
    for place, column in enumerate(columns):
        view.add_column(column, overflow="fold", justify="right" if place in ends else "left", no_wrap=place in ends)
    for row in rows:
        view.add_row(*(value if isinstance(value, Text) else plain_text(_cell(value)) for value in row))
    return view


def as_rows(form: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as CSV, JSON or a table in Markdown."""
    if form == "json":
        return as_json([dict(zip(columns, row, strict=True)) for row in rows])
    if form == "md":
        lines = [columns, ["---"] * len(columns), *rows]
        return "".join(f"| {' | '.join(markdown(_cell(value)) for value in line)} |\n" for line in lines)
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[printable(_cell(value)) for value in row] for row in rows])
    return output.getvalue()


def as_json(value: Any) -> str:
    """A value as JSON that any terminal can show."""
    return json.dumps(value, ensure_ascii=True, indent=1) + "\n"


def markdown(text: str) -> str:
    """Text that Markdown shows as it stands, on one line."""
    words = " ".join(printable(text).split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#~$" else char for char in words)


def _cell(value: Cell) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def print_shown(console: "Console", shown: Shown, has_evidence: bool, most: int) -> None:
    """A page in the terminal of a paper or thing; of a section so many lines, 0 for all."""
    console.print(plain_text(shown.name, "bold") + plain_text(f"  {shown.type}, {shown.id}", "dim"))
    for label, text in shown.facts:
        print_indented(console, plain_text(f"{label}: ", "dim") + plain_text(text), 2)
    for section in shown.sections:
        console.print()
        console.print(plain_text(section.heading, "bold") + plain_text(f" ({len(section.lines)})", "dim"))
        kept = section.lines[: most or None]
        for line in kept:
            print_indented(console, plain_text(line.name) + plain_text(f"  {line.note}" if line.note else "", "dim"), 2)
            for sentence in line.sentences if has_evidence else ():
                print_indented(console, _quoted(sentence, line), 6)
        if len(kept) < len(section.lines):
            print_indented(console, plain_text(f"… and {len(section.lines) - len(kept)} more: --all", "dim"), 2)


def _quoted(sentence: Sentence, line: Line) -> "Text":
    """A sentence with its words marked, the rule, and the paper if the line does not name it."""
    said, at = plain_text("“"), 0
    for start, end in sentence.marks:
        said += plain_text(sentence.text[at:start]) + plain_text(f"[{sentence.text[start:end]}]", "bold green")
        at = end
    source = f"; {sentence.paper}" if sentence.paper != line.name else ""
    return said + plain_text(sentence.text[at:] + "”") + plain_text(f"  {sentence.rule} {sentence.confidence:g}{source}", "dim")


def shown_as_data(shown: Shown) -> Mapping[str, Any]:
    """A page as plain values."""
    sections = [
        {"heading": section.heading, "lines": [{**line._asdict(), "sentences": list(_said(line))} for line in section.lines]}
        for section in shown.sections
    ]
    return {**shown._asdict(), "facts": [list(fact) for fact in shown.facts], "sections": sections}


def _said(line: Line) -> Iterator[Mapping[str, Any]]:
    for sentence in line.sentences:
        yield {key: value for key, value in sentence._asdict().items() if key != "marks"}
