"""What a drawing tool would compute of the graph first: communities and how central each node is, the same for the same graph."""

import random
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import igraph

from kgraph.model import Graph


class Measures(NamedTuple):
    """Of one node: its statements, its share of a random walk along them, and the number of its community, 1 for the largest."""

    degree: int
    pagerank: float
    community: int


def measures(graph: Graph) -> Mapping[str, Measures]:
    """The measures of each node: communities by Leiden's algorithm over undirected statements, PageRank from head to tail.

    Two nodes are bound by each relation that is stated of them, and by each paper that states it PageRank goes that way.
    """
    ids = sorted([paper.id for paper in graph.papers] + [entity.id for entity in graph.entities])
    number = {one: place for place, one in enumerate(ids)}
    pairs: Counter[tuple[int, int]] = Counter()
    for link in graph.links:
        head, tail = number[link.head], number[link.tail]
        pairs[min(head, tail), max(head, tail)] += 1
    bound = igraph.Graph(len(ids), sorted(pairs))
    weights = [pairs[pair] for pair in sorted(pairs)]
    igraph.set_random_number_generator(random.Random(0))  # noqa: S311 (a partition, no secret)
    found = bound.community_leiden(objective_function="modularity", weights=weights or None, n_iterations=4)
    groups = sorted(found, key=lambda group: (-len(group), min(group)))
    community = {one: place for place, group in enumerate(groups, 1) for one in group}
    stated = igraph.Graph(len(ids), [(number[link.head], number[link.tail]) for link in graph.links], directed=True)
    ranks = stated.pagerank(weights=[link.support for link in graph.links] or None) if ids else []
    degree = stated.degree()
    return {one: Measures(degree[at], float(f"{ranks[at]:.6g}"), community[at]) for one, at in number.items()}
