"""The command line's words for input: what to read, in which format, and what of it is wanted."""

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgraph.intake import Intake
    from kgraph.model import Paper
    from kgraph.sources import Options

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCES", help="Files, folders, globs, - for stdin, https:// or s3:// addresses: see kgraph sources."
    ),
]
Form = Annotated[
    str, typer.Option("--from", metavar="FORMAT", help="The format, such as bibtex or openalex [default: by content].")
]
Columns = Annotated[str, typer.Option(metavar="NAME=COLUMN,…", help="Columns or keys, such as title=Title,abstract=Abstract.")]
Categories = Annotated[
    list[str] | None,
    typer.Option("--category", metavar="CATEGORY", help="Only papers of a category: cs.CL, or cs for all of it."),
]
Since = Annotated[str, typer.Option(metavar="DATE", help="Only papers from this ISO date on, such as 2024-01.")]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", metavar="N", min=0, help="Processes that read at once; 0 is one for each core.")
]
Output = Annotated[
    str,  # a path loses the slash that tells a folder
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        help="A folder for graph.ttl, graph.graphml and graph.html, or one file of any format; - is Turtle on stdout.",
    ),
]
Work = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Keep what is read here: a later build reads only what is new, and memory stays small."),
]
Scheduler = Annotated[
    str,
    typer.Option(metavar="ADDRESS", help="Have the workers of a Dask cluster read: tcp://host:8786, or local for --jobs here."),
]
MaxMemory = Annotated[
    str, typer.Option("--max-memory", metavar="SIZE", help="Stop rather than take more, such as 2G; needs --work.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first wrong record, and write nothing.")]


def options_of(form: str, columns: str, category: list[str] | None, since: str) -> "Options":
    """What the user says about the input, as a record.

    Raises:
        typer.BadParameter: there is no such format or field, or the date is none.
    """
    from kgraph.sources import SOURCES, Options
    from kgraph.sources.fields import NAMES

    if form and form not in SOURCES:
        raise typer.BadParameter(f"there is no format {form}; there are {', '.join(SOURCES)}", param_hint="--from")
    pairs = dict(pair.partition("=")[::2] for pair in columns.split(",") if pair.strip())
    pairs = {field.strip(): column.strip() for field, column in pairs.items()}
    if wrong := [field for field, column in pairs.items() if field not in NAMES or not column]:
        sentence = f"expected name=column with a name of {', '.join(NAMES)}, but “{wrong[0]}” stands there"
        raise typer.BadParameter(sentence, param_hint="--columns")
    if since and not is_date(since):
        raise typer.BadParameter(
            f"expected a date such as 2024, 2024-01 or 2024-01-31, but “{since}” stands there", param_hint="--since"
        )
    return Options(form, pairs, tuple(category or ()), since)


def bytes_of(size: str, work: Path | None) -> int:
    """The bytes of a size such as 500M or 2G, 0 where none is given.

    Raises:
        typer.BadParameter: it is none, or there is no work folder to go on from.
    """
    if not size:
        return 0
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT]?)B?", size.strip().upper())
    if not found:
        raise typer.BadParameter(f"expected a size such as 500M or 2G, but “{size}” stands there", param_hint="--max-memory")
    if not work:
        raise typer.BadParameter("without --work FOLDER everything must fit in memory", param_hint="--max-memory")
    return int(float(found[1]) * 1000 ** " KMGT".index(found[2] or " "))


def finish(intake: "Intake", lost: "Sequence[Paper]" = ()) -> None:
    """Say what of the input was not read; exit code 3 if anything was rejected, or a process died on it."""
    if intake.report:
        print(intake.report, file=sys.stderr)
    if intake.rejections or lost:
        raise typer.Exit(3)


def is_date(text: str) -> bool:
    """Whether a text is an ISO date, perhaps of a year or a month alone."""
    try:
        date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        return False
    return len(text) in (4, 7, 10)
