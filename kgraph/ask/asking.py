"""One question to a graph, answered by a process of its own, so that neither its time nor its memory is without end."""

from collections.abc import Callable
from pathlib import Path

from kgraph.knowledge import Knowledge
from kgraph.query import Answer, Limits, answer, find_entity, load_store, unknown_terms
from kgraph.query.answers import unpacked
from kgraph.query.running import Asked
from kgraph.query.worker import ask_once, can_fork


def ask_graph(graph: Path, text: str, knowledge: Knowledge, entity: str = "", limits: Limits | None = None) -> Answer:
    """The answer of a graph to a query, about an entity that is given by any of its names, "" for none.

    Where the system cannot fork, as on Windows, the limits of time and memory do not hold.

    Raises:
        DataError: the graph cannot be read.
        LimitError: the query takes too long, has too many rows or needs too much memory.
        QueryError: the query or the entity is wrong.
    """
    within = limits or Limits()

    def prepare() -> Callable[[bytes], bytes]:
        store = load_store(graph)
        about = find_entity(store, entity, knowledge) if entity else ""
        doubtful = tuple(unknown_terms(text, store, knowledge))  # reads files: later none can be opened

        def reply(message: bytes) -> bytes:
            found = answer(store, Asked(message.decode(), about), knowledge, within.rows)
            return found._replace(warnings=doubtful).packed()

        return reply

    message = text.encode()
    return unpacked(ask_once(prepare, message, within) if can_fork() else prepare()(message))
