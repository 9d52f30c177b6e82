"""What a user may want to decide: nodes that may be one thing, and names that no lexicon knows."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from kgraph.knowledge import Knowledge
from kgraph.lexicon import normalise
from kgraph.model import Decision
from kgraph.query import run

if TYPE_CHECKING:
    import pyoxigraph as ox

_ALIKE = 88
"""Of 100: how alike two names must be to be proposed as one."""
_SHORTEST = 6
"""Letters of a name below which one other letter makes another name."""
_NUMBER = re.compile(r"\d+")
_NODES = """
SELECT ?node ?class ?name ?is_member (COUNT(DISTINCT ?paper) AS ?papers) (MIN(?exact) AS ?sentence) WHERE {
  ?node a ?class ; skos:prefLabel ?name .
  ?evidence rdf:object ?node ; rdf:subject ?paper ; oa:exact ?exact .
  ?paper a kg:Paper .
  BIND(EXISTS { ?node kg:variantOf ?family } AS ?is_member)
} GROUP BY ?node ?class ?name ?is_member
"""


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
    settled = {frozenset((one.subject, one.object)) for one in decided}
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

    results = run(store, _NODES, knowledge)
    assert isinstance(results, ox.QuerySolutions)  # noqa: S101 (a SELECT)
    things = knowledge.ontology.iri("")
    classes = {knowledge.ontology.term(cls): cls for cls in knowledge.ontology.things}
    for node, cls, name, is_member, papers, sentence in (tuple(term.value for term in solution) for solution in results):
        if "://" not in name and cls in classes:
            yield Node(int(papers), node.removeprefix(things), classes[cls], name, is_member == "true", sentence)


def _alike(nodes: Iterable[Node]) -> set[tuple[Node, Node]]:
    """Pairs of a type that share how they begin or end, the same numbers, and nearly all letters; the more named one first."""
    from rapidfuzz.fuzz import ratio, token_sort_ratio

    blocks: dict[tuple[str, str, bool], list[Node]] = defaultdict(list)
    for node in nodes:
        key = normalise(node.name)
        if len(key) >= _SHORTEST:
            blocks[node.type, key[:4], True].append(node)
            blocks[node.type, key[-4:], False].append(node)
    return {
        (one, other)
        for block in blocks.values()
        for one, other in combinations(block, 2)
        if sorted(_NUMBER.findall(one.name)) == sorted(_NUMBER.findall(other.name))
        and max(ratio(normalise(one.name), normalise(other.name)), token_sort_ratio(one.name.lower(), other.name.lower()))
        >= _ALIKE
    }


def _quoted(node: Node) -> str:
    return " ".join(node.sentence.split())
