"""The page: documents → papers → readings → graph.

of each paper    sources ──► papers ──► reading ──► linking ──► relating ──► results ──► Reading
                         listings of one                                                   │
of all papers    export, query ◄── Graph ◄── graph.assemble ◄── curation ◄── resolving ◄───┘
                                              union        the user decides  one node of one thing
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from kgraph.graph import assemble
from kgraph.knowledge import Knowledge, load_knowledge
from kgraph.linking import link
from kgraph.model import Decision, Graph, Paper, Reading
from kgraph.papers import merge_papers
from kgraph.proof import prove
from kgraph.relating import relate
from kgraph.results import state_results
from kgraph.sources import Paths, read_papers
from kgraph.workers import in_processes, refuse


def papers_of(sources: Paths) -> list[Paper]:
    """The distinct papers of files, folders and globs, each with all its listings.

    Raises:
        DataError: a document is missing or wrong, with its file and line.
    """
    return merge_papers(read_papers(sources))


def read(
    papers: Iterable[Paper], knowledge: Knowledge | None = None, jobs: int = 1, dead: Callable[[Paper], Reading] = refuse
) -> Iterator[Reading]:
    """Each paper's linked reading, by so many processes; reading a paper needs no other paper.

    `dead` gives the reading of a paper on which a process died, by default the error.

    Raises:
        DataError: a pattern does not do what its own examples say.
        WorkerError: a process died on a paper.
    """
    papers = list(papers)
    readings = in_processes(partial(reader, knowledge or load_knowledge()), papers, jobs, dead)
    return (reading._replace(paper=paper) for paper, reading in zip(papers, readings, strict=True))


def reader(knowledge: Knowledge) -> Callable[[Sequence[Paper]], Iterable[Reading]]:
    """What reads papers: all stages that look at one paper alone."""
    from kgraph.reading import Reader

    mentions = Reader(knowledge)

    def read_batch(papers: Sequence[Paper]) -> Iterable[Reading]:
        linked = [link(reading, knowledge) for reading in mentions.read(papers)]
        return (state_results(relate(reading, knowledge), knowledge) for reading in linked)

    prove(knowledge.patterns, read_batch, knowledge.folder / "patterns")
    return read_batch


def build(sources: Paths, knowledge: Knowledge | None = None, decisions: Sequence[Decision] = (), jobs: int = 1) -> Graph:
    """The graph of files, folders and globs, shaped by the user's decisions.

    Raises:
        DataError: a document is missing or wrong, with its file and line.
    """
    knowledge = knowledge or load_knowledge()
    return assemble(read(papers_of(sources), knowledge, jobs), knowledge, decisions)
