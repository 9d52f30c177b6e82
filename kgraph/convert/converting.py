"""Graph file → the same graph in other formats."""

from collections.abc import Iterable
from pathlib import Path

from kgraph.export import write_outputs
from kgraph.knowledge import Knowledge
from kgraph.query import load_store
from kgraph.reload import reload


def convert(path: Path, outputs: Iterable[str], knowledge: Knowledge) -> dict[Path, int]:
    """Write the graph of a graph file to outputs in the formats of their suffixes, and say to which paths.

    Raises:
        DataError: the file is no graph of ours, a suffix is unknown or a file cannot be written.
        SetupError: a format needs what is not installed.
    """
    return write_outputs(reload(load_store(path), knowledge.ontology, path), outputs, knowledge)
