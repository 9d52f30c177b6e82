"""The command that shows a part of a graph."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from kgraph.cli import DEFAULT_GRAPH, say


def view(
    graph: Annotated[Path, typer.Argument(metavar="GRAPH", help="A graph file, such as graph.ttl.")] = DEFAULT_GRAPH,
    focus: Annotated[
        list[str] | None, typer.Option("--focus", "-f", help="Show what is near this name, alias or id; may be given again.")
    ] = None,
    hops: Annotated[int, typer.Option(min=0, help="How many statements away from it is near.")] = 2,
    top: Annotated[
        int | None, typer.Option("--top", "-n", min=1, help="Show so many things, those with most statements.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The page to write [default: beside the graph, ending in .view.html].")
    ] = None,
    is_opened: Annotated[bool, typer.Option("--open/--no-open", help="Open the page, if this is a terminal.")] = True,
) -> None:
    """Write the page of a part of a graph, and open it.

    \b
    Examples:
      kgraph view --focus GSM8K --hops 1
      kgraph view exports/graph.ttl --top 50 -o core.html --no-open
    """
    import webbrowser

    from kgraph.errors import DataError
    from kgraph.export.files import write_files
    from kgraph.knowledge import load_knowledge
    from kgraph.view.page import view

    path = output or graph.with_suffix(".view.html")
    if path.suffix.lower() != ".html":
        raise DataError(path, None, "the suffix should be .html")
    part, content = view(graph, load_knowledge(), focus or (), hops, top or 0)
    write_files({path: content})
    shown = part.graph
    nodes, statements = len(shown.papers) + len(shown.entities), len(shown.links)
    say(f"Wrote {path}: {nodes} of {part.nodes} nodes and {statements} of {part.statements} statements.")
    if part.rule:
        say(f"Shown: {part.rule}.")
    if is_opened and sys.stdout.isatty() and not webbrowser.open(path.resolve().as_uri()):
        say("No browser was found to open it with.")
