"""Work shared among processes: results come in the order of items, and only what a process died on is lost.

The pools of multiprocessing wait for ever, or give up all, when a process is killed; here each has a pipe of its own, so that
its end is seen at once and it is known what it was about.
"""

import multiprocessing as mp
import os
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
from multiprocessing.connection import wait
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from kgraph.batches import in_batches, uncollected
from kgraph.errors import WorkerError

S = TypeVar("S")
T = TypeVar("T")
Work = Callable[[list[S]], Iterable[T]]
_SIZE = 32
"""Items that a process is given at a time: few enough that all end together, enough that asking for more takes no time."""
_FEW = 4
"""So many times that is done sooner than processes start."""
_AHEAD = 64
"""How many chunks may be done before one that takes long."""


class Share(Protocol):
    """Has the work on items done by others, of which each has so many at a time, 0 for as many as are best.

    What `prepare` makes does the work. `dead` hears of an item on which one dies again, alone, and gives its result or error.
    """

    def __call__(
        self, prepare: Callable[[], Work[S, T]], items: Iterable[S], dead: Callable[[S], T], size: int = 0
    ) -> Iterator[T]:
        """The results, in any order."""
        ...


def among_processes(jobs: int) -> Share:
    """Has work done by so many processes, and gives the results in order."""

    def share(prepare: Callable[[], Work[S, T]], items: Iterable[S], dead: Callable[[S], T], size: int = 0) -> Iterator[T]:
        return in_processes(prepare, items, jobs, dead, size)

    return share


def all_cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def refuse(item: object) -> Any:
    """What there is for an item on which a process died, where nothing else is wanted: an error.

    Raises:
        WorkerError: always.
    """
    raise WorkerError(f"The process that read {getattr(item, 'title', item)!r} was killed, twice; without it, all may be well.")


def in_processes(
    prepare: Callable[[], Work[S, T]], items: Iterable[S], jobs: int, dead: Callable[[S], T], size: int = 0
) -> Iterator[T]:
    """The result of each item, in order, by so many processes as `jobs` says, or by this one if there are few items.

    What `prepare` makes does the work; it is made once for all processes, where they can be forked. An item on which one dies
    again, alone, has the result that `dead` gives, or its error. Each process has so many items at a time as `size` says.
    """
    remaining, few = iter(items), _FEW * (size or _SIZE)
    first = list(islice(remaining, few + 1 if jobs > 1 else 1))
    if not first:
        return iter(())  # nothing needs to be made
    items = chain(first, remaining)
    return _Pool(prepare, jobs, items, size).results(dead) if len(first) > few else in_batches(prepare(), items, size)


class _Chunk(NamedTuple, Generic[S]):
    """Items to be worked on, the place of the first, and whether a process died on them before."""

    start: int
    items: Sequence[S]
    is_suspect: bool = False


class _Pool(Generic[S, T]):
    """Processes, which start at once: before the one that asks has threads, and so can be forked."""

    def __init__(self, prepare: Callable[[], Work[S, T]], jobs: int, items: Iterable[S], size: int) -> None:
        self._context = mp.get_context("fork" if _may_fork() else "spawn")
        self._prepare: Callable[[], Work[S, T]] = _Made(prepare()) if _may_fork() else prepare
        self._jobs = jobs
        self._chunks = _chunks(iter(items), size or _SIZE)
        self._again: list[_Chunk[S]] = []
        self._done: dict[int, list[T]] = {}
        self._about: dict[Any, tuple[Any, _Chunk[S]]] = {}  # of each busy process the pipe, itself and what it works on
        self._dismissed: list[Any] = []
        self._start_all()

    def results(self, dead: Callable[[S], T]) -> Iterator[T]:
        """The results in order."""
        at = 0
        try:
            with uncollected():  # a collection would write to all memory that the processes share
                while self._about:
                    for pipe in wait(list(self._about)):
                        self._take(pipe, dead)
                    while at in self._done:
                        ready = self._done.pop(at)
                        at += len(ready)
                        yield from ready
                    self._start_all()
        finally:
            self._end()

    def _take(self, pipe: Any, dead: Callable[[S], T]) -> None:
        """Take an answer and ask for more; what a process died on is given to another, in parts."""
        process, chunk = self._about.pop(pipe)
        try:
            answer = pipe.recv()
        except (EOFError, ConnectionResetError):
            pipe.close()
            process.join()
            if chunk.is_suspect and len(chunk.items) == 1:
                self._done[chunk.start] = [dead(chunk.items[0])]
            else:
                self._again += _halves(chunk)
            return
        if isinstance(answer, BaseException):
            self._dismiss(pipe, process)
            raise answer
        self._done[chunk.start] = answer
        if following := self._next():
            self._ask(pipe, process, following)
        else:
            self._dismiss(pipe, process)

    def _next(self) -> _Chunk[S] | None:
        if self._again:
            return self._again.pop()
        return next(self._chunks, None) if len(self._done) < _AHEAD else None

    def _start_all(self) -> None:
        while len(self._about) < self._jobs and (chunk := self._next()):
            self._start(chunk)

    def _start(self, chunk: _Chunk[S]) -> None:
        ours, theirs = self._context.Pipe()
        others = [ours, *self._about] if self._context.get_start_method() == "fork" else []
        process = self._context.Process(target=_serve, args=(theirs, others, self._prepare), daemon=True)  # type: ignore[attr-defined]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of libraries' threads, which no process needs
            process.start()
        theirs.close()
        self._ask(ours, process, chunk)

    def _ask(self, pipe: Any, process: Any, chunk: _Chunk[S]) -> None:
        self._about[pipe] = (process, chunk)
        with suppress(BrokenPipeError):  # it died meanwhile, which is seen when it should answer
            pipe.send(chunk.items)

    def _dismiss(self, pipe: Any, process: Any) -> None:
        """Let a process end."""
        pipe.close()
        self._dismissed.append(process)

    def _end(self) -> None:
        for pipe, (process, _) in self._about.items():
            process.terminate()
            self._dismiss(pipe, process)
        for process in self._dismissed:
            process.join()


class _Made(Generic[S, T]):
    """Gives what was made before, as a forked process has it."""

    def __init__(self, made: Work[S, T]) -> None:
        self._made = made

    def __call__(self) -> Work[S, T]:
        return self._made


def _serve(pipe: Any, others: Sequence[Any], prepare: Callable[[], Work[S, T]]) -> None:
    """A process: answers chunks until there are no more, or nobody is there to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that asks ends it
    for other in others:
        other.close()  # a pipe ends only if no process holds its other end
    with suppress(EOFError, BrokenPipeError, ConnectionResetError), uncollected():
        work = prepare()
        while True:
            items = pipe.recv()
            try:
                answer: list[T] | BaseException = list(work(items))
            except Exception as error:
                error.add_note(traceback.format_exc())
                answer = error
            pipe.send(answer)


def _chunks(items: Iterator[S], size: int) -> Iterator[_Chunk[S]]:
    at = 0
    while some := list(islice(items, size)):
        yield _Chunk(at, some)
        at += len(some)


def _halves(chunk: _Chunk[S]) -> list[_Chunk[S]]:
    """The parts of a chunk, so that in the end that item stands alone on which a process dies."""
    half = (len(chunk.items) + 1) // 2
    parts = [_Chunk(chunk.start, chunk.items[:half], True), _Chunk(chunk.start + half, chunk.items[half:], True)]
    return [part for part in parts if part.items]


def _may_fork() -> bool:
    """Whether a copy of this process has all it needs: elsewhere than on Linux, or beside threads, locks may stay shut in it."""
    return sys.platform == "linux" and threading.active_count() == 1
