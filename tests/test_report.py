import json
import re
from collections import Counter
from dataclasses import replace
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from conftest import paper, run_kgraph

from kgraph.answers.report import report
from kgraph.export import write_graph
from kgraph.knowledge import Knowledge
from kgraph.model import Entity, Evidence, Graph, Link

pytestmark = pytest.mark.slow

HOSTILE = "</title></svg><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} \"'"


@pytest.fixture(scope="module")
def page_of_seeds(graph_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    done = run_kgraph("report", "--graph", str(graph_file), "-o", str(path))
    assert (done.returncode, done.stdout) == (0, b"")
    return path


def test_the_numbers_are_those_of_the_graph(page_of_seeds: Path, seed_graph: Graph) -> None:
    content = page_of_seeds.read_text(encoding="utf-8")
    totals = re.findall(r'<li><a href="#([\w-]+)">([\d,]+)</a><span>([\w ,]+)</span>', content)
    sentences = sum(len(link.evidence) for link in seed_graph.links) + len(set(seed_graph.results))
    wanted = [len(seed_graph.papers), len(seed_graph.entities), len(seed_graph.links) + len(set(seed_graph.results)), sentences]
    assert [int(number.replace(",", "")) for _, number, _ in totals] == wanted
    papers = Counter(tail for tail, _ in {(link.tail, link.head) for link in seed_graph.links if link.head.startswith("paper/")})
    names = {entity.id: entity.name for entity in seed_graph.entities if entity.type == "Model"}
    shown = re.search(r'aria-label="Models">(.*?)</svg>', content, re.DOTALL)
    assert shown
    found = re.findall(r"<title>([^<]*): (\d+)</title>", shown[1])
    assert len(found) == 12
    assert [int(number) for _, number in found] == sorted((papers[thing] for thing in names), reverse=True)[:12]


def test_each_number_leads_to_a_query_on_the_page(page_of_seeds: Path) -> None:
    content = page_of_seeds.read_text(encoding="utf-8")
    ids = set(re.findall(r'id="([\w-]+)"', content))
    links = re.findall(r'<a href="([^"]*)">', content)
    assert len(links) > 150
    assert {link.partition("#")[2] for link in links} == ids
    assert all(link.startswith("#") for link in links)
    for number in re.findall(r'<td class="number">(.*?)</td>', content):
        assert number.startswith('<a href="#')


def test_the_page_is_the_same_for_the_same_graph(page_of_seeds: Path, seed_graph: Graph, knowledge: Knowledge) -> None:
    from kgraph.answers.opening import View
    from kgraph.answers.report import page
    from kgraph.query import load_store

    other = page_of_seeds.with_name("graph.ttl")
    write_graph(seed_graph, [other], knowledge)
    assert page(View(seed_graph, knowledge), load_store(other)) == page_of_seeds.read_bytes()


def test_hostile_text_stays_text_and_a_small_graph_has_a_page(knowledge: Knowledge, tmp_path: Path) -> None:
    papers = [paper(f"{HOSTILE} {number}", f"We use {HOSTILE}.") for number in range(3)]
    things = [Entity(f"method/evil-{number}", "Method", f"{HOSTILE} {number}", (f"{HOSTILE} {number}",)) for number in range(2)]
    links = [Link(one.id, "uses", thing.id, (Evidence(one.id, 0, 10, "x", 0.5),)) for one in papers for thing in things]
    for graph in (Graph(tuple(sorted(papers)), tuple(things), tuple(sorted(links))), Graph(tuple(papers[:1])), Graph()):
        path = tmp_path / "graph.ttl"
        write_graph(replace(graph, papers=tuple(sorted(graph.papers))), [path], knowledge)
        content = report(path, knowledge).decode()
        assert "<script" not in content
        assert "<img" not in content
        assert content.count("{{") == content.count("{{ 7*7 }}")
        assert "default-src &#39;none&#39;; style-src" in content


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_offline_and_axe_finds_no_serious_fault(browser: Any, page_of_seeds: Path, scheme: str) -> None:
    shown = browser.new_page(color_scheme=scheme, viewport={"width": 390, "height": 800}, bypass_csp=True)
    requests: list[str] = []
    complaints: list[str] = []
    shown.on("request", lambda request: requests.append(request.url))
    shown.on("console", lambda message: complaints.append(message.text))
    shown.goto(page_of_seeds.as_uri())
    assert (requests, complaints) == ([page_of_seeds.as_uri()], [])
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    assert shown.evaluate("document.querySelectorAll('svg').length") >= 8
    shown.click("ul.totals a >> nth=0")
    assert shown.url.endswith("#report-classes")
    if find_spec("axe_playwright_python"):
        shown.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
        found = shown.evaluate("axe.run().then((result) => result.violations)")
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        assert [(one["id"], json.dumps(one["nodes"][0]["target"])) for one in serious] == []
