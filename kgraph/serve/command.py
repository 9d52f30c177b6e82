"""The command that serves a graph."""

from typing import Annotated

import typer

from kgraph.ask.command import Rows, Seconds
from kgraph.cli import DEFAULT_GRAPH, GraphArgument, GraphFile, no_stream


def serve(
    path: GraphArgument = None,
    graph: GraphFile = DEFAULT_GRAPH,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="The port on this machine; 0 is any free one.")] = 7878,
    timeout: Seconds = 30.0,
    most: Rows = 100_000,
    cors: Annotated[
        str, typer.Option(metavar="ORIGIN", help="The one origin whose pages may read, such as https://example.org.")
    ] = "",
) -> None:
    """Serve a graph on this machine. SPARQL at /sparql for programs, pages for people; nothing can be changed.

    \b
    Examples:
      kgraph serve exports/graph.ttl
      kgraph serve graph.ttl --port 8080 --timeout-s 5
      curl localhost:7878/sparql --data-urlencode 'query=ASK { ?x a kg:Paper }'
    """
    from kgraph.knowledge import load_knowledge
    from kgraph.query import Limits
    from kgraph.serve.serving import serve_graph

    serve_graph(no_stream(path or graph), load_knowledge(), port, Limits(timeout, most, 2048), cors)
