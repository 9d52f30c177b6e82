"""What a drawing tool would compute of the graph first: communities and how central each node is, the same for the same graph."""

import random
from array import array
from collections.abc import Mapping
from typing import NamedTuple

import igraph
import numpy as np

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
    heads, tails, supports = array("q"), array("q"), array("q")
    for link in graph.links:
        heads.append(number[link.head])
        tails.append(number[link.tail])
        supports.append(link.support)
    stated = np.column_stack([heads, tails]).astype(np.int64)
    pairs, weights = np.unique(np.sort(stated), axis=0, return_counts=True)
    bound = igraph.Graph(len(ids), pairs)
    igraph.set_random_number_generator(random.Random(0))  # noqa: S311 (a partition, no secret)
    found = bound.community_leiden(objective_function="modularity", weights=weights.tolist() or None, n_iterations=4)
    groups = sorted(found, key=lambda group: (-len(group), min(group)))
    community = {one: place for place, group in enumerate(groups, 1) for one in group}
    walked = igraph.Graph(len(ids), stated, directed=True)
    ranks = walked.pagerank(weights=supports.tolist() or None) if ids else []
    degree = walked.degree()
    return {one: Measures(degree[at], float(f"{ranks[at]:.6g}"), community[at]) for one, at in number.items()}
