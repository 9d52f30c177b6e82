"""The graph as a folder of Parquet files, a table each, with lists where a value has several."""

import io
from collections.abc import Mapping
from typing import Any

from kgraph.errors import SetupError
from kgraph.export.records import Table, tables
from kgraph.knowledge import Knowledge
from kgraph.model import Graph


def parquet(graph: Graph, knowledge: Knowledge) -> Mapping[str, bytes]:
    """One Parquet file a table, compressed by Zstandard.

    Raises:
        SetupError: pyarrow is not installed.
    """
    try:
        import pyarrow  # noqa: F401 (asked for before anything is made)
    except ImportError as error:
        raise SetupError("Parquet needs pyarrow; install it with: pip install 'kgraph[parquet]'") from error
    return {f"{name}.parquet": _file(table) for name, table in tables(graph, knowledge.ontology).items()}


def _file(table: Table) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    listing = pa.struct([("file", pa.string()), ("line", pa.int64()), ("date", pa.string())])
    known = {str: pa.string(), int: pa.int64(), float: pa.float64(), list: pa.list_(pa.string()), dict: pa.list_(listing)}
    types = {name: known[kind] for name, kind in table.columns.items()}
    columns = list(zip(*table.rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(map(_unicode, values), kind) for values, kind in zip(columns, types.values(), strict=True)]
    output = io.BytesIO()
    pq.write_table(pa.table(arrays, pa.schema(list(types.items()))), output, compression="zstd")
    return output.getvalue()


def _unicode(value: Any) -> Any:
    """A value in which what is no Unicode is a question mark."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_unicode(one) for one in value]
    return {key: _unicode(one) for key, one in value.items()} if isinstance(value, dict) else value
