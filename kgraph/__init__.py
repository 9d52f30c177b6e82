"""A knowledge graph of machine-learning papers from their abstracts.

>>> import kgraph
>>> graph = kgraph.build("seeds/")  # doctest: +SKIP
>>> graph.to_networkx().number_of_nodes()  # doctest: +SKIP
"""

from importlib import import_module
from typing import Any

_DOORS = {
    "DataError": "errors",
    "Graph": "model",
    "KgraphError": "errors",
    "Knowledge": "knowledge",
    "LimitError": "errors",
    "OntologyError": "errors",
    "Paper": "model",
    "QueryError": "errors",
    "Reading": "model",
    "SetupError": "errors",
    "WorkerError": "errors",
    "assemble": "graph",
    "build": "pipeline",
    "load_knowledge": "knowledge",
    "papers_of": "pipeline",
    "read": "pipeline",
    "to_networkx": "graph",
    "to_pandas": "export.frames",
    "to_rdf": "export.rdf",
    "write_graph": "export",
}
"""The public names and the modules they come from, loaded when they are first asked for."""

__version__ = "0.1.0"
__all__ = sorted(_DOORS)


def __getattr__(name: str) -> Any:
    if name not in _DOORS:
        raise AttributeError(f"module 'kgraph' has no attribute {name!r}")
    return getattr(import_module(f"kgraph.{_DOORS[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
