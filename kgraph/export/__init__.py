"""Graph → files: the suffix is the format. Writers are pure views of the graph; a new one is a file and a line here."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from kgraph.errors import DataError
from kgraph.export.files import write_files
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

__all__ = ["EXPORTERS", "WHOLE", "render", "write_graph", "write_outputs"]


def _turtle(graph: Graph, knowledge: Knowledge) -> bytes:
    from kgraph.export.rdf import turtle

    return turtle(graph, knowledge.ontology)


def _graphml(graph: Graph, knowledge: Knowledge) -> bytes:
    from kgraph.export.graphml import graphml

    return graphml(graph, knowledge.ontology)


def _html(graph: Graph, knowledge: Knowledge) -> bytes:
    from kgraph.export.html import html

    return html(graph, knowledge)


def _sssom(graph: Graph, knowledge: Knowledge) -> bytes:
    from kgraph.export.sssom import sssom

    return sssom(graph, knowledge.ontology)


_MAPPINGS = ".sssom.tsv"

EXPORTERS: Mapping[str, Callable[[Graph, Knowledge], bytes]] = {
    ".ttl": _turtle,
    ".graphml": _graphml,
    ".html": _html,
    _MAPPINGS: _sssom,
}
"""The writer for each suffix."""
WHOLE = (".ttl", ".graphml", ".html")
"""The suffixes of the formats that hold the graph itself."""


def render(graph: Graph, path: Path, knowledge: Knowledge) -> bytes:
    """The content of a file of the graph in the format its suffix names.

    Raises:
        DataError: no format has this suffix.
    """
    suffix = next((suffix for suffix in EXPORTERS if path.name.lower().endswith(suffix)), None)
    if not suffix:
        raise DataError(path, None, f"the suffix should be one of {', '.join(EXPORTERS)}")
    return EXPORTERS[suffix](graph, knowledge)


def write_graph(graph: Graph, paths: Iterable[Path], knowledge: Knowledge) -> None:
    """Write the graph to each path in the format of its suffix, all of them or none.

    Raises:
        DataError: a suffix is unknown or a file cannot be written.
    """
    write_files({path: render(graph, path, knowledge) for path in paths})


def write_outputs(graph: Graph, output: str, knowledge: Knowledge) -> list[Path]:
    """Write the graph to one file, or in all formats to a folder, and say to which paths.

    A folder is what is one already, ends in a slash, or has no suffix. Mappings that an earlier graph left there go if this one
    rests on no decision.

    Raises:
        DataError: the suffix is unknown or a file cannot be written.
    """
    path = Path(output)
    if path.suffix and not path.is_dir() and not output.endswith(("/", os.sep)):
        paths = [path]
    else:
        paths = [path / f"graph{suffix}" for suffix in (*WHOLE, *[_MAPPINGS] * bool(graph.decisions))]
    write_graph(graph, paths, knowledge)
    if len(paths) > 1 and not graph.decisions:
        (path / f"graph{_MAPPINGS}").unlink(missing_ok=True)
    return paths
