"""The commands that ask a graph."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from kgraph.cli import DEFAULT_GRAPH, GraphFile, print_table, say

if TYPE_CHECKING:
    from kgraph.knowledge import Knowledge
    from kgraph.query import Answer

Seconds = Annotated[float, typer.Option("--timeout-s", metavar="SECONDS", min=0.01, help="When a query is stopped.")]
Rows = Annotated[int, typer.Option("--max-rows", metavar="ROWS", min=1, help="Rows of an answer above which none is given.")]
Shape = Annotated[
    Literal["table", "csv", "tsv", "json", "xml", "ttl", "nt", "jsonld"] | None,
    typer.Option("--format", "-f", help="Default: a table on a terminal, else CSV; Turtle for CONSTRUCT and DESCRIBE."),
]


def query(
    text: Annotated[
        str,
        typer.Argument(metavar="QUERY", help="SPARQL, a file ending in .rq, - for stdin, or the name of a saved query."),
    ],
    graph: GraphFile = DEFAULT_GRAPH,
    entity: Annotated[
        str,
        typer.Option(
            "--entity", "-e", metavar="NAME", help="What a query asks about: a name, alias, id or IRI; a paper's title or DOI."
        ),
    ] = "",
    form: Shape = None,
    timeout: Seconds = 30.0,
    most: Rows = 1_000_000,
    explain: Annotated[bool, typer.Option("--explain", help="Say how many rows there are and how long it took.")] = False,
) -> None:
    """Ask a graph with SPARQL or a saved query. The prefixes kg, dcterms, skos, prov, oa, nif … are declared.

    \b
    Examples:
      kgraph query 'SELECT (COUNT(*) AS ?n) { ?p a kg:Paper }'
      kgraph query get-papers-using --entity chain-of-thought
      kgraph query 'DESCRIBE <https://w3id.org/kgraph/id/method/lora>' --format jsonld
    """
    from kgraph.ask.asking import ask_graph
    from kgraph.knowledge import load_knowledge
    from kgraph.query import Limits, graph_format, query_text

    graph_format(graph)  # what is wrong with the graph is said before what is wrong with the query
    knowledge = load_knowledge()
    asked = sys.stdin.read() if text == "-" else query_text(text, knowledge)
    found = ask_graph(graph, asked, knowledge, entity, Limits(timeout, most))
    for sentence in found.warnings:
        say(f"kgraph: warning: {sentence}")
    if explain:
        say(f"{found.rows:,} {'row' if found.rows == 1 else 'rows'} in {found.seconds * 1000:,.1f} ms")
    _put(found, form, knowledge, bool(entity))
    if not found.rows and form not in ("json", "xml"):
        say("No answers.")


def _put(found: "Answer", form: Shape, knowledge: "Knowledge", is_about_one: bool) -> None:
    from kgraph.query import ENTITY, cells, render

    shown = form or ("ttl" if found.kind == "triples" else "table" if sys.stdout.isatty() else "csv")
    if shown != "table":
        content = render(found, shown, knowledge)
        sys.stdout.buffer.write(content if content.endswith(b"\n") else content + b"\n")
        sys.stdout.buffer.flush()
        return
    columns, rows = cells(found, knowledge)
    kept = slice(int(is_about_one and columns[:1] == [ENTITY]), None)  # what was asked about need not be said again
    print_table(columns[kept], [row[kept] for row in rows])


def queries() -> None:
    """List the saved queries. What each answers, and whether it can be about one thing, given with --entity.

    \b
    Examples:
      kgraph queries
      kgraph queries | grep code
    """
    from kgraph.knowledge import load_knowledge
    from kgraph.query import asks_about, named_queries

    saved = named_queries(load_knowledge())
    rows = [(name, "--entity" if asks_about(text) else "", answers) for name, (answers, text) in saved.items()]
    if sys.stdout.isatty():
        print_table(["name", "about", "answers"], rows)
        return
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, about, answers in rows:
        print(f"{name:{widths[0]}}  {about:{widths[1]}}  {answers}")
