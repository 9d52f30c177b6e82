"""The command that loads a graph into a server that runs."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from kgraph.cli import DEFAULT_GRAPH, GraphArgument, GraphFile, no_stream, say

Endpoint = Annotated[str, typer.Argument(metavar="ENDPOINT", help="The service: https://… of a triple store, bolt://… of Neo4j.")]
Iri = Annotated[str, typer.Option("--named-graph", metavar="IRI", help="The named graph to add to [default: the default graph].")]
By = Annotated[Literal["auto", "store", "update"], typer.Option("--by", help="Graph Store Protocol or Update; auto tries both.")]
Replace = Annotated[bool, typer.Option("--replace", help="Empty the graph there first.")]
Again = Annotated[bool, typer.Option("--again", help="Send anew what a push that was stopped had sent.")]
Database = Annotated[str, typer.Option(metavar="NAME", help="Neo4j's database [default: the server's].")]


def push(
    endpoint: Endpoint,
    path: GraphArgument = None,
    graph: GraphFile = DEFAULT_GRAPH,
    named: Iri = "",
    by: By = "auto",
    replace: Replace = False,
    again: Again = False,
    database: Database = "",
) -> None:
    """Load a graph into a triple store or into Neo4j.

    A triple store is sent chunks of triples; a push that was stopped goes on where it was, and one that is repeated changes
    nothing. Who you are stands in KGRAPH_PUSH_USER and KGRAPH_PUSH_PASSWORD, or in KGRAPH_PUSH_TOKEN, or in ~/.netrc; for Neo4j
    in NEO4J_USERNAME and NEO4J_PASSWORD, or in ~/.netrc. Untested against a Neo4j server.

    \b
    Examples:
      kgraph push http://localhost:7878/store
      kgraph push https://example.org/ds/data exports/graph.ttl --named-graph https://example.org/papers
      kgraph push bolt://localhost:7687
    """
    from kgraph.push.property_store import SCHEMES

    scheme = endpoint.partition("://")[0].lower()
    if scheme in SCHEMES:
        if named or by != "auto" or replace or again:
            raise typer.BadParameter("--named-graph, --by, --replace and --again are for triple stores", param_hint="ENDPOINT")
        _to_neo4j(endpoint, no_stream(path or graph), database)
    elif scheme in ("http", "https"):
        _to_triple_store(endpoint, no_stream(path or graph), named, by, replace=replace, again=again)
    else:
        raise typer.BadParameter(f"expected https://, http:// or one of {', '.join(SCHEMES)}", param_hint="ENDPOINT")


def _to_triple_store(
    endpoint: str, path: Path, graph: str, by: Literal["auto", "store", "update"], *, replace: bool, again: bool
) -> None:
    from kgraph.push.triple_store import Target, push

    first = True
    for at in push(path, Target(endpoint, graph, by), replace=replace, again=again):
        if first and at.done:
            say(f"Going on after {at.done} of {at.chunks} chunks.")
        first = False
    say(f"Pushed {at.triples:,} triples to {endpoint}" + (f", graph {graph}." if graph else "."))


def _to_neo4j(endpoint: str, path: Path, database: str) -> None:
    from kgraph.knowledge import load_knowledge
    from kgraph.push.property_store import push
    from kgraph.query import load_store
    from kgraph.reload import reload

    knowledge = load_knowledge()
    graph = reload(load_store(path), knowledge.ontology, path)
    merged = max(done for done, _ in push(graph, endpoint, knowledge, database))
    say(f"Merged {merged:,} nodes and relationships into {endpoint}.")
