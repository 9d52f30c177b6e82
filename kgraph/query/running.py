"""A query on a store, read-only and asking nothing else, with its results in the formats of the W3C."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from kgraph.errors import QueryError
from kgraph.knowledge import Knowledge
from kgraph.ontology import text_of
from kgraph.query.mistakes import refuse_foreign, syntax_error
from kgraph.query.tokens import tokens, within_limits

if TYPE_CHECKING:
    import pyoxigraph as ox

    Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

ENTITY = "entity"
"""The variable of the thing that a query is about."""

_FLEETING = frozenset({"NOW", "RAND", "UUID", "STRUUID"})


class Limits(NamedTuple):
    """What a query may take: seconds, rows of its result, and megabytes beyond the graph itself."""

    seconds: float = 30.0
    rows: int = 1_000_000
    megabytes: int = 4096


class Asked(NamedTuple):
    """A query: its text and, each "" or empty where there is none, what it is about, its dataset and its base.

    `entity` is the IRI that `?entity` stands for; relative IRIs are read against `base`.
    """

    text: str
    entity: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str = ""


def node_of(iri: str) -> "ox.NamedNode | None":
    """The node of an IRI, None if it is none."""
    import pyoxigraph as ox

    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def asks_about(text: str) -> bool:
    """Whether a query can be about a thing: whether it has the variable `?entity`."""
    return any(token.kind == "variable" and token.text[1:] == ENTITY for token in tokens(text))


def is_fleeting(text: str) -> bool:
    """Whether a query may answer otherwise the next time, though the graph is the same."""
    return any(token.kind == "word" and token.text.upper() in _FLEETING for token in tokens(text))


def run(store: "ox.Store", text: str, knowledge: Knowledge, entity: str = "") -> "Results":
    """The results of a query; the ontology's prefixes are declared beforehand, and nothing outside the store is asked.

    An entity, given by its IRI, takes the place of the selected variable `?entity`; it is bound, never written into the text.

    Raises:
        QueryError: the query does not parse, asks another endpoint, or has no variable for the entity.
    """
    return run_asked(store, Asked(text, entity), knowledge)


def run_asked(store: "ox.Store", asked: Asked, knowledge: Knowledge) -> "Results":
    """The results of a query over the dataset that it, or the protocol before it, names.

    Raises:
        QueryError: as for `run`, or a graph of the dataset is not in the store.
    """
    import pyoxigraph as ox

    text, prefixes = within_limits(asked.text), dict(knowledge.ontology.prefixes)
    bound: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {}
    if asked.entity:
        entity = node_of(asked.entity)
        if not entity or not asks_about(text):
            raise QueryError("The query has no variable ?entity that an entity could be bound to.")
        bound[ox.Variable(ENTITY)] = entity
    stored = [text_of(graph) for graph in store.named_graphs()]
    refuse_foreign(text, stored, prefixes, asked.base)
    default, named = (_known(graphs, stored) for graphs in (asked.default_graphs, asked.named_graphs))
    try:
        return store.query(
            text,
            base_iri=asked.base or None,
            prefixes=prefixes,
            substitutions=bound or None,
            default_graph=[*default] if default or named else None,
            named_graphs=[*named] if default or named else None,
        )
    except SyntaxError as error:
        raise syntax_error(text, str(error), list(prefixes)) from error
    except (RuntimeError, OSError, ValueError) as error:
        raise QueryError(f"The query cannot be run: {error}.") from error


def values(store: "ox.Store", text: str, knowledge: Knowledge, entity: str = "") -> list[list[str]]:
    """The rows of a SELECT as text, unbound cells empty."""
    import pyoxigraph as ox

    results = run(store, text, knowledge, entity)
    assert isinstance(results, ox.QuerySolutions)  # noqa: S101 (only SELECTs of our own come here)
    return [["" if cell is None else text_of(cell) for cell in row] for row in results]


def _known(graphs: Sequence[str], stored: Sequence[str]) -> "list[ox.NamedNode]":
    import pyoxigraph as ox

    for graph in graphs:
        if graph not in stored:
            raise QueryError(f"There is no graph <{graph}> in the store, and none is fetched from elsewhere.")
    return [ox.NamedNode(graph) for graph in graphs]


def serialise(results: "Results", form: Literal["csv", "tsv", "json", "xml"]) -> bytes:
    """Results in a W3C format: CSV, TSV, JSON or XML; the triples of a CONSTRUCT or DESCRIBE as sorted N-Triples.

    Raises:
        QueryError: an ASK is wanted as CSV or TSV, which have no form for it.
    """
    import pyoxigraph as ox

    if isinstance(results, ox.QueryTriples):
        return ox.serialize(sorted(results, key=str), format=ox.RdfFormat.N_TRIPLES) or b""
    try:
        return results.serialize(format=getattr(ox.QueryResultsFormat, form.upper())) or b""
    except (OSError, ValueError) as error:
        raise QueryError(f"The results cannot be written as {form}: {error}.") from error


def table(results: "Results", knowledge: Knowledge) -> tuple[list[str], list[list[str]]]:
    """Column names and rows of text for people: IRIs shortened, unbound cells empty."""
    import pyoxigraph as ox

    if isinstance(results, ox.QueryBoolean):
        return ["answer"], [["yes" if results else "no"]]
    if isinstance(results, ox.QueryTriples):
        rows = [[_cell(part, knowledge) for part in (t.subject, t.predicate, t.object)] for t in results]
        return ["subject", "predicate", "object"], sorted(rows)
    columns = [variable.value for variable in results.variables]
    return columns, [[_cell(value, knowledge) for value in solution] for solution in results]


def _cell(term: object, knowledge: Knowledge) -> str:
    return "" if term is None else shortened(text_of(term), knowledge)


def shortened(value: str, knowledge: Knowledge) -> str:
    """An IRI as people write it: a thing's id, or a term with its prefix; other text as it is."""
    things = knowledge.ontology.iri("")
    if value.startswith(things):
        return value.removeprefix(things)
    for prefix, namespace in knowledge.ontology.prefixes.items():
        if value.startswith(namespace):
            return f"{prefix}:{value.removeprefix(namespace)}"
    return value
