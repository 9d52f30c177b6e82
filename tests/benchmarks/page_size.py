"""How large a page is and how long it takes, for made graphs of several sizes.

python tests/benchmarks/page_size.py [NODES…]      (default: 1000 2000 10000 50000)

The things of a made graph have topics, and within one a few are named often and most of them once, as in graphs that were read.
"""

import random
import sys
import time

from kgraph.export.html import page
from kgraph.export.html.part import fitting, whole
from kgraph.export.layout import layout
from kgraph.knowledge import Knowledge, load_knowledge
from kgraph.model import Entity, Evidence, Graph, Link, Paper

_WORDS = "model task data we train evaluate show that improves language reasoning over strong baselines on benchmarks of large"


def made(nodes: int, knowledge: Knowledge, seed: int = 0) -> Graph:
    """A graph of so many nodes, a quarter of them papers with abstracts of 150 words, and twice as many statements.

    Its relations are those of the ontology, whatever these may relate.
    """
    chance, things = random.Random(seed), knowledge.ontology.things
    relations = knowledge.ontology.relations.values()
    roles = sorted(relation.name for relation in relations if relation.role)
    between = sorted(
        relation.name for relation in relations if not relation.role and relation.domain & relation.range & {*things}
    )
    count = nodes // 4
    papers = [Paper(f"paper/on-a-thing-of-some-kind-{i:08d}", f"On a thing {i}", _abstract(chance)) for i in range(count)]
    entities = [Entity(f"made/name-{i}", things[i % len(things)], f"Name {i}", (f"Name {i}",)) for i in range(nodes - count)]
    topics = max(1, nodes // 250)
    by_topic = [entities[topic::topics] for topic in range(topics)]
    said: dict[tuple[str, str, str], set[Evidence]] = {}
    for number, paper in enumerate(papers):
        named = [
            _drawn(chance, by_topic, number % topics if chance.random() < 0.8 else chance.randrange(topics)) for _ in range(6)
        ]
        evidence = [Evidence(paper.id, start, start + 120, "cue", 0.9) for start in (15, 200, 400)]
        pairs = [(paper.id, entity.id) for entity in named] + [(named[i].id, named[i + 1].id) for i in (0, 2)]
        for head, tail in pairs:
            if head != tail:
                relation = chance.choice(roles if head == paper.id else between)
                said.setdefault((head, relation, tail), set()).add(chance.choice(evidence))
    links = tuple(Link(*key, tuple(sorted(found))) for key, found in sorted(said.items()))
    return Graph(tuple(sorted(papers)), tuple(sorted(entities)), links)


def _abstract(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS.split(), k=150))


def _drawn(chance: random.Random, by_topic: list[list[Entity]], topic: int) -> Entity:
    """A thing of a topic, the first of them most often."""
    return by_topic[topic][int(len(by_topic[topic]) * chance.random() ** 3)]


def main() -> None:
    knowledge = load_knowledge()
    print("nodes  statements  shown nodes, statements  fitting s  layout of all s  page s  bytes")
    for nodes in map(int, sys.argv[1:] or (1000, 2000, 10_000, 50_000)):
        graph = made(nodes, knowledge)
        ids = [one.id for one in graph.papers] + [one.id for one in graph.entities]
        pairs = [(link.head, link.tail) for link in graph.links]
        started = time.perf_counter()
        fitting(whole(graph))
        fit = time.perf_counter()
        layout(ids, pairs, {one.id: one.name for one in graph.entities})
        laid = time.perf_counter()
        part, content = page(whole(graph), knowledge)
        done = time.perf_counter()
        shown = f"{len(part.graph.papers) + len(part.graph.entities)}, {len(part.graph.links)}"
        times = f"{fit - started:.2f}  {laid - fit:.2f}  {done - laid:.2f}"
        print(f"{nodes}  {len(pairs)}  {shown}  {times}  {len(content):,}", flush=True)


if __name__ == "__main__":
    main()
