"""Graph → files: the suffix is the format. Writers are pure views of the graph; a new one is a file and a line here."""

import io
import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from kgraph.errors import DataError
from kgraph.export.characters import LONE, NO_CELL, NO_XML, carried
from kgraph.export.files import Content, write_files
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

__all__ = ["EXPORTERS", "WHOLE", "render", "write_graph", "write_outputs"]


def _turtle(graph: Graph, knowledge: Knowledge) -> Content:
    from kgraph.export.rdf import write_turtle

    return partial(write_turtle, graph, knowledge.ontology)


def _ntriples(graph: Graph, knowledge: Knowledge) -> Content:
    from kgraph.export.ntriples import write_ntriples

    return partial(write_ntriples, graph, knowledge.ontology)


def _graphml(graph: Graph, knowledge: Knowledge) -> Content:
    from kgraph.export.graphml import write_graphml

    return partial(write_graphml, graph, knowledge.ontology)


def _html(graph: Graph, knowledge: Knowledge) -> bytes:
    from kgraph.export.html import html

    return html(graph, knowledge)


def _sssom(graph: Graph, knowledge: Knowledge) -> bytes:
    from kgraph.export.sssom import sssom

    return sssom(graph, knowledge.ontology)


SUFFIX = ".db"
"""The suffix of a store on disk, which is a folder."""
_MAPPINGS = ".sssom.tsv"

EXPORTERS: Mapping[str, Callable[[Graph, Knowledge], Content]] = {
    ".ttl": _turtle,
    ".nt": _ntriples,
    ".graphml": _graphml,
    ".html": _html,
    _MAPPINGS: _sssom,
}
"""The writer for each suffix: it gives what the file is to hold, or what writes that without holding it in memory."""
UNFIT: Mapping[str, re.Pattern[str]] = {".ttl": LONE, ".nt": LONE, ".graphml": NO_XML, ".html": LONE, _MAPPINGS: NO_CELL}
"""The characters that each format cannot carry."""
WHOLE = (".ttl", ".graphml", ".html")
"""The suffixes of the formats that hold the graph itself."""


def render(graph: Graph, path: Path, knowledge: Knowledge) -> bytes:
    """The content of a file of the graph in the format its suffix names; characters that it cannot carry become U+FFFD.

    Raises:
        DataError: no format has this suffix.
    """
    content, output = _rendered(graph, path, knowledge)[0], io.BytesIO()
    if not callable(content):
        return content
    content(output)
    return output.getvalue()


def _rendered(graph: Graph, path: Path, knowledge: Knowledge) -> tuple[Content, int]:
    """The content of a file, and how many characters its format cannot carry."""
    suffix = next((suffix for suffix in EXPORTERS if path.name.lower().endswith(suffix)), None)
    if not suffix:
        raise DataError(path, None, f"the suffix should be one of {', '.join(EXPORTERS)}")
    graph, count = carried(graph, UNFIT[suffix])
    return EXPORTERS[suffix](graph, knowledge), count


def write_graph(graph: Graph, paths: Iterable[Path], knowledge: Knowledge) -> dict[Path, int]:
    """Write the graph to each path in the format of its suffix, all of them or none.

    Gives for each path how many characters its format could not carry, which are U+FFFD there.

    Raises:
        DataError: a suffix is unknown or a file cannot be written.
    """
    made = {path: _rendered(graph, path, knowledge) for path in paths}
    write_files({path: content for path, (content, _) in made.items()})
    return {path: count for path, (_, count) in made.items()}


def write_outputs(graph: Graph, output: str, knowledge: Knowledge) -> dict[Path, int]:
    """Write the graph to one file, or in all formats to a folder, as `write_graph` does.

    A folder is what is one already, ends in a slash, or has no suffix. Mappings that an earlier graph left there go if this one
    rests on no decision.

    Raises:
        DataError: the suffix is unknown or a file cannot be written.
    """
    path = Path(output)
    if path.suffix == SUFFIX:
        from kgraph.export.store import write_store

        graph, count = carried(graph, LONE)
        write_store(graph, path, knowledge.ontology)
        return {path: count}
    if path.suffix and not path.is_dir() and not output.endswith(("/", os.sep)):
        paths = [path]
    else:
        paths = [path / f"graph{suffix}" for suffix in (*WHOLE, *[_MAPPINGS] * bool(graph.decisions))]
    written = write_graph(graph, paths, knowledge)
    if len(paths) > 1 and not graph.decisions:
        (path / f"graph{_MAPPINGS}").unlink(missing_ok=True)
    return written
