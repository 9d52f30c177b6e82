"""The input as a whole: what was read, what was rejected and what was left out, so that nothing is lost without a word."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kgraph.errors import DataError
from kgraph.model import Paper
from kgraph.papers import merge_papers
from kgraph.sources import LeftOut, Options, Rejection, read_records
from kgraph.sources.options import NO_OPTIONS

Merge = Callable[[Iterable[Paper]], Collection[Paper]]
"""Makes each paper one of its listings."""
_SHOWN = 100


@dataclass(frozen=True)
class Intake:
    """Each paper once, what was rejected, how many records were well and not wanted, and how many papers have no abstract."""

    papers: Collection[Paper]
    rejections: tuple[Rejection, ...] = ()
    left_out: int = 0
    bare: int = 0

    @property
    def report(self) -> str:
        """Each rejection on a line, the first hundred if there are more, then the counts of what is less than a whole paper."""
        lines = [f"rejected: {rejection}" for rejection in self.rejections[:_SHOWN]]
        if more := len(self.rejections) - len(lines):
            lines.append(f"… and {more:,} more, which kgraph sources --problems lists.")
        counts = (
            (len(self.rejections), "rejected; the rest was read"),
            (self.bare, "without an abstract, kept with the title"),
            (self.left_out, "left out by category or date"),
        )
        if said := "; ".join(f"{count:,} {what}" for count, what in counts if count):
            lines.append(f"Records: {said}.")
        return "\n".join(lines)


class Take(Protocol):
    """Takes papers in, each once as `merge` makes them."""

    def __call__(self, *, merge: Merge = merge_papers) -> Intake:
        """The papers, and what became of all other records."""
        ...


def take_in(
    paths: Iterable[str | Path], options: Options = NO_OPTIONS, *, merge: Merge = merge_papers, strict: bool = False
) -> Intake:
    """The distinct papers of files, folders, globs and addresses, and what became of all other records.

    Raises:
        DataError: there is no paper at all; or, if `strict`, a record is rejected.
        SetupError: what reads a format is not installed.
    """
    rejections: list[Rejection] = []
    left_out = 0

    def listed() -> Iterator[Paper]:
        nonlocal left_out
        for read in read_records(paths, options):
            if isinstance(read, Paper):
                yield read
            elif isinstance(read, LeftOut):
                left_out += 1
            elif strict:
                raise read.error()
            else:
                rejections.append(read)

    papers = merge(listed())
    if not papers and rejections:
        first, more = rejections[0], len(rejections) - 1
        others = f"; nor could {more:,} more be read" if more else ""
        raise DataError(first.path, first.line or None, first.sentence + others)
    if not papers:
        raise DataError("sources", None, f"no paper is of the wanted categories and dates; {left_out:,} were left out")
    return Intake(papers, tuple(rejections), left_out, sum(not paper.abstract for paper in papers))
