"""Which listings are one paper: those of one identifier, or of one title and much the same abstract."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from kgraph.model import Paper
from kgraph.ontology import digest
from kgraph.sources.identity import title_key

T = TypeVar("T")
_WORD = re.compile(r"\w+")
_SHARED = 0.5
_APART = "~"
"""Stands between a title's id and the digest of an abstract where one title has several texts; no slug contains it."""


def merge_papers(papers: Iterable[Paper]) -> list[Paper]:
    """Each paper once, with the listings of all that are the same, sorted by id."""
    return [merged for merged, _ in group_papers(papers)]


def group_papers(papers: Iterable[Paper]) -> list[tuple[Paper, list[Paper]]]:
    """Each paper with those it was merged of, sorted by id; their order does not matter.

    Papers are the same if they have one identifier, or one title, abstracts that share half of their words, and no two
    identifiers of one scheme. What is left of one title gets ids that tell them apart.
    """
    by_identifier = _grouped(papers, lambda paper: paper.identifier or paper)
    by_title = _grouped(map(sorted, by_identifier), lambda group: title_key(group[0].title))
    clusters = [cluster for groups in by_title for cluster in _clusters(sorted(groups))]
    merged = [(_merged(cluster), cluster) for cluster in clusters]
    times = Counter(paper.id for paper, _ in merged)
    return sorted((replace(paper, id=_own_id(paper)) if times[paper.id] > 1 else paper, cluster) for paper, cluster in merged)


def of_one_title(papers: Iterable[Paper]) -> list[Paper]:
    """The papers that share their title with another of a different text."""
    return [paper for paper in papers if _APART in paper.id]


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
    schemes = Counter(scheme for scheme, _ in {tuple(p.identifier.split(":", 1)) for p in [*some, *others] if p.identifier})
    return max(schemes.values(), default=1) == 1 and _share_words(some[0].abstract, others[0].abstract)


def _share_words(one: str, other: str) -> bool:
    """Whether half of the words of the shorter abstract, which may be a cut one, stand in the other."""
    words, others = _words(one), _words(other)
    return len(words & others) >= _SHARED * min(len(words), len(others))


@lru_cache(maxsize=1 << 10)
def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(text.casefold()) if len(word) > 3)


def _merged(papers: list[Paper]) -> Paper:
    """The first of those with an identifier, else of all, with all listings."""
    first = min(papers, key=lambda paper: (not paper.identifier, paper))
    listings = tuple(sorted({listing for paper in papers for listing in paper.listings}))
    return replace(first, id=first.id.partition(_APART)[0], listings=listings)


def _own_id(paper: Paper) -> str:
    return f"{paper.id}{_APART}{digest(paper.abstract)[:8]}"
