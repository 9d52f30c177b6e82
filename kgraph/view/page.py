"""Graph file → the part of it that is asked for, and its page."""

from collections.abc import Sequence
from pathlib import Path

from kgraph.errors import QueryError
from kgraph.export.html import page
from kgraph.export.html.part import Part, focus, top, whole
from kgraph.knowledge import Knowledge
from kgraph.query import find_entity, load_store
from kgraph.reload import reload


def view(path: Path, knowledge: Knowledge, around: Sequence[str] = (), hops: int = 2, most: int = 0) -> tuple[Part, bytes]:
    """The part of a graph file that is at most so many hops from the names, of it the so many most connected, and its page.

    No name means the whole graph, and so does 0 for `most`. A page that would be too big shows less and says so.

    Raises:
        DataError: the file is no graph of ours.
        QueryError: a name is of no node or of several.
    """
    store = load_store(path)
    ends = [find_entity(store, name, knowledge).removeprefix(knowledge.ontology.iri("")) for name in around]
    graph = reload(store, knowledge.ontology, path)
    nodes = {one.id for one in graph.papers} | {one.id for one in graph.entities}
    for name, end in zip(around, ends, strict=True):
        if end not in nodes:
            raise QueryError(f"“{name}” is neither a paper nor a thing.")
    part = whole(graph)
    if ends:
        part = focus(part, ends, hops)
    if most:
        part = top(part, most)
    return page(part, knowledge)
