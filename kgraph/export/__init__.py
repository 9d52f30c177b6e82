"""Graph → files: the suffix is the format. Writers are pure views; a new one is a file and a line in `formats.py`."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from kgraph.export.files import write_files, write_folder
from kgraph.export.formats import FORMATS, format_of, suffix_of
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

__all__ = ["FORMATS", "WHOLE", "output_paths", "render", "write_graph", "write_outputs"]

WHOLE = (".ttl", ".graphml", ".html")
"""The formats that are written where no suffix names one."""
_MAPPINGS = ".sssom.tsv"


def render(graph: Graph, path: Path, knowledge: Knowledge) -> bytes | Mapping[str, bytes]:
    """The content of a file of the graph in the format its suffix names; of a folder, that of each of its files.

    Raises:
        DataError: no format has this suffix.
        SetupError: the format needs what is not installed.
    """
    return format_of(path).writer()(graph, knowledge)


def write_graph(graph: Graph, paths: Iterable[Path], knowledge: Knowledge) -> None:
    """Write the graph to each path in the format of its suffix, all files or none, then the folders, each as a whole.

    Raises:
        DataError: a suffix is unknown or a file cannot be written.
        SetupError: a format needs what is not installed.
    """
    rendered = {path: render(graph, path, knowledge) for path in paths}
    write_files({path: content for path, content in rendered.items() if isinstance(content, bytes)})
    for path, contents in rendered.items():
        if not isinstance(contents, bytes):
            write_folder(path, contents)


def output_paths(output: str, graph: Graph) -> list[Path]:
    """Where an output is written: one file, the folder of a format that has several, or a folder of all that `WHOLE` names.

    A folder for these is what is one already, ends in a slash, or has no suffix.
    """
    path = Path(output)
    suffix = suffix_of(path)
    if suffix and FORMATS[suffix].is_folder:
        return [path]
    if path.suffix and not path.is_dir() and not output.endswith(("/", os.sep)):
        return [path]
    return [path / f"graph{suffix}" for suffix in (*WHOLE, *[_MAPPINGS] * bool(graph.decisions))]


def write_outputs(graph: Graph, outputs: str | Iterable[str], knowledge: Knowledge) -> list[Path]:
    """Write the graph to one or several outputs, and say to which paths.

    Mappings that an earlier graph left in a folder go if this one rests on no decision.

    Raises:
        DataError: a suffix is unknown or a file cannot be written.
        SetupError: a format needs what is not installed.
    """
    written = [output_paths(output, graph) for output in ([outputs] if isinstance(outputs, str) else outputs)]
    paths = list(dict.fromkeys(path for found in written for path in found))
    write_graph(graph, paths, knowledge)
    for found in written:
        if len(found) > 1 and not graph.decisions:
            (found[0].parent / f"graph{_MAPPINGS}").unlink(missing_ok=True)
    return paths
