import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from benchmarks.page_size import made
from conftest import ROOT, run_kgraph
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.errors import DataError
from kgraph.export import render, write_graph
from kgraph.export.html import html, page
from kgraph.export.html.part import MAX_BYTES, Part, fitted, fitting, focus, top, whole
from kgraph.graph import to_networkx
from kgraph.knowledge import Knowledge
from kgraph.model import Entity, Graph, Link, Listing, Paper, Result
from kgraph.pipeline import build
from kgraph.query import load_store
from kgraph.reload import reload

pytestmark = pytest.mark.slow


def ids(graph: Graph) -> set[str]:
    return {paper.id for paper in graph.papers} | {entity.id for entity in graph.entities}


def assert_closed(part: Part, of: Graph) -> None:
    graph, nodes = part.graph, ids(part.graph)
    assert set(graph.papers) <= set(of.papers)
    assert nodes <= ids(of)
    assert set(graph.links) == {link for link in of.links if {link.head, link.tail} <= nodes}
    assert {evidence.paper for link in graph.links for evidence in link.evidence} <= nodes
    assert {node for result in graph.results for node in (*result[:3], result.evidence.paper)} - {""} <= nodes
    assert {other for entity in graph.entities for other in entity.apart} <= nodes
    assert (part.nodes, part.statements) == (len(ids(of)), len(of.links))
    assert bool(part.rule) == (nodes != ids(of))


@pytest.fixture(scope="module")
def chosen(seed_graph: Graph) -> list[str]:
    nodes = sorted(ids(seed_graph))
    return [*nodes[::251], "benchmark/gsm8k", "task/continual-learning"]


def test_one_hop_is_the_ego_graph_and_the_papers_that_prove_it(
    seed_graph: Graph, chosen: list[str], knowledge: Knowledge
) -> None:
    view = to_networkx(seed_graph, knowledge.ontology)
    for hops in (0, 1, 2):
        for node in chosen:
            part = focus(whole(seed_graph), [node], hops)
            ego = nx.ego_graph(view, node, radius=hops, undirected=True)
            inner = {link for link in part.graph.links if {link.head, link.tail} <= set(ego)}
            assert {(link.head, link.tail, link.relation) for link in inner} == set(ego.edges(keys=True))
            assert ids(part.graph) == set(ego) | {evidence.paper for link in inner for evidence in link.evidence}
            assert_closed(part, seed_graph)


def test_parts_grow_with_hops_names_and_number(seed_graph: Graph, chosen: list[str]) -> None:
    all_of_it = whole(seed_graph)

    def grow(parts: Iterable[Part]) -> None:
        before: set[str] = set()
        for part in parts:
            assert before <= ids(part.graph)
            assert_closed(part, seed_graph)
            before = ids(part.graph)

    grow(focus(all_of_it, chosen[:3], hops) for hops in range(5))
    grow(focus(all_of_it, chosen[:count], 1) for count in range(1, 6))
    grow(top(all_of_it, number) for number in (1, 2, 10, 50, 51, 200, 1358))


def test_the_top_has_the_things_with_most_statements(seed_graph: Graph) -> None:
    part = top(whole(seed_graph), 3)
    assert {entity.name for entity in part.graph.entities} == {"continual learning", "mixture of experts", "accuracy"}
    assert part.rule.startswith("the 3 things with the most statements")
    assert part.graph.papers


def test_a_part_of_a_part_says_both_rules(seed_graph: Graph) -> None:
    part = top(focus(whole(seed_graph), ["benchmark/gsm8k"], 2), 5)
    assert "away from GSM8K" in part.rule
    assert "; of these the 5 things" in part.rule
    assert part.nodes == len(ids(seed_graph))


def test_what_fits_is_left_whole(seed_graph: Graph) -> None:
    assert fitting(whole(seed_graph)) == whole(seed_graph)
    assert focus(whole(seed_graph), ids(seed_graph), 0) == whole(seed_graph)


@pytest.mark.parametrize("size", [950_000, 1_200_000, 2_000_000])
def test_a_page_holds_what_is_best_connected(seed_graph: Graph, knowledge: Knowledge, size: int) -> None:
    def written(part: Part) -> bytes:
        return page(part, knowledge)[1]

    part, content = fitted(whole(seed_graph), written, size)
    assert len(content) <= size
    assert_closed(part, seed_graph)
    assert fitted(whole(seed_graph), written, size) == (part, content)
    assert (size < 1_000_000) or "task/continual-learning" in ids(part.graph)
    limited = fitting(whole(seed_graph), max_nodes=300, max_links=500)
    assert 100 < len(ids(limited.graph)) <= 400
    assert_closed(limited, seed_graph)


