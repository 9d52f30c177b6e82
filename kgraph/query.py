"""SPARQL over a graph file: queries as text, as a file, or by the name of one that comes with kgraph."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kgraph.errors import DataError, QueryError
from kgraph.knowledge import Knowledge
from kgraph.lexicon import normalise
from kgraph.ontology import text_of

if TYPE_CHECKING:
    import pyoxigraph as ox

    Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

Format = Literal["csv", "tsv", "json", "xml"]

_NOT_CODE = re.compile(
    r"\\.|<[^<>\"{}|^`\\\s]*>|\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*", re.DOTALL
)
ENTITY = "entity"
"""The variable of the thing that a query is about."""
_ENTITY = re.compile(rf"[?$]{ENTITY}\b")
_SERVICE = re.compile(r"\bservice\b", re.IGNORECASE)


def named_queries(knowledge: Knowledge) -> Mapping[str, tuple[str, str]]:
    """The queries that come with kgraph by name: what each answers (its first line) and its text."""
    found = {}
    for path in sorted((knowledge.folder / "queries").glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        found[path.stem] = (text.partition("\n")[0].lstrip("# "), text)
    return found


def query_text(given: str, knowledge: Knowledge) -> str:
    """The query that a name, a path ending in `.rq`, or a text stands for.

    Raises:
        DataError: the file cannot be read.
        QueryError: a word that names no query.
    """
    if given.endswith(".rq"):
        try:
            return Path(given).read_text(encoding="utf-8")
        except OSError as error:
            raise DataError(given, None, f"cannot be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise DataError(given, None, "expected UTF-8 text") from error
    if any(char in given for char in "{ \n"):
        return given
    queries = named_queries(knowledge)
    if given not in queries:
        raise QueryError(f"There is no query named {given}; there are {', '.join(queries)}.")
    return queries[given][1]


def load_store(path: Path) -> "ox.Store":
    """A graph file in memory, its format told by its suffix, such as `.ttl` or `.nt`.

    Raises:
        DataError: the file is missing, of an unknown suffix, or does not parse (with the line).
    """
    import pyoxigraph as ox

    form = ox.RdfFormat.from_extension(path.suffix.lstrip("."))
    if form is None:
        raise DataError(path, None, "expected a graph in RDF, such as graph.ttl")
    store = ox.Store()
    try:
        store.bulk_load(path=str(path), format=form)
    except SyntaxError as error:
        raise DataError(path, error.lineno, f"is no {form.name} ({error.msg})") from error
    except OSError as error:
        raise DataError(path, None, f"cannot be read ({error.strerror or error})") from error
    return store


def find_entity(store: "ox.Store", given: str, knowledge: Knowledge) -> str:
    """The IRI of the node that is meant by an IRI, an id such as `method/lora`, a form of its name, a paper's title or DOI.

    Case, hyphens and a plural s do not matter; a node that has the form as its name comes before one that is also written so, and
    a thing before a paper.

    Raises:
        QueryError: no node is called so, or several are, none of them before the others.
    """
    import pyoxigraph as ox

    term, things = knowledge.ontology.term, knowledge.ontology.iri("")
    for iri in (given, things + given):
        if (node := _node(iri)) and any(store.quads_for_pattern(node, None, None)):
            return iri
    found: dict[str, bool] = {}
    for label in ("skos:altLabel", "skos:prefLabel"):
        for quad in store.quads_for_pattern(None, ox.NamedNode(term(label)), None):
            if normalise(text_of(quad.object)) == normalise(given):
                found[text_of(quad.subject)] = label == "skos:prefLabel"
    named = [iri for iri, is_name in found.items() if is_name] or list(found) or _papers(store, given, knowledge)
    if not named:
        near = get_close_matches(given, _labels(store, term("skos:prefLabel")), n=3)
        hint = f"; near it are {', '.join(near)}" if near else ""
        raise QueryError(f"No thing in the graph is called “{given}”{hint}.")
    if len(named) > 1:
        ids = ", ".join(sorted(iri.removeprefix(things) for iri in named))
        raise QueryError(f"“{given}” can be {ids}; say which one by its id.")
    return named[0]


def _papers(store: "ox.Store", given: str, knowledge: Knowledge) -> list[str]:
    """The papers of an identifier, of arXiv also without its scheme, or of a title, in which letters and digits alone count."""
    import pyoxigraph as ox

    from kgraph.sources.identity import known_identifier, title_key, unversioned

    identifier = known_identifier(given) or known_identifier(f"arxiv:{given}")
    found = set()
    for predicate, key, wanted in (
        ("dcterms:identifier", unversioned, identifier),
        ("dcterms:title", title_key, title_key(given)),
    ):
        for quad in store.quads_for_pattern(None, ox.NamedNode(knowledge.ontology.term(predicate)), None):
            if wanted and key(text_of(quad.object)) == wanted:
                found.add(text_of(quad.subject))
    return sorted(found)


def _node(iri: str) -> "ox.NamedNode | None":
    """The node of an IRI, None if it is none."""
    import pyoxigraph as ox

    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def _labels(store: "ox.Store", predicate: str) -> list[str]:
    import pyoxigraph as ox

    return sorted({text_of(quad.object) for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None)})


def run(store: "ox.Store", text: str, knowledge: Knowledge, entity: str = "") -> "Results":
    """The results of a query; the ontology's prefixes are declared beforehand, and nothing outside the store is asked.

    An entity, given by its IRI, takes the place of the selected variable `?entity`; it is bound, never written into the text.

    Raises:
        QueryError: the query does not parse, asks another endpoint, or has no variable for the entity.
    """
    import pyoxigraph as ox

    code = _NOT_CODE.sub(" ", text)
    bound: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {}
    if entity:
        node = _node(entity)
        if not node or not _ENTITY.search(code):
            raise QueryError("The query has no variable ?entity that an entity could be bound to.")
        bound[ox.Variable(ENTITY)] = node
    if _SERVICE.search(code):
        raise QueryError("The query asks another endpoint with SERVICE; only the graph itself is queried.")
    try:
        return store.query(text, prefixes=dict(knowledge.ontology.prefixes), substitutions=bound or None)
    except SyntaxError as error:
        raise QueryError(f"The query does not parse: {error}.") from error
    except (RuntimeError, OSError) as error:
        raise QueryError(f"The query cannot be run: {error}.") from error


def serialise(results: "Results", form: Format) -> bytes:
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
    if term is None:
        return ""
    value = text_of(term)
    things = knowledge.ontology.iri("")
    if value.startswith(things):
        return value.removeprefix(things)
    for prefix, namespace in knowledge.ontology.prefixes.items():
        if value.startswith(namespace):
            return f"{prefix}:{value.removeprefix(namespace)}"
    return value
