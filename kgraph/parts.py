"""A graph as sorted N-Triples in parts, of which each is made and written by itself, so that many may be at once.

`papers-00000.nt` and so on hold what papers say, with the names of the things they speak of; `things-00000.nt` and so on all that
is known of things. What is cut where depends on the papers alone. All lines, sorted and each once, are the graph in one file.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, NoReturn, TypeVar

from kgraph.errors import DataError, WorkerError
from kgraph.export import render
from kgraph.graph import Nodes, united
from kgraph.knowledge import Knowledge
from kgraph.model import Decision, Graph, Reading
from kgraph.places import absolute, files_in, is_address, remove, write
from kgraph.records import paper_of, reading_of
from kgraph.resolving import Occurrence, occurrences
from kgraph.workers import Share
from kgraph.workfolder import Packed, WorkFolder

T = TypeVar("T")
SUFFIX = ".nt.parts"
"""What the name of a folder of parts ends with."""
_PAPERS = 1000
_THINGS = 50_000
_NAME = re.compile(r"(papers|things)-\d{5,}\.nt")
_WHOLE = "_SUCCESS"
"""The file that stands in a folder as long as its parts are one graph, as other programs expect it."""


class Part(NamedTuple):
    """A part's name, the papers that it holds, and their nodes."""

    name: str
    rows: Sequence[Packed]
    nodes: Nodes


def parts_folder(output: str) -> str:
    """Where parts are to be written if an output is a folder of them, else "".

    Raises:
        DataError: it is an address for something else.
    """
    if output.rstrip("/").lower().endswith(SUFFIX):
        return absolute(output)
    if is_address(output):
        raise DataError(
            output, None, f"only a graph in parts can be written to an address, that is, one that ends with {SUFFIX}/"
        )
    return ""


def write_parts(
    folder: str,
    work: WorkFolder,
    knowledge: Knowledge,
    decisions: Sequence[Decision],
    share: Share,
    watched: Callable[[Iterable[Reading]], Iterable[Reading]] = iter,
) -> Graph:
    """Have the parts of a work folder's papers written to a folder, by its path or address; parts of an earlier graph go.

    Gives the graph without its statements. `watched` may have a look at the readings as they pass.

    Raises:
        DataError: a part cannot be written, or was written where this machine does not see it.
    """
    found = occurrences(watched(work.readings()), knowledge)
    nodes = Nodes.of(found, knowledge, decisions)
    remove(folder, [_WHOLE])
    written = set(share(partial(_writer, folder, knowledge), parts_of(work, found, nodes), _unwritten, 1))
    there = files_in(folder)
    if missing := written - there:
        raise DataError(folder, None, f"{min(missing)} was written, but not to here; name a folder that all workers share")
    remove(folder, [name for name in there - written if _NAME.fullmatch(name)])
    write(folder, _WHOLE, b"")
    return Graph(work.papers, nodes.entities, decisions=nodes.decisions)


def parts_of(work: WorkFolder, found: Sequence[Occurrence], nodes: Nodes) -> Iterator[Part]:
    """The parts, each when it is asked for; `found` are the occurrences of the work folder's papers, in their order."""
    start = 0
    for number, rows in enumerate(_slices(work.packed(), _PAPERS)):
        end = bisect_right(found, rows[-1].paper, lo=start, key=attrgetter("paper"))
        yield Part(f"papers-{number:05}.nt", rows, nodes.among(found[start:end]))
        start = end
    for number, things in enumerate(_slices(nodes.entities, _THINGS)):
        yield Part(f"things-{number:05}.nt", (), Nodes(tuple(things), (), {}, {}))


def _slices(items: Iterable[T], size: int) -> Iterator[list[T]]:
    remaining = iter(items)
    while some := list(islice(remaining, size)):
        yield some


def _writer(folder: str, knowledge: Knowledge) -> Callable[[list[Part]], Iterable[str]]:
    def write_each(parts: list[Part]) -> Iterable[str]:
        for part in parts:
            readings = (reading_of(paper_of(row.record), row.said) for row in part.rows)
            content = render(united(readings, part.nodes, knowledge.ontology), Path(part.name), knowledge)
            if isinstance(content, bytes):
                write(folder, part.name, content)
            yield part.name

    return write_each


def _unwritten(part: Part) -> NoReturn:
    raise WorkerError(f"The process that wrote {part.name} was killed, twice; it may need more memory.")
