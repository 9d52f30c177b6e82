"""Which listings are one paper: those of one identifier, or of one title and much the same abstract."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from kgraph.model import Listing, Paper
from kgraph.ontology import digest
from kgraph.sources.dates import earliest
from kgraph.sources.identity import PREFERRED, title_key, unversioned

T = TypeVar("T")
S = TypeVar("S", Listing, str)
_WORD = re.compile(r"\w+")
_SHARED = 0.5
_UNIQUE = frozenset({"acl", "arxiv", "doi", "pmid"})
"""The schemes in which one paper has one identifier; a catalogue may list one twice."""

_APART = "~"
"""Stands between a title's id and the digest of an abstract where one title has several texts; no slug contains it."""


def merge_papers(papers: Iterable[Paper]) -> list[Paper]:
    """Each paper once, with the listings of all that are the same, sorted by id."""
    return [merged for merged, _ in group_papers(papers)]


def group_papers(papers: Iterable[Paper]) -> list[tuple[Paper, list[Paper]]]:
    """Each paper with those it was merged of, sorted by id; their order does not matter.

    Papers are the same if they have an identifier in common, or one title, abstracts that share half of their words, and no two
    identifiers of one scheme. What is left of one title gets ids that tell them apart.
    """
    by_identifier = _connected(papers)
    by_title = _grouped(map(sorted, by_identifier), lambda group: title_key(group[0].title))
    clusters = [cluster for groups in by_title for cluster in _clusters(sorted(groups))]
    merged = [(_merged(cluster), cluster) for cluster in clusters]
    times = Counter(paper.id for paper, _ in merged)
    return sorted((replace(paper, id=_own_id(paper)) if times[paper.id] > 1 else paper, cluster) for paper, cluster in merged)


def of_one_title(papers: Iterable[Paper]) -> list[Paper]:
    """The papers that share their title with another of a different text."""
    return [paper for paper in papers if _APART in paper.id]


def _connected(papers: Iterable[Paper]) -> list[list[Paper]]:
    """Papers in groups that identifiers connect, directly or by way of others."""
    above: dict[Hashable, Hashable] = {}

    def root(key: Hashable) -> Hashable:
        while above.setdefault(key, key) != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    papers = list(papers)
    for paper in papers:
        known = _known(paper)
        for other in known[1:]:
            above[root(other)] = root(known[0])
    return _grouped(papers, lambda paper: root(next(iter(_known(paper)), paper)))


def _known(paper: Paper) -> list[str]:
    """The identifiers of a paper, without versions."""
    return sorted({unversioned(one) for one in (paper.identifier, *paper.identifiers) if one})


def _grouped(items: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    groups: dict[Hashable, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def _clusters(groups: list[list[Paper]]) -> list[list[Paper]]:
    """Groups of one title, those with the same abstract together."""
    clusters: list[list[Paper]] = []
    for group in groups:
        cluster = next((cluster for cluster in clusters if _are_same(cluster, group)), None)
        if cluster is None:
            clusters.append(list(group))
        else:
            cluster.extend(group)
    return clusters


def _are_same(some: list[Paper], others: list[Paper]) -> bool:
    schemes = [{one.partition(":")[0] for paper in papers for one in _known(paper)} & _UNIQUE for papers in (some, others)]
    return not schemes[0] & schemes[1] and _share_words(some[0].abstract, others[0].abstract)


def _share_words(one: str, other: str) -> bool:
    """Whether half of the words of the shorter abstract, which may be a cut one, stand in the other."""
    words, others = _words(one), _words(other)
    return len(words & others) >= _SHARED * min(len(words), len(others))


@lru_cache(maxsize=1 << 10)
def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(text.casefold()) if len(word) > 3)


def _merged(papers: list[Paper]) -> Paper:
    """One paper with all that is known of it.

    Title and abstract are those of the first that has an abstract, best one with an identifier; its own identifier is the best
    of all. Of authors, the list that names most of them counts; of dates, the earliest.
    """
    first = min(papers, key=lambda paper: (not paper.abstract, not paper.identifier, paper))
    named = min(papers, key=lambda paper: (not paper.identifier, _rank(paper.identifier), paper))
    return replace(
        first,
        id=(named if named.identifier else first).id.partition(_APART)[0],
        listings=_union(paper.listings for paper in papers),
        identifier=named.identifier,
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


def _rank(identifier: str) -> int:
    scheme = identifier.partition(":")[0]
    return PREFERRED.index(scheme) if scheme in PREFERRED else len(PREFERRED)


def _own_id(paper: Paper) -> str:
    return f"{paper.id}{_APART}{digest(paper.abstract)[:8]}"
