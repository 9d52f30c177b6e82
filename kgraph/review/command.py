"""The commands that look a graph over."""

import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.cli import DEFAULT_GRAPH, Curation, GraphArgument, GraphFile, no_stream, printable, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.text import Text

    from kgraph.review.explain import Explanation, Said


def explain(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="ENTITY | HEAD RELATION TAIL", help="A name, alias, id or IRI; or a statement, each end so given."
        ),
    ],
    graph: GraphFile = DEFAULT_GRAPH,
) -> None:
    """Say what a thing or a statement rests on. Its sentences with the words marked, and why its forms are one thing.

    \b
    Examples:
      kgraph explain LoRA
      kgraph explain OptFS usedFor "click-through rate prediction"
    """
    from rich.console import Console

    from kgraph.knowledge import load_knowledge
    from kgraph.query import find_entity, load_store
    from kgraph.review.explain import explain_statement, explain_thing

    if len(words) not in (1, 3):
        raise typer.BadParameter("give one entity, or head, relation and tail; put names of several words in quotes")
    knowledge, store = load_knowledge(), load_store(graph)
    head, *rest = words
    console = Console(soft_wrap=not sys.stdout.isatty())
    if rest:
        ends = [find_entity(store, end, knowledge) for end in (head, rest[1])]
        lines = _sentences(explain_statement(store, ends[0], rest[0], ends[1], knowledge))
    else:
        lines = _lines(explain_thing(store, find_entity(store, head, knowledge), knowledge))
    for line in lines:
        console.print(line)


def suggest(
    path: GraphArgument = None,
    graph: GraphFile = DEFAULT_GRAPH,
    papers: Annotated[
        int, typer.Option("--papers", "-n", metavar="N", help="How many papers must have a name that no lexicon knows.")
    ] = 3,
    curation: Curation = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="PATH", help="A file to add the rows to; - is stdout.")
    ] = Path("-"),
) -> None:
    """Propose rows for the curation file. Nodes that may be one thing, and frequent names that no lexicon knows.

    Each is a question and stands behind a #: take it away where you agree.

    \b
    Examples:
      kgraph suggest > proposals.tsv
      kgraph suggest --papers 2 -o curation.tsv
    """
    from kgraph.decisions import COLUMNS, decisions_of, read_text
    from kgraph.export.files import write_files
    from kgraph.knowledge import load_knowledge
    from kgraph.query import load_store
    from kgraph.review.suggest import suggest

    knowledge = load_knowledge()
    rows = suggest(load_store(path or graph), knowledge, papers, decisions_of(curation, knowledge.ontology))
    lines = ["# " + "\t".join(map(printable, row)) for row in rows]  # no cell holds a tab
    is_file = output != Path("-") and output.exists()
    before = read_text(output) if is_file else "\t".join(COLUMNS) + "\n"
    new = "".join(line + "\n" for line in lines if line not in before.splitlines())
    text = before + "\n" * (not before.endswith("\n")) + new
    write_files({output: text.encode("utf-8")})
    say(f"{new.count(chr(10))} proposals; take the # away from those you agree with, in curation.tsv, and build again.")


def check(
    path: GraphArgument = None,
    graph: GraphFile = DEFAULT_GRAPH,
    shapes: Annotated[bool, typer.Option(help="Validate the SHACL shapes too, which takes many seconds.")] = True,
) -> None:
    """Say what is wrong in a graph, and where. By the SHACL shapes, and by queries that must return nothing.

    The exit code is 1 if anything is wrong.

    \b
    Examples:
      kgraph check
      kgraph check exports/graph.ttl --no-shapes
    """
    from kgraph.knowledge import load_knowledge
    from kgraph.progress import waiting
    from kgraph.review.check import check

    problems, graph = 0, no_stream(path or graph)
    with waiting(f"Checking {graph}"):
        for problem in check(graph, load_knowledge(), shapes):
            print(printable(f"{problem.check}: {problem.what}\n    {problem.where}"), flush=True)
            problems += 1
    if problems:
        say(f"{problems} problems in {graph}.")
        raise typer.Exit(1)
    say(f"{graph} is as it should be.")


def _lines(found: "Explanation") -> "Iterator[Text]":
    """What is known of a thing, then its statements."""
    yield _text(f"{found.name}", style="bold") + _text(f"  {found.type}, {found.id}", style="dim")
    for form, why in found.forms:
        yield _text(f"  also “{form}”: {why}")
    for other in found.apart:
        yield _text(f"  kept apart from {other}, which shares a form with it")
    for note in found.notes:
        yield _text(f"  decided: {note}")
    yield from _sentences(found.said)


def _sentences(said: "Iterable[Said]") -> "Iterator[Text]":
    """Each statement with the sentences that say it, the words marked, by paper."""
    for (head, relation, tail), sayings in groupby(said, key=lambda one: one[:3]):
        yield _text(f"\n{head} ") + _text(relation, style="bold") + _text(f" {tail}")
        for (paper, sentence), rules in groupby(sayings, key=lambda one: (one.paper, one.sentence)):
            first, *others = rules
            marked, at = _text("  “"), 0
            for start, end in first.marks:
                marked += _text(sentence[at:start]) + _text(f"[{sentence[start:end]}]", style="bold green")
                at = end
            why = ", ".join(f"{one.rule} {one.confidence:g}" if one.confidence else one.rule for one in (first, *others))
            yield marked + _text(f"{sentence[at:]}”") + _text(f"  {why}" + (f"; {paper}" if paper != head else ""), style="dim")


def _text(text: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(printable(text), style=style)
