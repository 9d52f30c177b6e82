"""Work shared among the workers of a Dask cluster, each of which has kgraph and knowledge of its own and loads them once.

A scheduler holds no more than a few tasks for each worker, so that a million papers are never there at once. A task is as many
items as take a second. Dask gives the tasks of a worker that died to others; one on which several died is cut into parts and
tried again with nothing beside it, until that item stands alone on which workers die.
"""

import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from logging import CRITICAL, ERROR, getLogger
from operator import length_hint
from typing import TYPE_CHECKING, Any, TypeVar

from kgraph.errors import KgraphError, SetupError, WorkerError
from kgraph.knowledge import Knowledge
from kgraph.tasks import Task, checked, differs
from kgraph.workers import Work
from kgraph.workfolder import fingerprint

if TYPE_CHECKING:
    from distributed import Client, Future

S = TypeVar("S")
T = TypeVar("T")
LOCAL = "local"
"""What stands for a cluster of processes of this machine, which ends with the build."""
_SECONDS = 1.0
"""What a task should take: a thousand times what the scheduler needs for it."""
_GROWTH = 8
_MOST = 1000
_PIECES = 8
_AHEAD = 2
"""Tasks for each worker: one that it works on and one that waits."""
_LOOK = 2.0
_PATIENCE = 60.0
"""Seconds without any worker after which a build gives up."""


