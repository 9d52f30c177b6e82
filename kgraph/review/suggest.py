"""What a user may want to decide: nodes that may be one thing, and names that no lexicon knows."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from kgraph.knowledge import Knowledge
from kgraph.lexicon import normalise
from kgraph.model import Decision
from kgraph.ontology import KEPT_APART, text_of
from kgraph.query import query_text, run

if TYPE_CHECKING:
    import pyoxigraph as ox

_ALIKE = 88
"""Of 100: how alike two names must be to be proposed as one."""
_MOST_LETTERS = 6
"""By which one name may be longer than the other."""
_SHORTEST = 6
"""Letters of a name below which one other letter makes another name."""
_NODES = "report-things"
"""The query that gives what is compared."""
_NUMBER = re.compile(r"\d+")


class Node(NamedTuple):
    """A thing of a graph with how many papers name it, whether it is of a family, and a sentence that names it."""

    papers: int
    id: str
    type: str
    name: str
    is_member: bool
    sentence: str


def suggest(store: "ox.Store", knowledge: Knowledge, papers: int = 3, decided: Sequence[Decision] = ()) -> Iterator[Decision]:
    """Rows for the curation file: nodes of nearly one name, then names that so many papers have and no lexicon.

    The reason of a row says what speaks for it, with a sentence of each. What a decision speaks of already is not proposed again.
    """
    nodes = sorted(_nodes(store, knowledge), key=lambda node: (-node.papers, node.id))
    rows = knowledge.lexicon.by_name
    settled = {frozenset((one.subject, one.object)) for one in decided} | _kept_apart(store, knowledge)
    for one, other in sorted(_alike(nodes), key=lambda pair: (-pair[0].papers - pair[1].papers, pair)):
        are_known = (one.type, one.name) in rows and (other.type, other.name) in rows  # as two things
        if not are_known and frozenset((one.id, other.id)) not in settled:
            yield Decision("merge", one.id, other.id, f"“{_quoted(one)}” “{_quoted(other)}”")
    subjects = {one.subject for one in decided}
    for node in nodes:
        is_open = node.papers >= papers and not node.is_member and node.id not in subjects
        if is_open and not knowledge.lexicon.by_key.get(normalise(node.name)):
            reason = f"{node.papers} papers name it and no lexicon does; is it a {node.type}? “{_quoted(node)}”"
            yield Decision("retype", node.id, node.type, reason)


def _nodes(store: "ox.Store", knowledge: Knowledge) -> Iterator[Node]:
    import pyoxigraph as ox

    results = run(store, query_text(_NODES, knowledge), knowledge)
    assert isinstance(results, ox.QuerySolutions)  # noqa: S101 (a SELECT)
    things = knowledge.ontology.iri("")
    classes = {knowledge.ontology.term(cls): cls for cls in knowledge.ontology.things}
    for node, cls, name, is_member, papers, sentence in (tuple(term.value for term in solution) for solution in results):
        if "://" not in name and cls in classes:
            yield Node(int(papers), node.removeprefix(things), classes[cls], name, is_member == "true", sentence)


def _kept_apart(store: "ox.Store", knowledge: Knowledge) -> set[frozenset[str]]:
    import pyoxigraph as ox

    things = knowledge.ontology.iri("")
    quads = store.quads_for_pattern(None, ox.NamedNode(knowledge.ontology.term(KEPT_APART)), None)
    ends = ((text_of(end) for end in (quad.subject, quad.object)) for quad in quads)
    return {frozenset(end.removeprefix(things) for end in pair) for pair in ends}


def _alike(nodes: Iterable[Node]) -> set[tuple[Node, Node]]:
    """Pairs of a type that share how they begin or end, the same numbers, and nearly all letters; the more named one first."""
    from rapidfuzz.fuzz import ratio, token_sort_ratio

    blocks: dict[tuple[str, str, bool, tuple[str, ...]], list[tuple[Node, str, str]]] = defaultdict(list)
    for node in nodes:
        key, numbers = normalise(node.name), tuple(sorted(_NUMBER.findall(node.name)))
        if len(key) >= _SHORTEST:
            for part, is_beginning in ((key[:4], True), (key[-4:], False)):
                blocks[node.type, part, is_beginning, numbers].append((node, key, node.name.lower()))
    return {
        (one, other)
        for block in blocks.values()
        for (one, key, name), (other, its_key, its_name) in combinations(block, 2)
        if abs(len(key) - len(its_key)) <= _MOST_LETTERS
        and (ratio(key, its_key, score_cutoff=_ALIKE) or token_sort_ratio(name, its_name, score_cutoff=_ALIKE))
    }


def _quoted(node: Node) -> str:
    return " ".join(node.sentence.split())
