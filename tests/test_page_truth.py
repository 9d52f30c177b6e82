"""What the page shows and saves is what the graph says: counted, walked and sliced again in Python."""

import csv
import io
import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

import networkx as nx
import pytest

from kgraph.graph import to_networkx
from kgraph.knowledge import Knowledge
from kgraph.model import Graph, Link

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Counted:
    """The page's filters, said again over the graph's records."""

    def __init__(self, graph: Graph, knowledge: Knowledge) -> None:
        self.graph, self.relations = graph, knowledge.ontology.relations
        self.type = {paper.id: "Paper" for paper in graph.papers} | {entity.id: entity.type for entity in graph.entities}
        self.listings = {paper.id: paper.listings for paper in graph.papers}
        self.degree: dict[str, int] = dict.fromkeys(self.type, 0)
        self.named: dict[str, set[str]] = defaultdict(set)
        for link in graph.links:
            for end in {link.head, link.tail}:
                self.degree[end] += 1
                self.named[end].update(evidence.paper for evidence in link.evidence)

    def sources(self) -> list[str]:
        listings = [listing for found in self.listings.values() for listing in found]
        return sorted({f"document {one.file}" for one in listings} | {f"date {one.date}" for one in listings if one.date})

    def is_listed(self, paper: str, source: str) -> bool:
        return not source or any(source in (f"document {one.file}", f"date {one.date}") for one in self.listings[paper])

    def passes(self, link: Link, at: dict[str, Any]) -> bool:
        role = self.relations[link.relation].role.replace("_", " ") or "between things"
        return (
            link.relation not in at["relations"]
            and role not in at["roles"]
            and not {self.type[link.head], self.type[link.tail]} & set(at["types"])
            and round(link.belief, 2) >= at["belief"]
            and any(e.confidence >= at["confidence"] and self.is_listed(e.paper, at["source"]) for e in link.evidence)
        )

    def left(self, at: dict[str, Any]) -> tuple[int, int]:
        kept = {
            node
            for node, cls in self.type.items()
            if cls not in at["types"]
            and self.degree[node] >= at["degree"]
            and (self.is_listed(node, at["source"]) if cls == "Paper" else len(self.named[node]) >= at["papers"])
        }
        passing = [link for link in self.graph.links if self.passes(link, at)]
        if at["papers"] > 1:
            things = defaultdict(set)
            for link in passing:
                if link.head in kept and link.tail in kept:
                    things[link.head].add(link.tail)
            kept = {node for node in kept if self.type[node] != "Paper" or len(things[node]) >= 2}
        links = [link for link in passing if link.head in kept and link.tail in kept]
        if at["relations"] or at["roles"] or at["source"] or at["belief"] or at["confidence"]:
            stated = {end for link in links for end in (link.head, link.tail)}
            kept = {node for node in kept if node in stated or not self.degree[node]}
        return len(kept), len(links)


def fragment(at: dict[str, Any]) -> str:
    text = {
        name: ",".join(quote(one, safe="") for one in value) if isinstance(value, list) else quote(str(value))
        for name, value in at.items()
    }
    return "&".join(f"{name}={value}" for name, value in text.items() if value)


@pytest.fixture
def page(browser: Any, page_file: Path) -> Any:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    return page


def test_fifty_settings_of_the_filters_leave_what_they_should(page: Any, seed_graph: Graph, knowledge: Knowledge) -> None:
    counted, dice = Counted(seed_graph, knowledge), random.Random(5)
    roles = ["between things", *{r.role.replace("_", " ") for r in knowledge.ontology.relations.values() if r.role}]
    names, types = sorted({link.relation for link in seed_graph.links}), sorted(set(counted.type.values()))
    some = lambda all_, most: sorted(dice.sample(sorted(all_), dice.randint(0, most)))  # noqa: E731
    seen = set()
    for _ in range(50):
        at = {
            "types": some(types, 3),
            "relations": some(names, 6) if dice.random() < 0.6 else [],
            "roles": some(roles, 3) if dice.random() < 0.4 else [],
            "source": dice.choice(["", "", *counted.sources()]),
            "confidence": dice.choice([0, 0, 0.5, 0.75, 0.9]),
            "belief": dice.choice([0, 0, 0.6, 0.86, 1]),
            "degree": dice.choice([0, 0, 2, 5]),
            "papers": dice.choice([1, 2, 3, 5]),
        }
        page.evaluate(
            """(text) => new Promise((done) => {
                addEventListener("popstate", () => done(), { once: true }); location.hash = text; })""",
            f"{fragment(at)}&n={len(seen)}{dice.random()}",
        )
        nodes, links = counted.left(at)
        seen.add((nodes, links))
        said, drawn, rows = page.evaluate(
            """() => {
                const said = element("shown").textContent, drawn = [drawnNodes.length, drawnEdges.length], rows = [];
                for (const tab of ["nodes", "statements", "drawing"]) {
                    change({ tab }, "none");
                    rows.push(element("count").textContent);
                }
                return [said, drawn, rows]; }"""
        )
        assert said.startswith(f"Showing {nodes:,} of "), at
        assert f" nodes, {links:,} of " in said, at
        assert drawn == [nodes, links], at
        assert rows[0].startswith(f"{nodes:,} row"), at
        assert rows[1].startswith(f"{links:,} row"), at
    assert len(seen) > 40


