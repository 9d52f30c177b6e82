"""What is asked, and of what: saved queries by name, graph files and stores, and the nodes that a name means."""

import sys
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.errors import DataError, QueryError
from kgraph.knowledge import Knowledge
from kgraph.lexicon import normalise
from kgraph.ontology import text_of
from kgraph.query.running import node_of

if TYPE_CHECKING:
    import pyoxigraph as ox


STDIN = Path("-")


def named_queries(knowledge: Knowledge) -> Mapping[str, tuple[str, str]]:
    """The queries that come with kgraph by name: what each answers (its first line) and its text."""
    return _saved(knowledge.folder / "queries")


@lru_cache
def _saved(folder: Path) -> Mapping[str, tuple[str, str]]:
    found = {}
    for path in sorted(folder.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        found[path.stem] = (text.partition("\n")[0].lstrip("# "), text)
    return found


def saved_query(name: str, knowledge: Knowledge) -> str:
    """The text of a query that comes with kgraph.

    Raises:
        QueryError: there is none of this name.
    """
    queries = named_queries(knowledge)
    if name not in queries:
        near = get_close_matches(name, queries, n=3, cutoff=0.5)
        known = f"near it are {', '.join(near)}" if near else f"there are {', '.join(queries)}"
        raise QueryError(f"There is no query named {name}; {known}.")
    return queries[name][1]


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
    return saved_query(given, knowledge)


def graph_format(path: Path) -> "ox.RdfFormat | None":
    """The format of a graph file, told by its suffix, such as `.ttl` or `.nt`; None for the folder of a store.

    What comes from stdin, for which - stands, is TriG, and so may be Turtle or N-Triples.

    Raises:
        DataError: there is nothing, or a file of an unknown suffix.
    """
    import pyoxigraph as ox

    if path == STDIN:
        return ox.RdfFormat.TRIG
    if path.is_dir():
        return None
    form = ox.RdfFormat.from_extension(path.suffix.lstrip("."))
    if form is None:
        raise DataError(path, None, "expected a graph in RDF, such as graph.ttl")
    if not path.exists():
        raise DataError(path, None, "cannot be read (there is no such file)")
    return form


def load_store(path: Path) -> "ox.Store":
    """A graph file in memory, or the store that a folder holds.

    Raises:
        DataError: as for `graph_format`; the file does not parse (with the line), or the folder holds no store.
    """
    import pyoxigraph as ox

    form = graph_format(path)
    if form is None:
        try:
            return ox.Store.read_only(str(path))
        except OSError as error:
            raise DataError(path, None, f"holds no store ({error})") from error
    store = ox.Store()
    try:
        if path == STDIN:
            store.bulk_load(sys.stdin.buffer, format=form)
        else:
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
        if (node := node_of(iri)) and any(store.quads_for_pattern(node, None, None)):
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


def _labels(store: "ox.Store", predicate: str) -> list[str]:
    import pyoxigraph as ox

    return sorted({text_of(quad.object) for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None)})
