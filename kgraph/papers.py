"""Which listings are one paper: those of one identifier, or of one title and much the same abstract."""

import hashlib
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from kgraph.model import Listing, Paper
from kgraph.ontology import APART, digest
from kgraph.sources.dates import earliest
from kgraph.sources.identity import paper_id, primary, title_key, unversioned

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)
S = TypeVar("S", Listing, str)
_WORD = re.compile(r"\w{4,}")
_SHARED = 0.5
_UNIQUE = frozenset({"acl", "arxiv", "doi", "pmid"})
"""The schemes in which one paper has one identifier; a catalogue may list one twice."""


def merge_papers(papers: Iterable[Paper]) -> list[Paper]:
    """Each paper once, with the listings of all that are the same, sorted by id."""
    return [merged for merged, _ in group_papers(papers)]


def group_papers(papers: Iterable[Paper]) -> list[tuple[Paper, list[Paper]]]:
    """Each paper with those it was merged of, sorted by id: a function of the set of papers, whatever their order.

    Papers are the same if they have an identifier in common, or one title, no two identifiers of one scheme, and half of the
    words of the shorter abstract in common, which may be a cut one or none. The longest abstract is kept. What is left of one
    title gets ids that tell them apart.
    """
    by_title: dict[str, list[_Cluster]] = defaultdict(list)
    clusters: list[_Cluster] = []
    groups = [sorted(group, key=_longest_first) for group in _connected(set(papers), _known)]
    for group in sorted(groups, key=lambda group: _longest_first(group[0])):
        titles = sorted({title_key(one.title) for one in group})
        known = {one for paper in group for one in _known(paper)}
        cluster = next((one for title in titles for one in by_title[title] if one.admits(group[0], known)), None)
        if cluster is None:
            cluster = _Cluster()
            clusters.append(cluster)
        cluster.papers.extend(group)
        cluster.schemes |= _schemes(known)
        for title in titles:
            if cluster not in by_title[title]:
                by_title[title].append(cluster)
    merged = [(_merged(cluster.papers), cluster.papers) for cluster in clusters]
    times = Counter(paper.id for paper, _ in merged)
    return sorted((replace(paper, id=_own_id(paper)) if times[paper.id] > 1 else paper, same) for paper, same in merged)


def of_one_title(papers: Collection[Paper]) -> list[Paper]:
    """The papers that share their title with another of a different text."""
    times = Counter(title_key(paper.title) for paper in papers)
    return [paper for paper in papers if times[title_key(paper.title)] > 1]


@dataclass(eq=False)
class _Cluster:
    """Papers that are the same, first that of the longest abstract, with the schemes of their identifiers."""

    papers: list[Paper] = field(default_factory=list)
    schemes: set[str] = field(default_factory=set)

    def admits(self, paper: Paper, known: set[str]) -> bool:
        """Whether a paper of the same title and no longer abstract is the same."""
        if not self.schemes.isdisjoint(_schemes(known)):
            return False
        words, others = _words(paper), _words(self.papers[0])
        return len(words & others) >= _SHARED * min(len(words), len(others))


def _words(paper: Paper) -> frozenset[str]:
    return frozenset(_WORD.findall(paper.abstract.casefold()))


def _longest_first(paper: Paper) -> tuple[int, Paper]:
    return -len(paper.abstract), paper


def _schemes(known: Iterable[str]) -> set[str]:
    return {one.partition(":")[0] for one in known} & _UNIQUE


def may_be_one(papers: Iterable[Paper]) -> list[list[int]]:
    """The places of papers among which there may be listings of one, as hashes of their identifiers and titles tell.

    Merging each of these groups, and each other paper alone, is merging all; so that they need not be in memory together.
    """
    places, hashes = array("Q"), array("Q")
    for place, paper in enumerate(papers):
        for key in (*_known(paper), title_key(paper.title)):
            places.append(place)
            hashes.append(int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "big"))
    found: dict[int, list[int]] = {}
    values = np.frombuffer(hashes, dtype=np.uint64)
    order = np.argsort(values)
    ordered = values[order]
    is_again = ordered[1:] == ordered[:-1]
    for end in (order[:-1][is_again], order[1:][is_again]):
        for at in map(int, end):
            found.setdefault(places[at], []).append(hashes[at])
    return _connected(sorted(found), found.__getitem__)


def _connected(items: Iterable[H], keys: Callable[[H], Sequence[Hashable]]) -> list[list[H]]:
    """Items in groups that keys connect, directly or by way of others."""
    above: dict[Hashable, Hashable] = {}

    def root(key: Hashable) -> Hashable:
        while above.setdefault(key, key) != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    named = [(item, keys(item) or [item]) for item in items]
    for _, (first, *others) in named:
        for other in others:
            above[root(other)] = root(first)
    groups: dict[Hashable, list[H]] = {}
    for item, (first, *_) in named:
        groups.setdefault(root(first), []).append(item)
    return list(groups.values())


def _known(paper: Paper) -> list[str]:
    """The identifiers of a paper, without versions."""
    return sorted({unversioned(one) for one in (paper.identifier, *paper.identifiers) if one})


def _merged(papers: list[Paper]) -> Paper:
    """One paper with all that is known of it.

    Title and abstract are those of the longest abstract; its own identifier is the best of all. Of authors, the list that names
    most of them counts; of dates, the earliest.
    """
    first = min(papers, key=_longest_first)
    identifier = primary(one for paper in papers for one in (paper.identifier, *paper.identifiers))
    return replace(
        first,
        id=paper_id(first.title, identifier) if identifier else first.id.partition(APART)[0],
        listings=_union(paper.listings for paper in papers),
        identifier=identifier,
        identifiers=_union(paper.identifiers for paper in papers),
        authors=min((paper.authors for paper in papers), key=lambda names: (-len(names), -len("".join(names)), names)),
        date=earliest({paper.date for paper in papers}),
        venues=_union(paper.venues for paper in papers),
        categories=_union(paper.categories for paper in papers),
        keywords=_union(paper.keywords for paper in papers),
        links=_union(paper.links for paper in papers),
    )


def _union(values: Iterable[tuple[S, ...]]) -> tuple[S, ...]:
    return tuple(sorted({one for some in values for one in some}))


def _own_id(paper: Paper) -> str:
    return f"{paper.id}{APART}{digest(paper.abstract)[:8]}"
