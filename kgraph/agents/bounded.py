"""SPARQL with an end: in a process of its own, which is stopped when a query takes too long or too much."""

import multiprocessing
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from kgraph.errors import KgraphError, QueryError
from kgraph.knowledge import Knowledge, load_knowledge
from kgraph.ontology import text_of
from kgraph.query import load_store, run
from kgraph.query.running import Limits
from kgraph.query.worker import died, limit_memory, out_of_time

if TYPE_CHECKING:
    import pyoxigraph as ox

LIMITS = Limits(seconds=10.0, rows=200)
_LETTERS = 2000
"""A cell is cut after so many letters."""
_LOADING = 300.0
"""The seconds in which a graph should be read."""


class Bounded:
    """Asks a graph file, one question at a time."""

    def __init__(self, path: Path, limits: Limits = LIMITS) -> None:
        self._path, self._limits = path, limits
        self._lock = Lock()
        self._worker: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def ask(self, query: str) -> dict[str, Any]:
        """The columns and rows of a query, and whether there are more.

        Raises:
            LimitError: it takes too long, or too much.
            QueryError: it is wrong.
        """
        with self._lock:
            pipe = self._pipe or self._hired()
            try:
                pipe.send(query)
                is_answered = pipe.poll(self._limits.seconds)
                found, error = pipe.recv() if is_answered else ({}, "")
            except (EOFError, OSError) as ended:
                self.close()
                raise died(self._limits) from ended
        if not is_answered:
            self.close()
            raise out_of_time(self._limits)
        if error:
            raise QueryError(error)
        return dict(found)

    def close(self) -> None:
        """End the process."""
        if self._worker and self._pipe:
            self._worker.kill()
            self._worker.join()
            self._pipe.close()
        self._worker = self._pipe = None

    def _hired(self) -> Connection:
        """The way to a new process, once it has read the graph."""
        context = multiprocessing.get_context("spawn")
        pipe, far = context.Pipe()
        self._worker, self._pipe = context.Process(target=_work, args=(far, self._path, self._limits), daemon=True), pipe
        self._worker.start()
        far.close()
        if not pipe.poll(_LOADING):
            raise EOFError
        pipe.recv()
        return pipe


def _work(pipe: Connection, path: Path, limits: Limits) -> None:
    """Answer queries until the other end closes."""
    knowledge = load_knowledge()
    store = load_store(path)
    limit_memory(limits)
    pipe.send("ready")
    while True:
        try:
            query = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            pipe.send((_rows(store, query, knowledge, limits.rows), ""))
        except KgraphError as error:
            pipe.send((None, str(error)))


def _rows(store: "ox.Store", query: str, knowledge: Knowledge, most: int) -> dict[str, Any]:
    """Rows of text, as many as may be, and whether there are more."""
    import pyoxigraph as ox

    results = run(store, query, knowledge)
    if isinstance(results, ox.QueryBoolean):
        return {"columns": ["answer"], "rows": [["yes" if results else "no"]], "is_cut": False}
    if isinstance(results, ox.QueryTriples):
        columns = ["subject", "predicate", "object"]
        found = [[_cell(part) for part in (one.subject, one.predicate, one.object)] for one in islice(results, most + 1)]
    else:
        columns = [variable.value for variable in results.variables]
        found = [[_cell(value) for value in solution] for solution in islice(results, most + 1)]
    return {"columns": columns, "rows": found[:most], "is_cut": len(found) > most}


def _cell(term: object) -> str:
    text = "" if term is None else text_of(term)
    return text if len(text) <= _LETTERS else text[:_LETTERS] + " …"