def test_nodes_of_very_long_text_do_not_push_out_the_others(seed_graph: Graph, knowledge: Knowledge) -> None:
    first, *papers = seed_graph.papers
    huge = replace(first, abstract=first.abstract + "x" * 20_000_000)
    name = Entity("method/huge", "Method", "y" * 11_000_000, ())
    graph = replace(seed_graph, papers=(huge, *papers), entities=tuple(sorted((*seed_graph.entities, name))))
    part, content = page(whole(graph), knowledge)
    assert len(content) <= MAX_BYTES
    assert len(ids(graph)) - len(ids(part.graph)) < 20
    assert "without 2 nodes of very long text" in part.rule


SMALL = st.integers(2, 12).flatmap(
    lambda count: st.tuples(st.just(count), st.lists(st.tuples(*[st.integers(0, count - 1)] * 3), max_size=40))
)


@settings(deadline=None)
@given(SMALL, st.integers(0, 12), st.integers(0, 3))
def test_any_part_is_closed(drawn: tuple[int, list[tuple[int, int, int]]], number: int, hops: int) -> None:
    from kgraph.model import Evidence

    count, rows = drawn
    papers = tuple(Paper(f"paper/{i:02d}", f"Title {i}", "") for i in range(count))
    entities = tuple(Entity(f"method/{i:02d}", "Method", f"M{i}", ()) for i in range(count))
    nodes = [*(entity.id for entity in entities), *(paper.id for paper in papers)]
    keys = {(nodes[a + count * (c % 2)], nodes[b], f"paper/{c:02d}") for a, b, c in rows if a != b or c % 2}
    links = {
        Link(head, "basedOn", tail, (Evidence(head if head.startswith("paper") else paper, 0, 5, "rule", 0.5),))
        for head, tail, paper in keys
    }
    graph = Graph(papers, entities, tuple(sorted({(link.head, link.tail): link for link in sorted(links)}.values())))
    parts = [focus(whole(graph), nodes[:2], hops), fitting(whole(graph), max_nodes=number), fitting(whole(graph), 903_000)]
    for part in (*parts, *([top(whole(graph), number)] if number else [])):
        assert_closed(part, graph)


@pytest.mark.slow
def test_fifty_thousand_nodes_become_a_page(knowledge: Knowledge) -> None:
    graph = made(50_000, knowledge)
    part, content = page(whole(graph), knowledge)
    assert 5_000_000 < len(content) <= MAX_BYTES
    assert part.rule
    assert (part.nodes, part.statements) == (50_000, len(graph.links))
    assert b'{"rule":"the ' in content
    assert b'"nodes":50000' in content


def test_a_part_does_not_depend_on_the_hash_seed() -> None:
    script = """
from benchmarks.page_size import made
from kgraph.export.html.part import fitting, top, whole
from kgraph.knowledge import load_knowledge
graph = made(2000, load_knowledge())
print([one.id for part in (fitting(whole(graph), 1_500_000), top(whole(graph), 50)) for one in part.graph.papers])
"""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parent,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{Path(__file__).parent}:{Path(__file__).parent.parent}"},
        ).stdout
        for seed in "12"
    }
    assert len(outputs) == 1


def as_rdf_carries(graph: Graph) -> Graph:
    """What of a graph its triples say."""
    entities = (
        replace(one, aliases=tuple(sorted({one.name, *one.aliases})), long_form="", broader="", is_known=False)
        for one in graph.entities
    )
    return replace(graph, entities=tuple(sorted(entities)), decisions=())


@pytest.mark.parametrize("suffix", [".ttl", ".nt"])
def test_a_graph_file_gives_the_graph_back(seed_graph: Graph, knowledge: Knowledge, tmp_path: Path, suffix: str) -> None:
    import pyoxigraph as ox

    path, ontology = tmp_path / f"g{suffix}", knowledge.ontology
    path.write_bytes(render(seed_graph, Path("g.ttl"), knowledge))
    if suffix == ".nt":
        path.write_bytes(ox.serialize(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES) or b"")
    again = reload(load_store(path), ontology, path)
    assert again == as_rdf_carries(seed_graph)
    assert render(again, Path("g.ttl"), knowledge) == render(seed_graph, Path("g.ttl"), knowledge)


def test_listings_notes_and_what_is_kept_apart_come_back(knowledge: Knowledge, tmp_path: Path) -> None:
    from kgraph.model import Evidence

    listings = (Listing("a b.txt", 3), Listing("c.txt", 1, "2024-01"))
    paper = Paper("paper/x", 'Tïtle \\ "quoted"', "It has\ttabs, and\na line.", listings)
    one = Entity("method/x", "Method", "X", ("X", "the X"), apart=("method/x2",), notes=("rename method/x: so",))
    other = Entity("method/x2", "Method", "x", ("x",), apart=("method/x",), direction="higher")
    evidence = (Evidence("paper/x", 0, 5, "a", 0.1234), Evidence("paper/x", 0, 5, "b", 1.0))
    results = (Result("method/x", "", "", "61.7%", "absolute", evidence[0]),)
    graph = Graph((paper,), (one, other), (Link("paper/x", "uses", "method/x", evidence),), results)
    path = tmp_path / "g.ttl"
    write_graph(graph, [path], knowledge)
    assert reload(load_store(path), knowledge.ontology, path) == as_rdf_carries(graph)


