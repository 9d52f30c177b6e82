"""A build whose papers, readings and statements stand in a work folder: the same graph as that of a build in memory.

What must be in memory are the names: the entities of all papers, equal ones once, and the nodes that they are.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from sys import intern
from typing import Any

from kgraph.batches import uncollected
from kgraph.graph import Nodes, results_of, statements, surest
from kgraph.knowledge import Knowledge
from kgraph.model import Claim, Decision, Evidence, Graph, Link, Paper, Reading, Result
from kgraph.pipeline import reader
from kgraph.records import packed_reading
from kgraph.resolving import occurrences
from kgraph.workers import Share
from kgraph.workfolder import WorkFolder


def read_into(
    work: WorkFolder, papers: Iterable[Paper], knowledge: Knowledge, share: Share, dead: Callable[[Paper], object]
) -> Iterator[None]:
    """Have papers read and keep what they say; `dead` hears of those on which a process died."""

    def unread(paper: Paper) -> tuple[bytes, bytes]:
        dead(paper)
        return b"", b""

    return work.keep(share(partial(_packer, knowledge, work.key), papers, unread))


def _packer(knowledge: Knowledge, key: Callable[[Paper], bytes]) -> Callable[[list[Paper]], Iterable[tuple[bytes, bytes]]]:
    read = reader(knowledge)

    def read_batch(papers: list[Paper]) -> Iterable[tuple[bytes, bytes]]:
        return [(key(reading.paper), packed_reading(reading)) for reading in read(papers)]

    return read_batch


def assemble_from(
    work: WorkFolder,
    knowledge: Knowledge,
    decisions: Sequence[Decision] = (),
    watched: Callable[[Iterable[Reading]], Iterable[Reading]] = iter,
) -> Graph:
    """The graph of the papers of a work folder, which is gone through on disk as long as the folder is open.

    `watched` may have a look at the readings as they pass.
    """
    with uncollected():
        nodes = Nodes.of(occurrences(watched(work.readings()), knowledge), knowledge, decisions)
        for reading in watched(work.readings()):
            here = nodes.within(reading)
            said = (Claim(*statement, evidence) for statement, evidence in statements(reading, here, knowledge.ontology))
            work.state(said, results_of(reading, here))
    return Graph(
        papers=work.papers,
        entities=nodes.entities,
        links=work.sorted("claim", _links),
        results=work.sorted("result", _results),
        decisions=nodes.decisions,
    )


def _links(rows: Iterator[Any]) -> Iterator[Link]:
    for (head, relation, tail), same in groupby(rows, itemgetter(0, 1, 2)):
        evidence = surest(Evidence(intern(row[3]), row[4], row[5], intern(row[6]), row[7]) for row in same)
        yield Link(intern(head), intern(relation), intern(tail), evidence)


def _results(rows: Iterator[Any]) -> Iterator[Result]:
    return (Result._make([*row[:5], Evidence(*row[5:])]) for row in rows)
