"""A build for the command line: in memory, or in a work folder, which keeps what is read and needs little memory."""

import os
import resource
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path
from typing import NamedTuple, TypeVar

from kgraph.errors import KgraphError
from kgraph.graph import assemble
from kgraph.intake import Intake
from kgraph.knowledge import Knowledge
from kgraph.model import Decision, Graph, Paper
from kgraph.progress import Readings, tell_unread, track
from kgraph.stored import assemble_from, read_into
from kgraph.workers import all_cores
from kgraph.workfolder import WorkFolder

T = TypeVar("T")
_OFTEN = 1000


class Built(NamedTuple):
    """A graph, what became of the input, and the papers on which a process died."""

    graph: Graph
    intake: Intake
    lost: Sequence[Paper]


@contextmanager
def built(
    take: Callable[[], Intake], knowledge: Knowledge, decisions: Sequence[Decision], jobs: int, work: Path | None, limit: int = 0
) -> Iterator[Built]:
    """The graph of what is taken in; if there is a work folder, the graph stands there as long as the context lasts.

    Raises:
        DataError: the work folder cannot be used.
        KgraphError: more memory was needed than the limit, in bytes, allows.
    """
    intake = take()
    if not work:
        readings = Readings(intake.papers, knowledge, jobs)
        yield Built(assemble(readings, knowledge, decisions), intake, readings.lost)
        return
    lost: list[Paper] = []

    def dead(paper: Paper) -> None:
        lost.append(paper)
        tell_unread(paper)

    with WorkFolder(work, knowledge) as folder:
        folder.take(intake.papers)
        intake = replace(intake, papers=())  # they stand on disk now
        unread = folder.unread()
        done = within(read_into(folder, unread, knowledge, jobs or all_cores(), dead), limit, work)
        for _ in track(done, len(unread)):
            pass
        graph = assemble_from(folder, knowledge, decisions, lambda readings: within(readings, limit, work))
        yield Built(graph, intake, lost)


def within(items: Iterable[T], limit: int, work: Path) -> Iterator[T]:
    """The items as they come, unless the memory that this process and its children take goes over a limit of bytes (0: none).

    Raises:
        KgraphError: it does; what was read by then is kept.
    """
    for number, item in enumerate(items):
        if limit and not number % _OFTEN and (taken := memory()) > limit:
            raise KgraphError(
                f"The build takes {taken / 1e9:.1f} GB, and --max-memory allows {limit / 1e9:.1f}; what is read is kept in "
                f"{work}, so that it goes on from there with a higher limit or fewer --jobs."
            )
        yield item


def memory() -> int:
    """The bytes that this process and its children take, what they share counted once; elsewhere than on Linux, its own peak."""
    total = 0
    for process in (os.getpid(), *(child.pid for child in active_children())):
        with suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
            total += next(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    unit = 1 if sys.platform == "darwin" else 1 << 10
    return total or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
