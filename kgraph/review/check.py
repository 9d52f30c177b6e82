"""What is wrong in a graph: what its shapes refuse, and what queries that must return nothing return."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kgraph.errors import DataError
from kgraph.knowledge import Knowledge
from kgraph.ontology import PAPER
from kgraph.query import load_store, named_queries, run, table

if TYPE_CHECKING:
    import pyoxigraph as ox

_CHECK = "check-"


class Problem(NamedTuple):
    """What is wrong, by which check or shape, and where: ids of nodes, IRIs of foreign ones, values."""

    check: str
    what: str
    where: str


def check(path: Path, knowledge: Knowledge, with_shapes: bool = True) -> Iterator[Problem]:
    """Every problem of a graph file: first those that queries find, then those that the shapes refuse.

    Raises:
        DataError: the file cannot be read, or holds no paper, so that nothing would be checked.
    """
    store = load_store(path)
    if not run(store, f"ASK {{ ?paper a kg:{PAPER} }}", knowledge):
        raise DataError(path, None, f"the graph has no node of the class {knowledge.ontology.term(PAPER)}")
    for name, (question, text) in named_queries(knowledge).items():
        if name.startswith(_CHECK):
            for row in table(run(store, text, knowledge), knowledge)[1]:
                yield Problem(name, question, " ".join(row))
    if with_shapes:
        yield from _refused(store, path, knowledge)


def _refused(store: "ox.Store", path: Path, knowledge: Knowledge) -> Iterator[Problem]:
    from kgraph.review.shapes import Triples, refused

    things, own = knowledge.ontology.iri(""), knowledge.ontology.term("")
    for node, predicate, value, message in sorted(set(refused(Triples(path), knowledge.folder / "shapes.ttl", store))):
        where = " ".join(filter(None, (node, predicate, value)))
        yield Problem("shape", message, where.replace(things, "").replace(own, "kg:"))
