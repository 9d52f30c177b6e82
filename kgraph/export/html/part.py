"""The part of a graph that a page shows, so that a graph of any size becomes a page that opens at once.

A part is closed: the ends of its statements are in it, and so are the papers whose sentences say them. What is left out is
said by a rule of one sentence. The parts chosen by `focus` and `top` grow with hops and number, none ever loses a node by it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kgraph.model import Entity, Graph, Link, Paper

MAX_BYTES = 10_000_000
"""What a page may weigh."""
MAX_NODES, MAX_LINKS = 10_000, 30_000
"""What is drawn within the time that a reader waits."""
_FRAME = 900_000
"""Bytes of a page without a graph, vis-network for the most part, with room to spare."""
_ROW = 180
"""Bytes of a node, a link or a sentence's place in a page beside the texts in it, rather too many than too few."""
_BULKY = 20
"""What takes more than this fraction of the page alone would take the place of too many others."""


@dataclass(frozen=True, slots=True)
class Part:
    """A graph, the rule by which it was chosen ("" for a whole one), and how many nodes and statements the whole has."""

    graph: Graph
    rule: str
    nodes: int
    statements: int


def whole(graph: Graph) -> Part:
    """The part that leaves nothing out."""
    return Part(graph, "", _size(graph), len(graph.links))


def focus(part: Part, nodes: Collection[str], hops: int) -> Part:
    """What can be reached from nodes, given by their ids, over at most so many statements in either direction."""
    beside: dict[str, list[str]] = {}
    for link in part.graph.links:
        beside.setdefault(link.head, []).append(link.tail)
        beside.setdefault(link.tail, []).append(link.head)
    reached = edge = set(nodes) & {one.id for one in _nodes(part.graph)}
    for _ in range(hops):
        edge = {other for node in edge for other in beside.get(node, ())} - reached
        reached = reached | edge
    names = {node.id: _name(node) for node in _nodes(part.graph)}
    around = ", ".join(names[node] for node in sorted(nodes) if node in names)
    steps = f"{hops} statement{'' if hops == 1 else 's'}"
    return _chosen(part, reached, f"what is at most {steps} away from {around}, and the papers that say so")


def top(part: Part, number: int) -> Part:
    """The so many things with the most statements, the papers that speak of at least two of them, and what these say."""
    things = {thing.id for thing in _by_statements(part.graph)[:number]}
    papers = {paper for paper, links in _spoken(part.graph, things).items() if _number(links) > 1}
    rule = f"the {len(things):,} things with the most statements, and the papers that speak of at least two of them"
    return _chosen(part, things | papers, rule)


