import math
import random
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.export.layout import layout
from kgraph.model import Graph


def of(graph: Graph) -> tuple[list[str], list[tuple[str, str]], dict[str, str]]:
    nodes = [one.id for one in (*graph.papers, *graph.entities)]
    return nodes, [(link.head, link.tail) for link in graph.links], {entity.id: entity.name for entity in graph.entities}


def test_a_layout_is_the_same_each_time_in_any_order_of_edges(seed_graph: Graph) -> None:
    nodes, edges, names = of(seed_graph)
    places = layout(nodes, edges, names)
    shuffled = [(b, a) for a, b in edges]
    random.Random(1).shuffle(shuffled)
    random.seed(99)
    assert layout(nodes, shuffled, names) == places
    assert list(places) == nodes
    assert all(isinstance(value, int) for place in places.values() for value in place)
    assert len(set(places.values())) == len(nodes)


def test_a_layout_does_not_depend_on_the_hash_seed() -> None:
    script = """
from kgraph.export.layout import layout
nodes = [f"n{i}" for i in range(300)]
print(layout(nodes, [(f"n{i}", f"n{i * i % 97}") for i in range(1, 250)], {node: node * 3 for node in nodes}))
"""
    root = str(Path(__file__).parent.parent)
    runs = [
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": root}
        )
        for seed in "12"
    ]
    assert runs[0].stdout == runs[1].stdout


def test_names_of_the_best_connected_do_not_lie_on_each_other(seed_graph: Graph) -> None:
    nodes, edges, names = of(seed_graph)
    places = layout(nodes, edges, names)
    degree = {node: len({end for edge in edges if node in edge for end in edge} - {node}) for node in names}
    best = sorted(names, key=lambda node: (-degree[node], node))[:40]
    joined = {end for edge in edges for end in edge}
    radius = sorted(math.hypot(*places[node]) for node in joined)[len(joined) * 4 // 5]
    height = 0.036 * radius
    boxes = [(places[node], 0.55 * height * min(len(names[node]), 40)) for node in best]
    for ((x, y), wide), ((left, up), other) in combinations(boxes, 2):
        assert abs(x - left) >= (wide + other) / 2 or abs(y - up) >= 2 * height


def test_communities_stand_together(seed_graph: Graph) -> None:
    chance = random.Random(0)
    nodes = [f"n{i:03d}" for i in range(200)]
    edges = [
        (a, b)
        for a, b in combinations(nodes, 2)
        if chance.random() < (0.2 if a[1] == b[1] and a[2] < "5" and b[2] < "5" else 0.003)
    ]
    places = layout(nodes, edges)
    groups = [[node for node in nodes if node[1] == which and node[2] < "5"] for which in "01"]
    middles = [[sum(places[node][axis] for node in group) / len(group) for axis in (0, 1)] for group in groups]
    spread = [
        sum(math.dist(places[node], middle) for node in group) / len(group) for group, middle in zip(groups, middles, strict=True)
    ]
    assert math.dist(*middles) > max(spread)


def test_components_are_packed_apart_and_what_is_alone_stands_on_the_rim() -> None:
    cliques = [[f"c{which}-{i}" for i in range(size)] for which, size in enumerate((30, 9, 8, 5, 3, 2))]
    alone = [f"z{i}" for i in range(40)]
    edges = [pair for clique in cliques for pair in combinations(clique, 2)]
    places = layout([*alone, *(node for clique in cliques for node in clique)], edges)
    boxes = [[places[node] for node in clique] for clique in cliques]
    middles = [[sum(values) / len(box) for values in zip(*box, strict=True)] for box in boxes]
    reaches = [max(math.dist(point, middle) for point in box) for box, middle in zip(boxes, middles, strict=True)]
    for one, other in combinations(range(len(cliques)), 2):
        assert math.dist(middles[one], middles[other]) > reaches[one] + reaches[other]
    farthest = max(math.hypot(*place) for box in boxes for place in box)
    assert min(math.hypot(*places[node]) for node in alone) > farthest


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 25), st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=60), st.booleans())
def test_any_graph_has_a_layout_with_nodes_apart(count: int, pairs: list[tuple[int, int]], is_named: bool) -> None:
    nodes = [f"n{i}" for i in range(count)]
    edges = [(f"n{a}", f"n{b}") for a, b in pairs if max(a, b) < count]
    places = layout(nodes, edges, dict.fromkeys(nodes[::2], "a name of it") if is_named else None)
    assert len(set(places.values())) == count


@pytest.mark.parametrize("count", [3000])
def test_a_long_path_and_a_large_star_have_a_layout(count: int) -> None:
    nodes = [f"n{i}" for i in range(count)]
    for edges in ([(nodes[i], nodes[i + 1]) for i in range(count - 1)], [(nodes[0], node) for node in nodes[1:]]):
        places = layout(nodes, edges)
        assert len(set(places.values())) > count * 0.99