def test_paths_are_as_short_as_networkx_says(page: Any, seed_graph: Graph) -> None:
    view, dice = nx.Graph(to_networkx(seed_graph)), random.Random(7)
    pairs = [dice.sample(sorted(view), 2) for _ in range(200)]
    wanted = [nx.shortest_path_length(view, *pair) if nx.has_path(view, *pair) else None for pair in pairs]
    walked = page.evaluate(
        """(pairs) => pairs.map(([from, to]) => {
            const path = shortestPath(nodeById.get(from), nodeById.get(to), edges);
            const joined = new Set(edges.flatMap(({ from, to }) => [`${from} ${to}`, `${to} ${from}`]));
            const isStep = (node, place) => joined.has(`${node.number} ${path[place].number}`);
            return path ? [path.length - 1, path.slice(1).every(isStep)] : [null, true];
        })""",
        pairs,
    )
    assert [length for length, _ in walked] == wanted
    assert all(is_walkable for _, is_walkable in walked)
    assert {None} < set(wanted)
    for pair, length in list(zip(pairs, wanted, strict=True))[:8]:
        page.goto(f"{page.url.split('#')[0]}#node={quote(pair[0], safe='')}&goal={quote(pair[1], safe='')}")
        heading = page.inner_text("#card h2")
        assert heading.startswith(f"{length} step" if length else "No path")


def test_every_statement_is_drawn_and_its_sentences_are_slices_of_the_text(page: Any, seed_graph: Graph) -> None:
    page.click("#everything")
    texts = {paper.id: paper.text for paper in seed_graph.papers}
    shown = page.evaluate(
        """() => drawnEdges.getIds().map((id) => [edges[id].head.id, edges[id].relation, edges[id].tail.id,
            edges[id].evidence.map((said) => [nodes[said[0]].id, sentenceOf(said), said[3], said[4]])])"""
    )
    wanted = [
        [
            link.head,
            link.relation,
            link.tail,
            [[e.paper, texts[e.paper][e.start : e.end], e.rule, e.confidence] for e in link.evidence],
        ]
        for link in seed_graph.links
    ]
    assert sorted(shown) == wanted


def test_the_evidence_card_shows_the_sentence_the_rule_and_the_confidence(page: Any, seed_graph: Graph) -> None:
    texts = {paper.id: paper.text for paper in seed_graph.papers}
    for link in random.Random(3).sample(seed_graph.links, 60):
        page.evaluate("(key) => chooseEdge(edgeByKey.get(key))", f"{link.head} {link.relation} {link.tail}")
        quotes = page.locator("#card blockquote").evaluate_all("(all) => all.map((one) => one.textContent)")
        assert quotes == [texts[e.paper][e.start : e.end] for e in link.evidence]
        sources = page.locator("#card .source").all_text_contents()
        assert all(
            said.endswith(f"rule {e.rule} · confidence {e.confidence:g}") for said, e in zip(sources, link.evidence, strict=True)
        )


def test_what_is_saved_is_what_is_shown(page: Any) -> None:
    def saved(name: str) -> str:
        page.click("#keep summary")
        with page.expect_download() as download:
            page.click(f"#save-{name}")
        return Path(download.value.path()).read_text(encoding="utf-8-sig")

    said = json.loads(saved("json"))
    assert len(said["nodes"]) == page.evaluate("drawnNodes.length")
    assert len(said["statements"]) == page.evaluate("drawnEdges.length")
    rows = list(csv.DictReader(io.StringIO(saved("statements"))))
    assert [(row["paper"], row["sentence"].lstrip("'")) for row in rows] == [
        (one["paper"], one["sentence"].lstrip("'")) for statement in said["statements"] for one in statement["evidence"]
    ]
    nodes = list(csv.DictReader(io.StringIO(saved("nodes"))))
    assert [row["id"] for row in nodes] == [node["id"] for node in said["nodes"]]
