"""The commands that answer what people ask of a graph."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kgraph.cli import DEFAULT_GRAPH, Curation, GraphArgument, GraphFile, say, say_written

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kgraph.answers.opening import View

Evidence = Annotated[bool, typer.Option("--evidence", help="Say the sentence behind each line, its rule, and how sure that is.")]
Rows = Annotated[Literal["text", "csv", "json", "md"], typer.Option("--format", "-f", help="Text for people, or rows.")]


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, alias, id or IRI; a paper's title, arXiv id or DOI.")],
    graph: GraphFile = DEFAULT_GRAPH,
    evidence: Evidence = False,
    is_all: Annotated[bool, typer.Option("--all", help="All lines of each section, not the first eight.")] = False,
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", "-f", help="Text for people, or JSON with all that is known.")
    ] = "text",
) -> None:
    """Show all that a graph says of a thing or a paper. Who introduces and uses it, on what, with which numbers and code.

    \b
    Examples:
      kgraph show chain-of-thought
      kgraph show "Agent Q" --evidence
    """
    from rich.console import Console

    from kgraph.answers.printing import as_json, print_shown, shown_as_data
    from kgraph.answers.show import show

    view, node = _asked(graph, name)
    found = show(view, node)
    if form == "json":
        sys.stdout.write(as_json(shown_as_data(found)))
    else:
        print_shown(Console(highlight=False), found, evidence, 0 if is_all else 8)


def leaderboard(
    benchmark: Annotated[
        str, typer.Argument(metavar="BENCHMARK", help="A benchmark by name, alias, id or IRI; without one, those with numbers.")
    ] = "",
    graph: GraphFile = DEFAULT_GRAPH,
    evidence: Evidence = False,
    form: Rows = "text",
) -> None:
    """List the numbers that abstracts claim on a benchmark. By measure, the best first; differences apart.

    \b
    Examples:
      kgraph leaderboard MATH
      kgraph leaderboard GSM8K --format csv
    """
    from kgraph.answers.boards import print_benchmarks, print_boards
    from kgraph.answers.leaderboard import benchmarks_with_numbers, leaderboard

    if not benchmark:
        print_benchmarks(benchmarks_with_numbers(_view(graph)[0]), form)
        return
    view, node = _asked(graph, benchmark)
    boards = leaderboard(view, node)
    print_boards(view.name(node), boards, evidence, form)
    if not boards:
        say(f"No abstract claims a number on {view.name(node)}; {len(view.named_by.get(node, ()))} papers name it.")


def similar(
    paper: Annotated[str, typer.Argument(metavar="PAPER", help="Its title, arXiv id, DOI, id or IRI, or what it introduces.")],
    graph: GraphFile = DEFAULT_GRAPH,
    most: Annotated[int, typer.Option("--most", "-n", metavar="N", min=1, help="So many papers at most.")] = 5,
    form: Rows = "text",
) -> None:
    """Find the papers nearest to one, and say why. By the things that both name, of which rare ones weigh more.

    \b
    Examples:
      kgraph similar "Iterative Reasoning Preference Optimization"
      kgraph similar 2404.19733 -n 10 --format json
    """
    from kgraph.answers.boards import print_similar
    from kgraph.answers.similar import meant, similar

    view, node = _asked(graph, paper)
    wanted = meant(view, node)
    print_similar(view.name(wanted), similar(view, wanted, most), form)


def trends(
    path: GraphArgument = None,
    graph: GraphFile = DEFAULT_GRAPH,
    by: Annotated[
        Literal["month", "year", "listing"] | None,
        typer.Option(help="Publication months or years, or dates of listings [default: months if half of the papers have them]."),
    ] = None,
    split: Annotated[str, typer.Option(metavar="PERIOD", help="The first period of those after [default: the middle].")] = "",
    at_least: Annotated[
        int, typer.Option("--papers", "-n", metavar="N", min=1, help="Only things that so many papers have in a role.")
    ] = 3,
    form: Rows = "text",
) -> None:
    """Say what rises and falls over time. The share of papers that introduce or use a thing, with intervals.

    \b
    Examples:
      kgraph trends
      kgraph trends --by month --split 2025-01 --format csv
    """
    from kgraph.answers.boards import print_trends
    from kgraph.answers.trends import trends

    print_trends(trends(_view(path or graph)[0], by, split, at_least), form)


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A graph file, such as graph.ttl; - is stdin.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The graph file to compare with it.")],
    curation: Curation = None,
    is_all: Annotated[bool, typer.Option("--all", help="All changes in text, not the first ten of each sort.")] = False,
    form: Annotated[
        Literal["text", "csv", "json", "md"], typer.Option("--format", "-f", help="Text, rows, or Markdown for a mail.")
    ] = "text",
) -> None:
    """Say what one graph says and another does not. And which rules and decisions are behind it.

    The exit code is 0 if both say the same, 1 if they differ, and 2 if one cannot be read.

    \b
    Examples:
      kgraph diff before.ttl exports/graph.ttl
      kgraph diff before.ttl exports/graph.ttl --format md > changes.md
    """
    from kgraph.answers.boards import print_diff
    from kgraph.answers.diff import diff
    from kgraph.decisions import decisions_of
    from kgraph.errors import KgraphError

    try:
        views = [_view(path)[0] for path in (old, new)]
        found = diff(views[0].graph, views[1].graph, decisions_of(curation, views[0].knowledge.ontology))
    except KgraphError as error:  # as diff and cmp do, so that a script can tell trouble from a difference
        say(f"kgraph: {error}")
        raise typer.Exit(2) from None
    print_diff(found, form, 0 if is_all else 10)
    if found.changes:
        raise typer.Exit(1)


def report(
    path: GraphArgument = None,
    graph: GraphFile = DEFAULT_GRAPH,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="The page to write; - is stdout.")] = Path(
        "report.html"
    ),
) -> None:
    """Write a page for reading that says what a graph holds. Plots and tables, each number with the query that gives it.

    It is static, opens from disk, fetches nothing and runs nothing.

    \b
    Examples:
      kgraph report
      kgraph report exports/graph.ttl -o exports/report.html
    """
    from kgraph.answers.report import report
    from kgraph.export.files import write_files
    from kgraph.knowledge import load_knowledge
    from kgraph.progress import waiting

    with waiting("Counting"):
        content = report(path or graph, load_knowledge())
    write_files({output: content})
    say_written(output)


def _view(path: Path) -> "tuple[View, ox.Store]":
    from kgraph.answers.opening import open_view
    from kgraph.knowledge import load_knowledge

    return open_view(path, load_knowledge())


def _asked(path: Path, given: str) -> "tuple[View, str]":
    """The graph of a file, and the id of the node that is meant."""
    from kgraph.answers.opening import find

    view, store = _view(path)
    return view, find(view, store, given)
