"""The graph as a store of Oxigraph on disk, for SPARQL over what does not fit in memory."""

from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kgraph.export.files import Filled
from kgraph.export.lines import unsorted
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

_MARK = "CURRENT"
"""Every store has a file of this name."""
_AT_ONCE = 1 << 23
"""Bytes that are loaded at a time: memory grows with them."""


def store(graph: Graph, knowledge: Knowledge) -> Filled:
    """The store, loaded in bulk."""
    return Filled(partial(_load, graph, knowledge), _MARK)


def _load(graph: Graph, knowledge: Knowledge, folder: Path) -> None:
    made, found = ox.Store(str(folder)), bytearray()
    for lines in unsorted(graph, knowledge):
        found += lines
        if len(found) > _AT_ONCE:
            made.bulk_load(bytes(found), ox.RdfFormat.N_TRIPLES)
            found.clear()
    made.bulk_load(bytes(found), ox.RdfFormat.N_TRIPLES)
    made.optimize()
    made.flush()
