"""The graph as a folder of CSV or TSV files that spreadsheets open: no cell of them is run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from kgraph.export.records import Table, tables
from kgraph.export.text import cell, line
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

_JOIN = " | "
_AT_ONCE = 1000


def csv_tables(graph: Graph, knowledge: Knowledge) -> Mapping[str, Iterator[bytes]]:
    """One CSV file a table; several values of a cell are joined by " | "."""
    return {f"{name}.csv": _csv(table) for name, table in tables(graph, knowledge.ontology).items()}


def tsv_tables(graph: Graph, knowledge: Knowledge) -> Mapping[str, Iterator[bytes]]:
    """One TSV file a table, each row one line: tabs and line ends become spaces."""
    return {f"{name}.tsv": _tsv(table) for name, table in tables(graph, knowledge.ontology).items()}


def _csv(table: Table) -> Iterator[bytes]:
    return _written(table.columns, ([cell(_joined(value)) for value in row] for row in table.rows), ",", "\r\n")


def _tsv(table: Table) -> Iterator[bytes]:
    rows = ([_joined(value) for value in row] for row in table.rows)
    lines = ([cell(line(value)) if isinstance(value, str) else value for value in row] for row in rows)
    return _written(table.columns, lines, "\t", "\n")


def _written(columns: Iterable[str], rows: Iterable[Sequence[object]], between: str, end: str) -> Iterator[bytes]:
    output = io.StringIO()
    writer = csv.writer(output, delimiter=between, lineterminator=end)
    writer.writerow(columns)
    remaining = iter(rows)
    while some := list(islice(remaining, _AT_ONCE)):
        writer.writerows(some)
        yield output.getvalue().encode("utf-8")
        output.seek(0)
        output.truncate()
    yield output.getvalue().encode("utf-8")


def _joined(value: Any) -> Any:
    """Several values as one text; a listing as file, colon, line."""
    if isinstance(value, list):
        return _JOIN.join(f"{one['file']}:{one['line']}" if isinstance(one, dict) else one for one in value)
    return value
