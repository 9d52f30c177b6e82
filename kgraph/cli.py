"""The command line: each command reads its arguments and calls one public function."""

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from unicodedata import category

import typer

from kgraph.errors import KgraphError
from kgraph.group import Command, Group
from kgraph.inputs import (
    Categories,
    Columns,
    Form,
    Jobs,
    MaxMemory,
    Output,
    Scheduler,
    Since,
    Sources,
    Strict,
    Work,
    bytes_of,
    finish,
    options_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgraph.knowledge import Knowledge
    from kgraph.model import Graph

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,  # rich would double the time to the first help line
    context_settings={"help_option_names": ["-h", "--help"]},
)

GraphFile = Annotated[
    Path,
    typer.Option(
        "--graph", "-g", metavar="FILE", help="The graph: a file such as graph.ttl, the folder of a store, or - for stdin."
    ),
]
GraphArgument = Annotated[Path | None, typer.Argument(metavar="GRAPH", help="The same as --graph.", show_default=False)]
Curation = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A file of your decisions [default: curation.tsv, if there is one here].")
]
DEFAULT_GRAPH = Path("exports/graph.ttl")
DOCKS = {
    **dict.fromkeys(("diff", "leaderboard", "report", "show", "similar", "trends"), "kgraph.answers.command"),
    "check": "kgraph.review.command",
    "evaluate": "kgraph.evaluate.command",
    "explain": "kgraph.review.command",
    "export": "kgraph.convert.command",
    "fetch": "kgraph.fetch.command",
    "mcp": "kgraph.agents.command",
    "push": "kgraph.push.command",
    "queries": "kgraph.ask.command",
    "query": "kgraph.ask.command",
    "serve": "kgraph.serve.command",
    "sources": "kgraph.survey.command",
    "suggest": "kgraph.review.command",
    "view": "kgraph.view.command",
}
"""Commands that import the core and are imported by nothing: a line here registers one."""
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they make text read otherwise than it stands


def main() -> None:
    """Run the command line; an error the user can mend is one sentence on stderr and exit code 1."""
    for name, module in sorted(DOCKS.items()):
        app.command(name, cls=Command)(getattr(import_module(module), name))
    try:
        app()
    except KgraphError as error:
        say("\n".join(filter(None, [f"kgraph: {error}", error.excerpt])))
        sys.exit(1)


def _say_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        print(f"kgraph {version('kgraph')}")
        raise typer.Exit


@app.callback()
def start(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say the version and exit.")
    ] = False,
) -> None:
    """Read machine-learning abstracts into a graph: which paper introduces, uses, compares or evaluates what."""


@app.command(cls=Command)
def build(
    sources: Sources,
    output: Output = "exports",
    curation: Curation = None,
    form: Form = "",
    columns: Columns = "",
    category: Categories = None,
    since: Since = "",
    strict: Strict = False,
    jobs: Jobs = 0,
    work: Work = None,
    max_memory: MaxMemory = "",
    scheduler: Scheduler = "",
) -> None:
    """Read documents and write their graph.

    \b
    Examples:
      kgraph build seeds/
      kgraph build papers.jsonl -o papers.graphml
      kgraph build seeds/ --curation decisions.tsv
      kgraph build corpus.jsonl --work work/ -o corpus.nt
      kgraph build s3://bucket/corpus.jsonl --scheduler tcp://host:8786 -o s3://bucket/graph.nt.parts/
    """
    from functools import partial

    from kgraph.building import Way, built
    from kgraph.decisions import decisions_of
    from kgraph.intake import take_in
    from kgraph.knowledge import load_knowledge
    from kgraph.parts import parts_folder
    from kgraph.summary import summary

    knowledge, parts = load_knowledge(), parts_folder(output)
    decisions = decisions_of(curation, knowledge.ontology)
    take = partial(take_in, sources, options_of(form, columns, category, since), strict=strict)
    with built(take, knowledge, decisions, Way(jobs, work, bytes_of(max_memory, work), scheduler, parts)) as made:
        _write(made.graph, output, knowledge, summary(made.graph, decisions, in_parts=bool(parts)), is_written=bool(parts))
        finish(made.intake, made.lost)


@app.command(cls=Command)
def extract(
    sources: Sources,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="A file for the lines; - is stdout.")] = Path(
        "-"
    ),
    form: Form = "",
    columns: Columns = "",
    category: Categories = None,
    since: Since = "",
    strict: Strict = False,
    jobs: Jobs = 0,
) -> None:
    """Write what each paper says as JSON lines.

    \b
    Examples:
      kgraph extract seeds/ > readings.jsonl
      kgraph extract seeds/ | head -1 | python3 -m json.tool
    """
    from kgraph.export.files import write_files
    from kgraph.export.jsonlines import json_line
    from kgraph.intake import take_in
    from kgraph.knowledge import load_knowledge
    from kgraph.progress import Readings

    knowledge = load_knowledge()
    intake = take_in(sources, options_of(form, columns, category, since), strict=strict)
    readings = Readings(intake.papers, knowledge, jobs)
    lines = (f"{json_line(reading, knowledge.ontology)}\n".encode() for reading in readings)
    write_files({output: lines})
    say_written(output)
    finish(intake, readings.lost)


@app.command(cls=Command)
def stats(path: GraphArgument = None, graph: GraphFile = DEFAULT_GRAPH) -> None:
    """Count what is in a graph. Nodes by class, statements by relation, the most used things.

    \b
    Examples:
      kgraph stats
      kgraph stats exports/graph.nt
    """
    from kgraph.knowledge import load_knowledge
    from kgraph.query import load_store, query_text, run, table

    knowledge, store = load_knowledge(), load_store(path or graph)
    for name in ("report-classes", "report-relations", "report-most-used"):
        print_table(*table(run(store, query_text(name, knowledge), knowledge), knowledge))


def _write(graph: "Graph", output: str, knowledge: "Knowledge", summary: str, *, is_written: bool) -> None:
    from kgraph.export import write_outputs
    from kgraph.progress import waiting
    from kgraph.summary import next_steps

    if is_written:  # in parts, by who made them
        say(f"{summary}\nWrote {output}.")
        return
    with waiting("Writing"):
        paths = write_outputs(graph, output, knowledge)
    unfit = [f"{path} cannot carry {count:,} characters, which are U+FFFD there." for path, count in paths.items() if count]
    say("\n".join((summary, *unfit)))
    say_written(*paths)
    if tips := next_steps(paths):
        say(tips)


def print_table(columns: "Sequence[str]", rows: "Sequence[Sequence[str]]") -> None:
    """Print an aligned table on stdout."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    view = Table(*(Column(column, overflow="fold") for column in columns), header_style="bold")
    for row in rows:
        view.add_row(*(Text(printable(cell)) for cell in row))
    Console().print(view)


def no_stream(graph: Path) -> Path:
    """The graph, if it can be read again.

    Raises:
        typer.BadParameter: it comes from stdin.
    """
    if graph == Path("-"):
        raise typer.BadParameter("expected a file, as it is read more than once", param_hint="GRAPH")
    return graph


def say_written(*paths: Path) -> None:
    """Say which files were written; what went to stdout speaks for itself."""
    if files := [str(path) for path in paths if path != Path("-")]:
        say(f"Wrote {', '.join(files)}.")


def say(sentence: str) -> None:
    """Talk to the person, on stderr."""
    print(printable(sentence), file=sys.stderr)


def printable(text: str) -> str:
    """A text without characters by which it could command the terminal or turn its lines; line ends and tabs stay."""
    return "".join(char for char in text if char in "\n\t" or (category(char) != "Cc" and char not in TURNING))
