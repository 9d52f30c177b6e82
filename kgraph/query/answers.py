"""The answer to a query as bytes that can be handed from process to process, and each format it can be written in."""

import io
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from kgraph.errors import LimitError, QueryError
from kgraph.knowledge import Knowledge
from kgraph.query.running import Asked, run_asked, shortened

if TYPE_CHECKING:
    import pyoxigraph as ox

Kind = Literal["rows", "truth", "triples"]
Format = Literal["csv", "tsv", "json", "xml", "ttl", "nt", "jsonld", "rdf"]

FORMATS: Mapping[Format, tuple[tuple[Kind, ...], str]] = {
    "json": (("rows", "truth"), "application/sparql-results+json"),
    "xml": (("rows", "truth"), "application/sparql-results+xml"),
    "csv": (("rows", "truth"), "text/csv; charset=utf-8"),
    "tsv": (("rows", "truth"), "text/tab-separated-values; charset=utf-8"),
    "ttl": (("triples",), "text/turtle; charset=utf-8"),
    "nt": (("triples",), "application/n-triples"),
    "jsonld": (("triples",), "application/ld+json"),
    "rdf": (("triples",), "application/rdf+xml"),
}
"""What each format can hold, and its media type; of a kind's formats the first is the one given unasked."""


class Answer(NamedTuple):
    """Rows as SPARQL TSV, a truth as JSON, or triples as sorted N-Triples; how many, how long it took, and what is doubtful."""

    kind: Kind
    content: bytes
    rows: int
    seconds: float
    warnings: tuple[str, ...] = ()

    def packed(self) -> bytes:
        """The answer as one line of JSON and the content."""
        return json.dumps([self.kind, self.rows, self.seconds, self.warnings]).encode() + b"\n" + self.content


def unpacked(message: bytes) -> Answer:
    """The answer that was packed."""
    head, _, content = message.partition(b"\n")
    kind, rows, seconds, warnings = json.loads(head)
    return Answer(kind, content, rows, seconds, tuple(warnings))


def answer(store: "ox.Store", asked: Asked, knowledge: Knowledge, rows: int) -> Answer:
    """The answer to a query, if it has at most so many rows.

    Raises:
        LimitError: it has more.
        QueryError: the query cannot be answered.
    """
    import pyoxigraph as ox

    started = time.perf_counter()
    results = run_asked(store, asked, knowledge)
    try:
        if isinstance(results, ox.QueryBoolean):
            return Answer("truth", b"true" if results else b"false", 1, time.perf_counter() - started)
        if isinstance(results, ox.QueryTriples):
            triples = list(islice(results, rows + 1))
            if len(triples) > rows:
                raise _too_many(rows)
            lines = sorted({f"{triple} .\n" for triple in triples})
            return Answer("triples", "".join(lines).encode(), len(lines), time.perf_counter() - started)
        sink = _Rows(rows)
        results.serialize(output=sink, format=ox.QueryResultsFormat.TSV)
    except (RuntimeError, OSError, ValueError) as error:
        raise QueryError(f"The query cannot be run: {error}.") from error
    return Answer("rows", sink.getvalue(), sink.lines - 1, time.perf_counter() - started)


def _too_many(rows: int) -> LimitError:
    return LimitError("rows", f"The query has more than {rows:,} rows, the most that are given; add a LIMIT to it.")


class _Rows(io.BytesIO):
    """TSV as it is written, refused at its first line too many; a line break in a cell is escaped there."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most, self.lines = most, 0

    def write(self, chunk: object) -> int:
        data = bytes(chunk)  # type: ignore[call-overload]
        self.lines += data.count(b"\n")
        if self.lines > self.most + 1:
            raise _too_many(self.most)
        return super().write(data)


def form_of(kind: Kind, wanted: Sequence[Format]) -> Format | None:
    """The first of the wanted formats that can hold a kind of answer."""
    return next((form for form in wanted if kind in FORMATS[form][0]), None)


def render(found: Answer, form: Format, knowledge: Knowledge) -> bytes:
    """An answer in a format.

    Raises:
        QueryError: the format cannot hold this kind of answer.
    """
    import pyoxigraph as ox

    if found.kind not in FORMATS[form][0]:
        fitting = ", ".join(name for name, (kinds, _) in FORMATS.items() if found.kind in kinds)
        raise QueryError(f"The answer is {_SAID[found.kind]}, which can be written as {fitting}, not as {form}.")
    if found.kind == "triples":
        if form == "nt":
            return found.content
        triples = ox.parse(found.content, format=ox.RdfFormat.N_TRIPLES)
        rdf = ox.RdfFormat.from_extension(form)
        prefixes = dict(bound(knowledge, found.content)) if form == "ttl" else None
        return ox.serialize(_plain(triples), format=rdf, prefixes=prefixes) or b""
    if found.kind == "rows" and form == "tsv":
        return found.content
    return _results(found).serialize(format=getattr(ox.QueryResultsFormat, form.upper())) or b""


_SAID = {"rows": "a table", "truth": "yes or no", "triples": "a graph"}


def bound(knowledge: Knowledge, content: bytes) -> Iterator[tuple[str, str]]:
    """The prefixes that some text has a use for."""
    return ((name, space) for name, space in knowledge.ontology.prefixes.items() if f"<{space}".encode() in content)


def _plain(quads: "Iterable[ox.Quad]") -> "Iterator[ox.Triple]":
    return (quad.triple for quad in quads)


def _results(found: Answer) -> "ox.QuerySolutions | ox.QueryBoolean":
    import pyoxigraph as ox

    if found.kind == "truth":
        return ox.parse_query_results(b'{"head":{},"boolean":%s}' % found.content, format=ox.QueryResultsFormat.JSON)
    return ox.parse_query_results(found.content, format=ox.QueryResultsFormat.TSV)


def cells(found: Answer, knowledge: Knowledge) -> tuple[list[str], list[list[str]]]:
    """Column names and rows of text for people: IRIs shortened, unbound cells empty."""
    import pyoxigraph as ox

    columns, rows = terms(found)
    values = [[getattr(cell, "value", str(cell)) if cell is not None else "" for cell in row] for row in rows]
    named = [[isinstance(cell, ox.NamedNode) for cell in row] for row in rows]
    return columns, [
        [shortened(value, knowledge) if iri else value for value, iri in zip(*row, strict=True)]
        for row in zip(values, named, strict=True)
    ]


def terms(found: Answer) -> tuple[list[str], list[list[object]]]:
    """Column names and rows of RDF terms, None where a cell is unbound."""
    import pyoxigraph as ox

    if found.kind == "truth":
        return ["answer"], [["yes" if found.content == b"true" else "no"]]
    if found.kind == "triples":
        triples = ox.parse(found.content, format=ox.RdfFormat.N_TRIPLES)
        return ["subject", "predicate", "object"], [[one.subject, one.predicate, one.object] for one in triples]
    results = _results(found)
    assert isinstance(results, ox.QuerySolutions)  # noqa: S101
    return [variable.value for variable in results.variables], [list(row) for row in results]