def fitting(part: Part, max_bytes: int = MAX_BYTES, max_nodes: int = MAX_NODES, max_links: int = MAX_LINKS) -> Part:
    """The part itself if a page of so many bytes holds it, else its best connected things and the papers between them.

    At least two fifths of the page go to things. The papers are those that speak of most of them.
    """
    room, cost = (max_bytes - _FRAME, max_nodes, max_links), _costs(part.graph)
    if _fits(_sum([*cost.values(), *map(_cost, part.graph.links)]), room):
        return part
    bulky = {node for node, (size, _, _) in cost.items() if size * _BULKY > max_bytes}
    graph = _without(part.graph, bulky)
    papers_cost = _sum([*(cost[paper.id] for paper in graph.papers), *map(_cost, graph.links)])
    spare = [max(limit * 2 // 5, limit - taken) for limit, taken in zip(room, papers_cost, strict=True)]
    things, used = _first(_things(graph, cost), spare, (0, 0, 0))
    placed = {paper.id for paper in _cut(graph, set(things)).papers}
    papers, _ = _first(_papers(graph, cost, things, placed), room, used)
    rule = f"the {len(things):,} things with the most statements, and of the papers that speak of most of them what a page holds"
    rule += f", without {len(bulky):,} nodes of very long text" if bulky else ""
    return _ruled(part, _cut(graph, {*things, *papers}), rule)


def fitted(part: Part, write: Callable[[Part], bytes], max_bytes: int = MAX_BYTES) -> tuple[Part, bytes]:
    """As much of a part as a page of so many bytes holds, and the page as it is written."""
    aim = max_bytes
    while True:
        shown = fitting(part, aim)
        content = write(shown)
        if len(content) <= max_bytes or not (shown.graph.papers or shown.graph.entities):
            return shown, content
        aim = min(aim * max_bytes // len(content), aim - max_bytes // _BULKY)


def _chosen(part: Part, nodes: Collection[str], rule: str) -> Part:
    """The part with nodes and what belongs to them; itself if that is all of it."""
    graph = _cut(part.graph, nodes)
    return part if _size(graph) == _size(part.graph) else _ruled(part, graph, rule)


def _ruled(part: Part, graph: Graph, rule: str) -> Part:
    return replace(part, graph=graph, rule=f"{part.rule}; of these {rule}" if part.rule else rule)


def _size(graph: Graph) -> int:
    return len(graph.papers) + len(graph.entities)


def _cut(graph: Graph, nodes: Collection[str]) -> Graph:
    """The graph of nodes, all statements between them, and the papers that these rest on."""
    inner = [link for link in graph.links if link.head in nodes and link.tail in nodes]
    kept = {*nodes, *(evidence.paper for link in inner for evidence in link.evidence)}
    return replace(
        graph,
        papers=tuple(paper for paper in graph.papers if paper.id in kept),
        entities=tuple(_within(one, kept) for one in graph.entities if one.id in kept),
        links=tuple(link for link in graph.links if link.head in kept and link.tail in kept),
        results=tuple(one for one in graph.results if {*one[:3], one.evidence.paper} - {""} <= kept),
    )


def _without(graph: Graph, nodes: Collection[str]) -> Graph:
    """The graph without nodes, and without the statements that rest on them."""
    if not nodes:
        return graph
    links = (link for link in graph.links if not {link.head, link.tail, *(one.paper for one in link.evidence)} & set(nodes))
    entities = (entity for entity in graph.entities if entity.id not in nodes)
    papers = (paper for paper in graph.papers if paper.id not in nodes)
    return replace(graph, papers=tuple(papers), entities=tuple(entities), links=tuple(links))


def _within(entity: Entity, kept: Collection[str]) -> Entity:
    apart = tuple(other for other in entity.apart if other in kept)
    return entity if apart == entity.apart else replace(entity, apart=apart)


def _nodes(graph: Graph) -> Iterator[Paper | Entity]:
    yield from graph.papers
    yield from graph.entities


def _name(node: Paper | Entity) -> str:
    return node.title if isinstance(node, Paper) else node.name


def _by_statements(graph: Graph) -> list[Entity]:
    """The things, that with the most statements first."""
    degree = Counter(end for link in graph.links for end in (link.head, link.tail))
    return sorted(graph.entities, key=lambda entity: (-degree[entity.id], entity.id))


def _spoken(graph: Graph, things: Collection[str]) -> Mapping[str, list[Link]]:
    """The papers that speak of any of the things, each with its statements about them."""
    said: dict[str, list[Link]] = {paper.id: [] for paper in graph.papers}
    for link in graph.links:
        if link.tail in things and link.head in said:
            said[link.head].append(link)
    return {paper: links for paper, links in said.items() if links}


def _number(links: Iterable[Link]) -> int:
    """Of how many things statements of a paper speak."""
    return len({link.tail for link in links})


Cost = tuple[int, int, int]
"""Bytes, nodes and links."""


def _costs(graph: Graph) -> Mapping[str, Cost]:
    """What each node takes in a page."""
    cost: dict[str, Cost] = {}
    for paper in graph.papers:
        listings = sum(len(listing.file) + len(listing.date) + 40 for listing in paper.listings)
        cost[paper.id] = (_ROW + _bytes(paper.text, paper.title, paper.id, paper.id) + listings, 1, 0)
    for entity in graph.entities:
        cost[entity.id] = (_ROW + _bytes(entity.id, entity.name, *entity.aliases, *entity.notes, *entity.apart), 1, 0)
    return cost


def _bytes(*texts: str) -> int:
    """How long texts are as JSON in a page, where `<` becomes six bytes."""
    return sum(len(text.encode("utf-8", "replace")) + 4 + 5 * sum(map(text.count, '<>&"\\\n')) for text in texts)


def _cost(link: Link) -> Cost:
    said = sum(30 + len(evidence.paper) + len(evidence.rule) for evidence in link.evidence)
    return (_ROW // 2 + len(link.head) + len(link.tail) + said, 0, 1)


def _sum(costs: Iterable[Cost]) -> Cost:
    size = nodes = links = 0
    for more_bytes, more_nodes, more_links in costs:
        size, nodes, links = size + more_bytes, nodes + more_nodes, links + more_links
    return (size, nodes, links)


def _fits(cost: Cost, room: Iterable[int]) -> bool:
    return all(taken <= limit for taken, limit in zip(cost, room, strict=True))


def _first(rows: Iterable[tuple[str, Cost]], room: Iterable[int], used: Cost) -> tuple[list[str], Cost]:
    """The first nodes whose costs together fit, and what is used then."""
    room, taken = tuple(room), []
    for node, cost in rows:
        after = _sum((used, cost))
        if not _fits(after, room):
            break
        taken.append(node)
        used = after
    return taken, used


def _things(graph: Graph, cost: Mapping[str, Cost]) -> Iterator[tuple[str, Cost]]:
    """The things in turn, each with its own cost, that of its statements on those before it, and of the papers these rest on."""
    between: dict[str, list[Link]] = {entity.id: [] for entity in graph.entities}
    for link in graph.links:
        if link.head in between and link.tail in between:
            between[link.head].append(link)
            between[link.tail].append(link)
    shown: set[str] = set()
    for entity in _by_statements(graph):
        shown.add(entity.id)
        links = [link for link in between[entity.id] if link.head in shown and link.tail in shown]
        papers = {evidence.paper for link in links for evidence in link.evidence} - shown
        shown |= papers
        yield entity.id, _sum([cost[entity.id], *map(_cost, links), *(cost[paper] for paper in papers)])


def _papers(
    graph: Graph, cost: Mapping[str, Cost], things: Collection[str], placed: Collection[str]
) -> Iterator[tuple[str, Cost]]:
    """The papers that speak of things, those of most first, each with the cost of what it says, and its own if not placed."""
    said = _spoken(graph, set(things))
    for paper in sorted(said, key=lambda paper: (-_number(said[paper]), paper)):
        own = (0, 0, 0) if paper in placed else cost[paper]
        yield paper, _sum([own, *map(_cost, said[paper])])
