"""The command that serves a graph to assistants."""

from kgraph.cli import DEFAULT_GRAPH, GraphArgument, GraphFile, no_stream


def mcp(path: GraphArgument = None, graph: GraphFile = DEFAULT_GRAPH) -> None:
    """Serve a graph to an assistant. By the Model Context Protocol, over standard input and output.

    Tools: search, entity, papers_using, explain, sparql. All only read; a query is ended after ten seconds or 200 rows.
    It needs pip install 'kgraph[mcp]'. An assistant's settings name the command and its arguments:

    \b
    Examples:
      kgraph mcp
      kgraph mcp exports/graph.ttl
    """
    from kgraph.agents.server import serve

    serve(no_stream(path or graph))
