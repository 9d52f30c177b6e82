"""Graph → files: the suffix is the format. Writers are pure views; a new one is a file and a line in `formats.py`."""

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path

from kgraph.batches import uncollected
from kgraph.errors import DataError
from kgraph.export.characters import carried
from kgraph.export.files import STDOUT, Content, Filled, write_files, write_filled, write_folder
from kgraph.export.formats import FORMATS, Format, format_of, suffix_of
from kgraph.knowledge import Knowledge
from kgraph.model import Graph
from kgraph.streamed import Streamed

__all__ = ["FORMATS", "WHOLE", "output_paths", "render", "write_graph", "write_outputs"]

WHOLE = (".ttl", ".graphml", ".html")
"""The formats that are written where no suffix names one."""
_MAPPINGS = ".sssom.tsv"
_IN_MEMORY = 50_000
"""So many papers of a work folder are held in memory for a format that needs all of them at once."""


def render(graph: Graph, path: Path, knowledge: Knowledge) -> bytes | Mapping[str, bytes]:
    """The content of a file of the graph in the format its suffix names; of a folder, that of each of its files.

    Characters that the format cannot carry become U+FFFD.

    Raises:
        DataError: no format has this suffix, or it is one whose folder is no more than its files.
        SetupError: the format needs what is not installed.
    """
    form = format_of(path)
    content = form.writer()(_held(carried(graph, form.unfit)[0], form, path), knowledge)
    if isinstance(content, Filled):
        raise DataError(path, None, f"{form.name} can only be written to disk")
    if isinstance(content, Mapping):
        return {name: _whole(one) for name, one in content.items()}
    return _whole(content)


def _whole(content: Content) -> bytes:
    return content if isinstance(content, bytes) else b"".join(content)


def _held(graph: Graph, form: Format, path: Path) -> Graph:
    """The graph as a format takes it: one on disk in memory, if the format needs that."""
    if form.is_streamed or not isinstance(graph.papers, Streamed):
        return graph
    if len(graph.papers) > _IN_MEMORY:
        names = ", ".join(suffix for suffix, other in FORMATS.items() if other.is_streamed)
        reason = f"{form.name} needs all papers in memory, of a work folder at most {_IN_MEMORY:,}"
        raise DataError(path, None, f"{reason}; more can be written to {names}")
    return Graph(tuple(graph.papers), graph.entities, tuple(graph.links), tuple(graph.results), graph.decisions)


def write_graph(graph: Graph, paths: Iterable[Path], knowledge: Knowledge) -> dict[Path, int]:
    """Write the graph to each path in the format of its suffix, all files or none, then the folders, each as a whole.

    Gives for each path how many characters its format could not carry, which are U+FFFD there.

    Raises:
        DataError: a suffix is unknown or a file cannot be written.
        SetupError: a format needs what is not installed.
    """
    fit = lru_cache(None)(partial(carried, graph))
    with uncollected():
        made: dict[Path, tuple[Content | Mapping[str, Content] | Filled, int]] = {}
        for path in paths:
            form = format_of(path)
            whole, count = fit(form.unfit)
            made[path] = form.writer()(_held(whole, form, path), knowledge), count
        write_files({path: content for path, (content, _) in made.items() if not isinstance(content, Mapping | Filled)})
        for path, (content, _) in made.items():
            if isinstance(content, Filled):
                write_filled(path, content)
            elif isinstance(content, Mapping):
                write_folder(path, content)
    return {path: count for path, (_, count) in made.items()}


def output_paths(output: str, graph: Graph) -> list[Path]:
    """Where an output is written: one file, the folder of a format that has several, or a folder of all that `WHOLE` names.

    `-` is stdout.

    A folder for these is what is one already, ends in a slash, or has no suffix.
    """
    path = Path(output)
    suffix = suffix_of(path)
    if suffix and FORMATS[suffix].is_folder:
        return [path]
    if path == STDOUT or (path.suffix and not path.is_dir() and not output.endswith(("/", os.sep))):
        return [path]
    return [path / f"graph{suffix}" for suffix in (*WHOLE, *[_MAPPINGS] * bool(graph.decisions))]


def write_outputs(graph: Graph, outputs: str | Iterable[str], knowledge: Knowledge) -> dict[Path, int]:
    """Write the graph to one or several outputs, as `write_graph` does.

    Mappings that an earlier graph left in a folder go if this one rests on no decision.

    Raises:
        DataError: a suffix is unknown or a file cannot be written.
        SetupError: a format needs what is not installed.
    """
    written = [output_paths(output, graph) for output in ([outputs] if isinstance(outputs, str) else outputs)]
    done = write_graph(graph, dict.fromkeys(path for found in written for path in found), knowledge)
    for found in written:
        if len(found) > 1 and not graph.decisions:
            (found[0].parent / f"graph{_MAPPINGS}").unlink(missing_ok=True)
    return done
