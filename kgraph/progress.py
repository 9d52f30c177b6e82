"""Readings as they come, for the command line: with a progress bar where someone is watching, and a word of what was lost."""

import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, TypeVar

from kgraph.workers import all_cores

T = TypeVar("T")

if TYPE_CHECKING:
    from kgraph.knowledge import Knowledge
    from kgraph.model import Paper, Reading


class Readings:
    """The readings of papers, by so many processes (0: one for each core); what cannot be read is kept with its title."""

    def __init__(self, papers: "Collection[Paper]", knowledge: "Knowledge", jobs: int = 1) -> None:
        self.lost: list[Paper] = []
        """The papers on which a process died."""
        self._papers, self._knowledge, self._jobs = papers, knowledge, jobs or all_cores()

    def __iter__(self) -> "Iterator[Reading]":
        from kgraph.pipeline import read

        yield from track(read(self._papers, self._knowledge, self._jobs, self._unread), len(self._papers))

    def _unread(self, paper: "Paper") -> "Reading":
        from kgraph.model import Reading

        self.lost.append(paper)
        tell_unread(paper)
        return Reading(paper)


def tell_unread(paper: "Paper") -> None:
    """Say that a process died on a paper."""
    print(f"not read: “{paper.title}” ({paper.id}); the process was killed that read it", file=sys.stderr)


@contextmanager
def waiting(what: str) -> "Iterator[None]":
    """Say on a terminal what takes a while, as long as it does."""
    from rich.console import Console

    console = Console(stderr=True)
    with console.status(f"{what} …") if console.is_terminal else nullcontext():
        yield


def track(readings: "Iterable[T]", total: int) -> "Iterable[T]":
    """The readings, with a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(readings, "Reading", total=total, console=console, transient=True, disable=not console.is_terminal)
