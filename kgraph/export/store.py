"""The graph as a store of Oxigraph on disk, for SPARQL over what does not fit in memory."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kgraph.export.files import Filled
from kgraph.export.rdf import descriptions
from kgraph.export.syntaxes import ox_terms, ox_triples
from kgraph.knowledge import Knowledge
from kgraph.model import Graph
from kgraph.ontology import Ontology

_MARK = "CURRENT"
"""Every store has a file of this name."""
_AT_ONCE = 1_000_000


def store(graph: Graph, knowledge: Knowledge) -> Filled:
    """The store, loaded in bulk."""
    return Filled(partial(_load, graph, knowledge.ontology), _MARK)


def _load(graph: Graph, ontology: Ontology, folder: Path) -> None:
    made, remaining = ox.Store(str(folder)), _quads(graph, ontology)
    while some := list(islice(remaining, _AT_ONCE)):
        made.bulk_extend(some)
    made.optimize()
    made.flush()


def _quads(graph: Graph, ontology: Ontology) -> Iterator[ox.Quad]:
    for _, some in ox_triples(descriptions(graph, ox_terms(ontology))):
        for triple in some:
            yield ox.Quad(*triple)