@contextmanager
def connected(scheduler: str, jobs: int, knowledge: Knowledge) -> Iterator["Cluster"]:
    """The cluster of a scheduler, or a local one of so many processes.

    Raises:
        KgraphError: no scheduler answers there, or it has no workers.
        SetupError: Dask is not installed, or another kgraph is at work there.
    """
    try:
        import distributed
    except ImportError as error:
        raise SetupError("--scheduler needs Dask; install it with: pip install 'kgraph[dask]'") from error
    with ExitStack() as opened:
        opened.enter_context(_quiet("distributed.client"))
        getLogger("asyncio").setLevel(CRITICAL)  # it complains of futures that nobody waits for, also when all is over
        try:
            address = opened.enter_context(_local(jobs)) if scheduler == LOCAL else scheduler
            client = opened.enter_context(distributed.Client(address))
        except (OSError, ValueError) as error:
            raise KgraphError(f"No Dask scheduler answers at {scheduler} ({_first_line(error)}).") from error
        cluster = Cluster(client, knowledge)
        cluster.check()
        yield cluster


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Without the tracebacks that a client logs beside its errors."""
    logger = getLogger(name)
    before = logger.level
    logger.setLevel(CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _local(jobs: int) -> Any:
    """A cluster of processes that listen to this machine alone, without a dashboard."""
    from distributed import Nanny, Scheduler, SpecCluster

    here = {"host": "127.0.0.1", "dashboard": False, "dashboard_address": "127.0.0.1:0"}
    workers = {number: {"cls": Nanny, "options": {**here, "nthreads": 1, "silence_logs": ERROR}} for number in range(jobs)}
    scheduler = {"cls": Scheduler, "options": {**here, "allowed_failures": 1}}
    return SpecCluster(workers=workers, scheduler=scheduler, silence_logs=ERROR)


class Cluster:
    """A client of a scheduler, which has work done by its workers."""

    def __init__(self, client: "Client", knowledge: Knowledge) -> None:
        self.tasks: list[tuple[int, float]] = []
        """Of each task that was done the number of items and the seconds."""
        self._client, self._knowledge, self._own = client, knowledge, fingerprint(knowledge)
        self._workers, self._asked, self._seen = 0, float("-inf"), time.monotonic()

    def check(self) -> None:
        """See that all who take part have the same kgraph and knowledge.

        Raises:
            KgraphError: there are no workers.
            SetupError: one has another kgraph, or none.
        """
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise KgraphError(f"The Dask scheduler at {self._address} has no workers.") from error
        there: dict[str, object] = self._client.run(fingerprint, self._knowledge, on_error="return")
        for worker, found in sorted(there.items()):
            if found != self._own:
                raise SetupError(differs(f"worker at {worker}"))

    def share(self, prepare: Callable[[], Work[S, T]], items: Iterable[S], dead: Callable[[S], T], size: int = 0) -> Iterator[T]:
        """The results of items, in any order, as `Share` says.

        Raises:
            KgraphError: the scheduler or all workers are gone, or what the work raises.
        """
        from distributed import CancelledError
        from distributed.comm.core import CommClosedError

        try:
            yield from self._shared(prepare, items, dead, size)
        except (CancelledError, CommClosedError) as error:
            raise WorkerError(f"The Dask scheduler at {self._address} went away.") from error

    def _shared(self, prepare: Callable[[], Work[S, T]], items: Iterable[S], dead: Callable[[S], T], size: int) -> Iterator[T]:
        from distributed import KilledWorker

        submit = self._submitter(prepare)
        remaining, total, given = iter(items), length_hint(items), 0
        running: dict[Future[Any], list[S]] = {}
        suspects: list[list[S]] = []
        best = size or 1
        while True:
            while len(running) < self._room():
                even = -(-(total - given) // (self._room() or 1)) if total > given else best  # so that all end together
                chunk = list(islice(remaining, max(1, best // _GROWTH, min(best, even))))
                if not chunk:
                    break
                given += len(chunk)
                running[submit(chunk)] = chunk
            if not running:
                break
            for future in self._finished(running):
                chunk = running.pop(future)
                try:
                    yield from self._taken(future, len(chunk))
                except KilledWorker:
                    suspects.append(chunk)
                else:
                    best = size or self._best(best)
        for chunk in suspects:
            yield from self._cut(submit, chunk, dead)

    def _submitter(self, prepare: Callable[[], Work[S, T]]) -> Callable[[list[S]], "Future[Any]"]:
        """What gives a chunk to the workers; the scheduler sees only bytes, and so needs no kgraph."""
        work = pickle.dumps(partial(checked, self._own, self._knowledge, prepare))
        return lambda chunk: self._client.submit(pickle.loads, pickle.dumps(Task(work, chunk)), pure=False)

    def _cut(self, submit: Callable[[list[S]], "Future[Any]"], chunk: list[S], dead: Callable[[S], T]) -> Iterator[T]:
        """The results of the parts of a chunk, one after the other, so that nothing else can be what workers die on."""
        from distributed import KilledWorker

        some = -(-len(chunk) // _PIECES)
        for part in (chunk[at : at + some] for at in range(0, len(chunk), some)):
            future = submit(part)
            self._finished({future: part})
            try:
                yield from self._taken(future, len(part))
            except KilledWorker:
                if len(part) > 1:
                    yield from self._cut(submit, part, dead)
                else:
                    yield dead(part[0])

    def _taken(self, future: "Future[Any]", number: int) -> Any:
        """The results of a task."""
        try:
            seconds, results = future.result()
        except (ImportError, AttributeError):
            self.check()  # a worker may have come since that has no kgraph
            raise
        self.tasks.append((number, seconds))
        return results

    def _best(self, best: int) -> int:
        """How many items a task should have, by what the last one took; more, and fewer, only step by step."""
        number, seconds = self.tasks[-1]
        wanted = int(number * _SECONDS / max(seconds, 1e-6))
        return max(1, best // 2, min(wanted, best * _GROWTH, _MOST))

    def _finished(self, running: dict["Future[Any]", list[S]]) -> Iterable["Future[Any]"]:
        """Some tasks that are done."""
        from distributed import wait

        while True:
            try:
                return list(wait(list(running), timeout=_LOOK, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                self._room()

    def _room(self) -> int:
        """How many tasks there may be at once."""
        now = time.monotonic()
        if now > self._asked + _LOOK:
            self._workers, self._asked = len(self._client.nthreads()), now
        if self._workers:
            self._seen = now
        elif now > self._seen + _PATIENCE:
            raise WorkerError(f"The Dask scheduler at {self._address} has no workers any more.")
        return max(1, self._workers) * _AHEAD

    @property
    def _address(self) -> str:
        return str(self._client.scheduler.address) if self._client.scheduler else ""


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0].rstrip(".") or type(error).__name__
