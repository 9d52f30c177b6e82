"""What each input file is, and what there is in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kgraph.errors import DataError
from kgraph.model import Paper
from kgraph.sources import LeftOut, Options, Rejection, find_documents, form_of, papers_in
from kgraph.sources.identity import title_key, unversioned
from kgraph.sources.options import NO_OPTIONS


@dataclass(frozen=True)
class Survey:
    """One file: its format, and how many records it has, how many of them with an abstract, again, left out and rejected.

    A duplicate has an identifier, or a title, that a record of this or an earlier file has.
    """

    path: str
    form: str
    records: int = 0
    abstracts: int = 0
    duplicates: int = 0
    left_out: int = 0
    problems: tuple[Rejection, ...] = ()


def survey(paths: Iterable[str | Path], options: Options = NO_OPTIONS) -> Iterator[Survey]:
    """The files that the paths stand for, in the order in which they are read.

    Raises:
        DataError: a path does not exist, or a folder holds no file of a known suffix.
    """
    seen: set[str] = set()
    for document in find_documents(paths):
        if isinstance(document, Rejection):
            yield Survey(document.path, "", problems=(document,))
            continue
        try:
            form = form_of(document, options)
        except DataError as error:
            yield Survey(document.path, "", problems=(Rejection.of(error),))
            continue
        counts = {"records": 0, "abstracts": 0, "duplicates": 0, "left_out": 0}
        problems = []
        for read in papers_in(document, options):
            counts["records"] += not isinstance(read, Rejection)
            if isinstance(read, Rejection):
                problems.append(read)
            elif isinstance(read, LeftOut):
                counts["left_out"] += 1
            else:
                counts["abstracts"] += bool(read.abstract)
                names = _names(read)
                counts["duplicates"] += not names.isdisjoint(seen)
                seen |= names
        yield Survey(document.path, form, problems=tuple(problems), **counts)


def _names(paper: Paper) -> set[str]:
    return {title_key(paper.title), *map(unversioned, paper.identifiers)}