def test_all_that_is_known_of_a_paper_comes_back(knowledge: Knowledge, tmp_path: Path) -> None:
    rich = Paper(
        id="paper/arxiv/2401.00001",
        title="A rich one",
        abstract="It has all.",
        listings=(Listing("a.json", 1),),
        identifier="arxiv:2401.00001",
        identifiers=("acl:2024.x-y.1", "arxiv:2401.00001", "arxiv:2401.00001v2", "doi:10.1000/x", "openalex:W1"),
        authors=("Zoë Quorp", "Ada Net, Jr.", "Zoë Quorp", "B. Alpha"),
        date="2024-01",
        venues=("A Venue", "B Venue"),
        categories=("cs.CL", "cs.LG"),
        keywords=("quorping", "zorking"),
        links=("https://a.org/x", "https://b.org/y?z=1"),
    )
    bare = Paper("paper/a-bare-one-1", "A bare one", "", (Listing("a.json", 2),))
    path = tmp_path / "g.ttl"
    write_graph(Graph((bare, rich)), [path], knowledge)
    assert reload(load_store(path), knowledge.ontology, path).papers == (bare, rich)


def test_a_graph_of_every_source_comes_back(knowledge: Knowledge, tmp_path: Path) -> None:
    sources = [one for one in (ROOT / "tests" / "sources").iterdir() if one.suffix != ".tsv"]
    graph, path = build(sources, knowledge), tmp_path / "g.ttl"
    assert {bool(paper.abstract) for paper in graph.papers} == {True, False}
    write_graph(graph, [path], knowledge)
    assert reload(load_store(path), knowledge.ontology, path) == as_rdf_carries(graph)


@pytest.mark.parametrize(
    ("cut", "message"),
    [("nif:beginIndex", "has no .*beginIndex"), ("a kg:Paper", "is no paper and no thing"), ("kg:confidence", "confidence")],
)
def test_a_graph_file_that_lacks_something_is_said(
    seed_graph: Graph, knowledge: Knowledge, tmp_path: Path, cut: str, message: str
) -> None:
    import pyoxigraph as ox

    path, ontology = tmp_path / "g.nt", knowledge.ontology
    part = focus(whole(seed_graph), ["benchmark/gsm8k"], 1).graph
    left, _, right = cut.rpartition(" ")
    wanted = (ontology.term("rdf:type"), ontology.term(right)) if left else (ontology.term(right), None)
    kept = [
        triple
        for triple in ox.parse(input=render(part, Path("g.ttl"), knowledge), format=ox.RdfFormat.TURTLE)
        if not (triple.predicate.value == wanted[0] and wanted[1] in (None, getattr(triple.object, "value", "")))
    ]
    path.write_bytes(ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES) or b"")
    with pytest.raises(DataError, match=message):
        reload(load_store(path), ontology, path)


def test_view_writes_the_page_of_a_part(graph_file: Path, seed_graph: Graph, tmp_path: Path) -> None:
    done = run_kgraph("view", str(graph_file), "--focus", "gsm-8k", "--hops", "1", "-o", str(tmp_path / "p.html"))
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    words = done.stderr.decode()
    part = focus(whole(seed_graph), ["benchmark/gsm8k"], 1)
    assert f"{len(ids(part.graph))} of {len(ids(seed_graph))} nodes" in words
    assert f"Shown: {part.rule}." in words
    assert part.rule in (tmp_path / "p.html").read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["p.html"]


def test_view_of_all_is_the_page_that_build_writes(graph_file: Path, seed_graph: Graph, knowledge: Knowledge) -> None:
    done = run_kgraph("view", str(graph_file), "--no-open")
    assert done.returncode == 0, done.stderr
    assert graph_file.with_suffix(".view.html").read_bytes() == html(as_rdf_carries(seed_graph), knowledge)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--focus", "nonsense of sorts"], 1, "No thing in the graph is called"),
        (["--focus", "evidence"], 1, "kgraph: "),
        (["-o", "page.ttl"], 1, "the suffix should be .html"),
        (["--top", "0"], 2, "top"),
        (["--hops", "-1", "--focus", "GSM8K"], 2, "hops"),
    ],
)
def test_view_says_what_it_cannot_do(graph_file: Path, tmp_path: Path, arguments: list[str], code: int, message: str) -> None:
    done = run_kgraph("view", str(graph_file), *arguments, cwd=tmp_path)
    assert done.returncode == code
    assert message in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_view_opens_the_page_on_a_terminal_alone(graph_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import webbrowser

    from kgraph.view.command import view

    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: bool(opened.append(url)) or True)
    page_file = tmp_path / "p.html"
    for is_terminal, is_opened in ((False, True), (True, False), (True, True)):
        monkeypatch.setattr("sys.stdout.isatty", lambda is_terminal=is_terminal: is_terminal)
        view(graph_file, ["GSM8K"], hops=1, top=None, output=page_file, is_opened=is_opened)
    assert opened == [page_file.as_uri()]
