"""The page: documents → papers → readings → graph.

of each paper    sources ──► papers ──► reading ──► linking ──► relating ──► results ──► Reading
                         listings of one                                                   │
of all papers    export, query ◄── Graph ◄── graph.assemble ◄── curation ◄── resolving ◄───┘
                                              union        the user decides  one node of one thing
"""

from collections.abc import Iterable, Iterator, Sequence

from kgraph.batches import in_batches
from kgraph.graph import assemble
from kgraph.knowledge import Knowledge, load_knowledge
from kgraph.linking import link
from kgraph.model import Decision, Graph, Paper, Reading
from kgraph.papers import merge_papers
from kgraph.proof import prove
from kgraph.relating import relate
from kgraph.results import state_results
from kgraph.sources import Paths, read_papers


def papers_of(sources: Paths) -> list[Paper]:
    """The distinct papers of files, folders and globs, each with all its listings.

    Raises:
        DataError: a document is missing or wrong, with its file and line.
    """
    return merge_papers(read_papers(sources))


def read(papers: Iterable[Paper], knowledge: Knowledge | None = None) -> Iterator[Reading]:
    """Each paper's linked reading; reading a paper needs no other paper.

    Raises:
        DataError: a pattern does not do what its own examples say.
    """
    from kgraph.reading import Reader

    knowledge = knowledge or load_knowledge()
    reader = Reader(knowledge)

    def read_batch(papers: Sequence[Paper]) -> Iterator[Reading]:
        linked = [link(reading, knowledge) for reading in reader.read(papers)]
        return (state_results(relate(reading, knowledge), knowledge) for reading in linked)

    prove(knowledge.patterns, read_batch, knowledge.folder / "patterns")
    yield from in_batches(read_batch, papers)


def build(sources: Paths, knowledge: Knowledge | None = None, decisions: Sequence[Decision] = ()) -> Graph:
    """The graph of files, folders and globs, shaped by the user's decisions.

    Raises:
        DataError: a document is missing or wrong, with its file and line.
    """
    knowledge = knowledge or load_knowledge()
    return assemble(read(papers_of(sources), knowledge), knowledge, decisions)
