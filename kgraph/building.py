"""A build for the command line: in memory, or in a work folder, which keeps what is read and needs little memory."""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children
from pathlib import Path
from typing import NamedTuple, TypeVar

from kgraph.errors import KgraphError
from kgraph.graph import assemble
from kgraph.intake import Intake, Take
from kgraph.knowledge import Knowledge
from kgraph.model import Decision, Graph, Paper
from kgraph.parts import write_parts
from kgraph.places import files_in
from kgraph.progress import Readings, tell_unread, track, waiting
from kgraph.stored import assemble_from, read_into
from kgraph.workers import Share, all_cores, among_processes
from kgraph.workfolder import WorkFolder

T = TypeVar("T")
_OFTEN = 1000


class Built(NamedTuple):
    """A graph, what became of the input, and the papers on which a process died."""

    graph: Graph
    intake: Intake
    lost: Sequence[Paper]


@dataclass(frozen=True)
class Way:
    """How to build: by so many processes (0: one for each core) or the workers of a scheduler, in memory or in a work folder.

    `limit` is the memory that a build in a work folder may take, in bytes (0: any). `parts` is where the graph is to be written
    in parts, "" if it is not.
    """

    jobs: int = 0
    work: Path | None = None
    limit: int = 0
    scheduler: str = ""
    parts: str = ""


@contextmanager
def built(take: Take, knowledge: Knowledge, decisions: Sequence[Decision], way: Way) -> Iterator[Built]:
    """The graph of what is taken in; one that stands in a work folder does so as long as the context lasts.

    One that is written in parts is given without its statements.

    Raises:
        DataError: the work folder cannot be used, or a part not be written.
        KgraphError: more memory was needed than the limit allows, or what should do the work is not there.
    """
    if not (way.work or way.scheduler or way.parts):
        with waiting("Taking papers in"):
            intake = take()
        readings = Readings(intake.papers, knowledge, way.jobs)
        yield Built(assemble(readings, knowledge, decisions), intake, readings.lost)
        return
    with _share(way, knowledge) as share, _room(way.work) as room, WorkFolder(room, knowledge) as folder:
        if way.parts:
            files_in(way.parts)  # what is wrong there is better told now than after all is read
        with waiting("Taking papers in"):
            intake = take(merge=folder.take)
        lost = _read(folder, knowledge, share, way.limit, room)
        watched = partial(within, limit=way.limit, work=room)
        with waiting("Resolving names and writing parts" if way.parts else "Resolving names"):
            if way.parts:
                graph = write_parts(way.parts, folder, knowledge, decisions, share, watched)
            else:
                graph = assemble_from(folder, knowledge, decisions, watched)
        yield Built(graph, intake, lost)


def _read(folder: WorkFolder, knowledge: Knowledge, share: Share, limit: int, work: Path) -> Sequence[Paper]:
    """Have read what is not read yet, and give the papers on which processes died."""
    lost: list[Paper] = []

    def dead(paper: Paper) -> None:
        lost.append(paper)
        tell_unread(paper)

    unread = folder.unread()
    for _ in track(within(read_into(folder, unread, knowledge, share, dead), limit, work), len(unread)):
        pass
    return lost


@contextmanager
def _share(way: Way, knowledge: Knowledge) -> Iterator[Share]:
    """What has the work done: processes, or the workers of a cluster."""
    if not way.scheduler:
        yield among_processes(way.jobs or all_cores())
        return
    from kgraph.cluster import connected

    with connected(way.scheduler, way.jobs or all_cores(), knowledge) as cluster:
        yield cluster.share


@contextmanager
def _room(work: Path | None) -> Iterator[Path]:
    """The work folder, or one for this build alone."""
    if work:
        yield work
        return
    with tempfile.TemporaryDirectory(prefix="kgraph-") as room:
        yield Path(room)


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
    return total or _peak()


def _peak() -> int:
    try:
        import resource
    except ImportError:  # Windows has none, and so no limit is kept there
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1 << 10)
