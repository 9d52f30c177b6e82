"""Which listings are one paper: those of one identifier, or of one title and much the same abstract."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kgraph.model import Paper
from kgraph.ontology import APART, digest
from kgraph.sources.identity import title_key

_WORD = re.compile(r"\w{4,}")
_SHARED = 0.5


def merge_papers(papers: Iterable[Paper]) -> list[Paper]:
    """Each paper once, with the listings of all that are the same, sorted by id."""
    return [merged for merged, _ in group_papers(papers)]


def group_papers(papers: Iterable[Paper]) -> list[tuple[Paper, list[Paper]]]:
    """Each paper with those it was merged of, sorted by id: a function of the set of papers, whatever their order.

    Papers are the same if they have one identifier, or one title, no two identifiers of one scheme, and half of the words of the
    shorter abstract in common, which may be a cut one or none. The longest abstract is kept. What is left of one title gets ids
    that tell them apart.
    """
    by_identifier: dict[str, _Cluster] = {}
    by_title: dict[str, list[_Cluster]] = defaultdict(list)
    for paper in sorted(set(papers), key=lambda paper: (-len(paper.abstract), paper)):
        words, title = frozenset(_WORD.findall(paper.abstract.casefold())), title_key(paper.title)
        cluster = by_identifier.get(paper.identifier) or next((c for c in by_title[title] if c.admits(paper, words)), None)
        if cluster is None:
            cluster = _Cluster(words)
        if cluster not in by_title[title]:
            by_title[title].append(cluster)
        cluster.papers.append(paper)
        if paper.identifier:
            cluster.identifiers[paper.identifier.partition(":")[0]] = paper.identifier
            by_identifier[paper.identifier] = cluster
    clusters = {id(cluster): cluster for same in by_title.values() for cluster in same}
    merged = [(cluster.merged(), cluster.papers) for cluster in clusters.values()]
    times = Counter(paper.id for paper, _ in merged)
    return sorted((replace(paper, id=_own_id(paper)) if times[paper.id] > 1 else paper, same) for paper, same in merged)


def of_one_title(papers: Iterable[Paper]) -> list[Paper]:
    """The papers that share their title with another of a different text."""
    papers = list(papers)
    times = Counter(title_key(paper.title) for paper in papers)
    return [paper for paper in papers if times[title_key(paper.title)] > 1]


@dataclass(eq=False)
class _Cluster:
    """Papers that are the same, the first with the longest abstract, of which the words are."""

    words: frozenset[str]
    papers: list[Paper] = field(default_factory=list)
    identifiers: dict[str, str] = field(default_factory=dict)

    def admits(self, paper: Paper, words: frozenset[str]) -> bool:
        """Whether a paper of the same title and no longer abstract is the same."""
        scheme = paper.identifier.partition(":")[0]
        is_other = bool(scheme) and self.identifiers.get(scheme, paper.identifier) != paper.identifier
        return not is_other and len(words & self.words) >= _SHARED * min(len(words), len(self.words))

    def merged(self) -> Paper:
        """The paper with the longest abstract, under the first identifier of all and with all listings."""
        named = min(
            (paper for paper in self.papers if paper.identifier), key=lambda paper: paper.identifier, default=self.papers[0]
        )
        listings = tuple(sorted({listing for paper in self.papers for listing in paper.listings}))
        own = named.id.partition(APART)[0]
        return replace(self.papers[0], id=own, identifier=named.identifier, listings=listings)


def _own_id(paper: Paper) -> str:
    return f"{paper.id}{APART}{digest(paper.abstract)[:8]}"
