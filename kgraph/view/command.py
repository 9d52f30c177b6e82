"""The command that shows a part of a graph."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from kgraph.cli import DEFAULT_GRAPH, GraphArgument, GraphFile, say, say_written

Focus = Annotated[
    list[str] | None,
    typer.Option("--focus", metavar="NAME", help="Show what is near this name, alias or id; may be given again."),
]
Hops = Annotated[int, typer.Option(metavar="N", min=0, help="How many statements away from it is near.")]
Top = Annotated[int | None, typer.Option("--top", "-n", metavar="N", min=1, help="Show so many things, the most connected.")]
Page = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="PATH", help="The page; - is stdout [default: GRAPH as .view.html].")
]
IsOpened = Annotated[bool, typer.Option("--open/--no-open", help="Open the page, if this is a terminal.")]


def view(
    path: GraphArgument = None,
    graph: GraphFile = DEFAULT_GRAPH,
    focus: Focus = None,
    hops: Hops = 2,
    top: Top = None,
    output: Page = None,
    is_opened: IsOpened = True,
) -> None:
    """Write the page of a part of a graph, and open it.

    \b
    Examples:
      kgraph view --focus GSM8K --hops 1
      kgraph view exports/graph.ttl --top 50 -o core.html --no-open
    """
    import webbrowser

    from kgraph.errors import DataError
    from kgraph.export.files import STDOUT, write_files
    from kgraph.knowledge import load_knowledge
    from kgraph.progress import waiting
    from kgraph.view.page import view

    graph = path or graph
    page = output or (STDOUT if graph == STDOUT else graph.with_suffix(".view.html"))
    if page != STDOUT and page.suffix.lower() != ".html":
        raise DataError(page, None, "the suffix should be .html")
    with waiting("Drawing"):
        part, content = view(graph, load_knowledge(), focus or (), hops, top or 0)
    write_files({page: content})
    shown = part.graph
    nodes, statements = len(shown.papers) + len(shown.entities), len(shown.links)
    say_written(page)
    say(f"On the page: {nodes} of {part.nodes} nodes and {statements} of {part.statements} statements.")
    if part.rule:
        say(f"Shown: {part.rule}.")
    if is_opened and page != STDOUT and sys.stdout.isatty() and not webbrowser.open(page.resolve().as_uri()):
        say("No browser was found to open it with.")
