"""What a user may want to decide: nodes that may be one thing, of one type or of two, and names that no lexicon knows."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from kgraph.knowledge import Knowledge
from kgraph.lexicon import normalise
from kgraph.model import Decision
from kgraph.ontology import APART, KEPT_APART, text_of
from kgraph.query import query_text, run

if TYPE_CHECKING:
    import pyoxigraph as ox

_NODES = "report-things"
"""The query that gives what is compared."""
_WORD = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*|[+*]+")
_ALIKE = 60
"""Of 100: how alike a long form must be to the forms of what it is kept apart from, to be asked about."""
_SHORTEST, _LONG = 6, 10
"""Letters of a word below which another letter makes another word, and from which on two letters may differ."""
_ENDS = re.compile(r"(?:(?:i[sz])?ations?|ions?|ings?|ued|ual|ers?|ed|es|al|s|e)$")
_STEM = 5
"""Letters of a word that are no ending."""


class Node(NamedTuple):
    """A thing of a graph with how many papers name it, whether it is of a family, a sentence that names it, and its forms."""

    papers: int
    id: str
    type: str
    name: str
    is_member: bool
    sentence: str
    forms: frozenset[str]


def suggest(store: "ox.Store", knowledge: Knowledge, papers: int = 3, decided: Sequence[Decision] = ()) -> Iterator[Decision]:
    """Rows for the curation file, each a question: what is kept apart, spelt nearly alike, or of two types, and new names.

    New names are those of so many papers that no lexicon has. The reason of a row says why kgraph did not decide so, with a
    sentence for each of the two. Nothing is asked of two things that the lexicon knows, nor what a decision speaks of already.
    """
    nodes = sorted(_nodes(store, knowledge), key=lambda node: (-node.papers, node.id))
    known = {node.id for node in nodes if (node.type, node.name) in knowledge.lexicon.by_name}
    settled = {frozenset((one.subject, one.object)) for one in decided} | {frozenset((one.subject,)) for one in decided}
    for one, other, why in (*_kept_apart(store, knowledge, nodes), *_spelt_alike(nodes), *_of_two_types(nodes)):
        pair = frozenset((one.id, other.id))
        if pair <= known or pair in settled:
            continue
        settled.add(pair)
        reason = f"{why}? “{_quoted(one)}” “{_quoted(other)}”"
        is_one_type = one.type == other.type
        if not is_one_type:
            yield Decision("retype", other.id, one.type, reason)
        if is_one_type or one.id.partition("/")[2] != other.id.partition("/")[2]:
            yield Decision("merge", one.id, other.id, reason)
    for node in nodes:
        is_open = node.papers >= papers and not node.is_member and frozenset((node.id,)) not in settled
        if is_open and not knowledge.lexicon.by_key.get(normalise(node.name)):
            reason = f"{node.papers} papers name it and no lexicon does; is it a {node.type}? “{_quoted(node)}”"
            yield Decision("retype", node.id, node.type, reason)


def _nodes(store: "ox.Store", knowledge: Knowledge) -> Iterator[Node]:
    import pyoxigraph as ox

    results = run(store, query_text(_NODES, knowledge), knowledge)
    assert isinstance(results, ox.QuerySolutions)  # noqa: S101 (a SELECT)
    forms: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, ox.NamedNode(knowledge.ontology.term("skos:altLabel")), None):
        forms[text_of(quad.subject)].add(normalise(text_of(quad.object)))
    things = knowledge.ontology.iri("")
    classes = {knowledge.ontology.term(cls): cls for cls in knowledge.ontology.things}
    for node, cls, name, is_member, papers, sentence in (tuple(map(text_of, solution)) for solution in results):
        if "://" not in name and cls in classes:
            names = frozenset({normalise(name), *forms[node]})
            yield Node(int(papers), node.removeprefix(things), classes[cls], name, is_member == "true", sentence, names)


_Pairs = Iterator[tuple[Node, Node, str]]
"""Two nodes, the one of more papers first, and what is to be asked of them."""


def _kept_apart(store: "ox.Store", knowledge: Knowledge, nodes: Sequence[Node]) -> _Pairs:
    """Nodes that share a form and are kept apart."""
    import pyoxigraph as ox

    things = knowledge.ontology.iri("")
    quads = store.quads_for_pattern(None, ox.NamedNode(knowledge.ontology.term(KEPT_APART)), None)
    apart = {(text_of(quad.subject).removeprefix(things), text_of(quad.object).removeprefix(things)) for quad in quads}
    place = {node.id: number for number, node in enumerate(nodes)}
    pairs = {tuple(sorted((place[one], place[other]))) for one, other in apart if one in place and other in place}
    for first, second in sorted(pairs):
        one, other = nodes[first], nodes[second]
        is_told_apart = APART in one.id or APART in other.id
        why = "as papers give it meanings of their own" if is_told_apart else "as the short form may mean something else"
        if not _is_spelt_out_otherwise(one, other) and not _is_spelt_out_otherwise(other, one):
            yield one, other, f"kept apart, {why}; are they one thing"


def _is_spelt_out_otherwise(node: Node, other: Node) -> bool:
    """Whether what tells a node apart is a long form that is like no form of the other."""
    from rapidfuzz.fuzz import ratio

    long_form = normalise(node.id.partition(APART)[2].replace("-", " "))
    return long_form in node.forms and not any(ratio(long_form, form, score_cutoff=_ALIKE) for form in other.forms)


def _spelt_alike(nodes: Sequence[Node]) -> _Pairs:
    """Nodes of one type whose names have the same stems, or differ in a letter or two of one long word."""
    from rapidfuzz.distance import DamerauLevenshtein

    stems: dict[tuple[str, tuple[str, ...]], list[Node]] = defaultdict(list)
    others: dict[tuple[str, ...], list[tuple[str, Node]]] = defaultdict(list)
    for node in nodes:
        words = _WORD.findall(node.name.casefold())
        if len(words) > 1 or len(words[0]) >= _LONG:
            stems[node.type, tuple(sorted(map(_stem, words)))].append(node)
        for place, word in enumerate(words):
            if len(word) >= _SHORTEST:
                rest = (*words[:place], "", *words[place + 1 :])
                others[(node.type, *rest, word[0], word[-3:])].append((word, node))
    for group in stems.values():
        yield from ((one, other, "the same words in other forms; are they one thing") for one, other in combinations(group, 2))
    for block in others.values():
        for (word, one), (its, other) in combinations(block, 2):
            most = 2 if min(len(word), len(its)) >= _LONG else 1
            if 0 < DamerauLevenshtein.distance(word, its, score_cutoff=most) <= most:
                yield one, other, "spelt nearly alike; are they one thing"


def _stem(word: str) -> str:
    return word[:_STEM] + _ENDS.sub("", word[_STEM:])


def _of_two_types(nodes: Iterable[Node]) -> _Pairs:
    """Nodes that share a form and are of two types."""
    sharing: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        for form in node.forms:
            sharing[form].append(node)
    for _, group in sorted(sharing.items()):
        for one, other in combinations(group, 2):
            if one.type != other.type and APART not in one.id + other.id:
                yield one, other, f"a {other.type} and a {one.type} of one name; is it the {one.type}"


def _quoted(node: Node) -> str:
    return " ".join(node.sentence.split())
