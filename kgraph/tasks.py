"""What a worker of a Dask cluster does: the tasks that a build sends it, with what does the work made once for all of them."""

import pickle
import time
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from kgraph.batches import uncollected
from kgraph.errors import SetupError
from kgraph.knowledge import Knowledge
from kgraph.workers import Work
from kgraph.workfolder import fingerprint

S = TypeVar("S")
T = TypeVar("T")
_ONE_AT_A_TIME = Lock()
"""A worker of several threads reads with one, as Python would have them wait for each other."""
_MADE: dict[bytes, Work[Any, Any]] = {}
"""What did the work in earlier tasks, by what made it."""
_KEPT = 4


class Task:
    """Items to be worked on; a worker does so when it unpickles this, and gives what `_done` gives."""

    def __init__(self, work: bytes, items: list[Any]) -> None:
        self._given = work, items

    def __reduce__(self) -> tuple[Any, ...]:
        return _done, self._given


def _done(work: bytes, items: list[Any]) -> tuple[float, list[Any]]:
    """How long items took a worker, and their results. What does the work is made once, also for a later build."""
    with _ONE_AT_A_TIME, uncollected():
        if work not in _MADE:
            made = pickle.loads(work)()  # noqa: S301 - as Dask would
            if len(_MADE) >= _KEPT:
                _MADE.clear()
            _MADE[work] = made
        started = time.perf_counter()
        results = list(_MADE[work](items))
        return time.perf_counter() - started, results


def checked(expected: str, knowledge: Knowledge, prepare: Callable[[], Work[S, T]]) -> Work[S, T]:
    """What does the work, made by a worker that came later than others, perhaps.

    Raises:
        SetupError: it has another kgraph.
    """
    if fingerprint(knowledge) != expected:
        raise SetupError(differs("worker that came last"))
    return prepare()


def differs(who: str) -> str:
    """The sentence on someone who has another kgraph."""
    return f"The Dask {who} has not the kgraph and the knowledge that this build has; install the same version there."
