import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import chromium

from kgraph.export import write_graph
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = chromium()
    if not path:
        word = "no Chromium here: install Debian's chromium, or set KGRAPH_CHROMIUM to one"
        pytest.fail(word) if os.environ.get("KGRAPH_REQUIRE_BROWSER") else pytest.skip(word)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def page_file(seed_graph: Graph, knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "graph.html"
    write_graph(seed_graph, [path], knowledge)
    return path


def test_the_page_asks_for_nothing_and_complains_of_nothing(browser: Any, page_file: Path) -> None:
    page = browser.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(page_file.as_uri())
    page.keyboard.press("/")
    page.keyboard.type("chain-of-thought")
    page.keyboard.press("Enter")
    page.click("#legend button >> nth=1")
    page.mouse.move(400, 400)
    assert requests == [page_file.as_uri()]
    assert complaints == []


def test_search_leads_to_sentences(browser: Any, page_file: Path) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    page.fill("#search", "gsm8k")
    page.keyboard.press("Enter")
    assert page.inner_text("#card h2") == "GSM8K"
    quotes = page.locator("#card blockquote").all_inner_texts()
    assert len(quotes) > 5
    assert all("GSM8K" in quote or "GSM8k" in quote for quote in quotes)


def test_the_page_counts_what_the_graph_holds(browser: Any, page_file: Path, seed_graph: Graph) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    page.fill("#least", "1")
    page.keyboard.press("Tab")
    nodes, links = len(seed_graph.papers) + len(seed_graph.entities), len(seed_graph.links)
    assert page.inner_text("#shown") == f"showing {nodes} of {nodes} nodes, {links} of {links} statements"
