"""The tables of the graph as pandas data frames."""

from typing import TYPE_CHECKING

from kgraph.errors import QueryError, SetupError
from kgraph.export.records import tables
from kgraph.knowledge import load_knowledge
from kgraph.model import Graph
from kgraph.ontology import Ontology

if TYPE_CHECKING:
    import pandas as pd


def to_pandas(graph: Graph, table: str = "links", ontology: Ontology | None = None) -> "pd.DataFrame":
    """A table of the graph as a data frame: `papers`, `entities`, `links`, `evidence` or `results`.

    Raises:
        QueryError: there is no such table.
        SetupError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise SetupError("Data frames need pandas; install it with: pip install 'kgraph[pandas]'") from error
    found = tables(graph, ontology or load_knowledge().ontology)
    if table not in found:
        raise QueryError(f"There is no table {table}; there are {', '.join(found)}.")
    return pd.DataFrame(list(found[table].rows), columns=list(found[table].columns))
