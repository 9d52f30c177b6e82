"""The command that looks input over before it is read."""

from typing import Annotated

import typer

from kgraph.cli import print_table, say
from kgraph.inputs import Categories, Columns, Form, Since, Sources, options_of


def sources(
    files: Sources,
    form: Form = "",
    columns: Columns = "",
    category: Categories = None,
    since: Since = "",
    problems: Annotated[bool, typer.Option("--problems", help="List every problem below the table.")] = False,
) -> None:
    """Say what each input file is, and what is wrong in it. How many records it has, with abstracts, duplicates and problems.

    The exit code is 3 if there is any problem.

    \b
    Examples:
      kgraph sources downloads/
      kgraph sources export.csv --columns title=Name,abstract=Text --problems
    """
    from kgraph.survey.survey import survey

    found = list(survey(files, options_of(form, columns, category, since)))
    columns_shown = ("file", "format", "records", "with abstract", "duplicates", "left out", "problems")
    rows = [
        (one.path, one.form or "?", *map(str, (one.records, one.abstracts, one.duplicates, one.left_out, len(one.problems))))
        for one in found
    ]
    totals = [sum(int(row[column]) for row in rows) for column in range(2, len(columns_shown))]
    if len(rows) > 1:
        rows.append((f"{len(rows)} files", "", *map(str, totals)))
    print_table(columns_shown, rows)
    rejections = [rejection for one in found for rejection in one.problems]
    for rejection in rejections if problems else rejections[:10]:
        say(str(rejection))
    if len(rejections) > 10 and not problems:
        say(f"… and {len(rejections) - 10:,} more, which --problems lists.")
    if rejections:
        raise typer.Exit(3)
