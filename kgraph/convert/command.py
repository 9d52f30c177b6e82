"""The command that writes a graph file in other formats."""

from typing import Annotated

import typer

from kgraph.cli import DEFAULT_GRAPH, GraphArgument, GraphFile, say_written


def export(
    path: GraphArgument = None,
    graph: GraphFile = DEFAULT_GRAPH,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="Where to write it; the suffix is the format, - is Turtle on stdout. May be given again.",
        ),
    ] = None,
) -> None:
    """Write a graph in other formats. RDF, drawing tools, Neo4j, tables, notes.

    \b
    RDF        .ttl .nt .nq .trig .rdf .jsonld
    drawing    .graphml .yed.graphml .gexf .cyjs .html
    folders    .neo4j/ .parquet/ .csv/ .tsv/ .vault/
    \b
    Examples:
      kgraph export -o graph.gexf
      kgraph export exports/graph.ttl -o graph.jsonld -o graph.neo4j/
    """
    from kgraph.convert.converting import convert
    from kgraph.knowledge import load_knowledge
    from kgraph.progress import waiting

    if not output:
        raise typer.BadParameter("expected at least one file to write, such as graph.gexf", param_hint="--output")
    with waiting("Writing"):
        paths = convert(path or graph, output, load_knowledge())
    say_written(*paths)
