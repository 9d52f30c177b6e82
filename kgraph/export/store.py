"""The graph as a store of Oxigraph on disk, for SPARQL over what does not fit in memory."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.errors import DataError
from kgraph.export.rdf import ox_triples
from kgraph.model import Graph
from kgraph.ontology import Ontology

if TYPE_CHECKING:
    import pyoxigraph as ox

_MARK = "CURRENT"
"""Every store has a file of this name."""
_AT_ONCE = 1_000_000


def write_store(graph: Graph, path: Path, ontology: Ontology) -> None:
    """Load the graph in bulk into a store beside its place, then put it in the place of an earlier one.

    Raises:
        DataError: the store cannot be written, or something else stands there.
    """
    import pyoxigraph as ox

    if path.exists() and not (path / _MARK).exists():
        raise DataError(path, None, "is no store that could be replaced")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{path.name}.", suffix=".part", dir=path.parent, ignore_cleanup_errors=True
        ) as room:
            store = ox.Store(f"{room}/new")
            remaining = _quads(graph, ontology)
            while some := list(islice(remaining, _AT_ONCE)):
                store.bulk_extend(some)
            store.optimize()
            store.flush()
            del store
            if path.exists():
                path.rename(f"{room}/old")
            shutil.move(f"{room}/new", path)
    except OSError as error:
        raise DataError(path, None, f"cannot be written ({error.strerror or error})") from error


def _quads(graph: Graph, ontology: Ontology) -> "Iterator[ox.Quad]":
    import pyoxigraph as ox

    return (ox.Quad(triple.subject, triple.predicate, triple.object) for triple in ox_triples(graph, ontology))
