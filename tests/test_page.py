import base64
import hashlib
import json
import os
import re
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from kgraph.export import html
from kgraph.export.html.part import Part
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def opened(browser: Any, path: Path, fragment: str = "", **options: Any) -> tuple[Any, list[str], list[str]]:
    """A page with what it asks for and complains of."""
    page = browser.new_page(**options)
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri() + fragment)
    return page, requests, complaints


def saved(page: Any, name: str) -> bytes:
    page.click("#keep summary")
    with page.expect_download() as download:
        page.click(f"#save-{name}")
    return Path(download.value.path()).read_bytes()


def test_the_page_asks_for_nothing_and_complains_of_nothing(browser: Any, page_file: Path) -> None:
    page, requests, complaints = opened(browser, page_file)
    for x in range(400, 900, 60):
        page.mouse.move(x, 400)
        page.mouse.click(x, 380)
    page.mouse.dblclick(640, 400)
    page.mouse.wheel(0, 300)
    page.keyboard.press("Escape")
    page.fill("#search", "chain-of-thought")
    page.keyboard.press("Enter")
    page.click("#types button >> nth=1")
    page.click("#relations button >> nth=1")
    page.fill("#papers", "2")
    page.click(".steps >> text=2 steps")
    page.fill("#goal", "gsm8k")
    page.press("#goal", "Enter")
    for name in ("png", "nodes", "statements", "json"):
        assert saved(page, name)
    page.click("#copy-link")
    for tab in ("nodes", "statements", "drawing"):
        page.click(f"#tab-{tab}")
    page.click("#back")
    page.wait_for_timeout(400)
    assert [url for url in requests if not url.startswith("blob:")] == [page_file.as_uri()]
    assert complaints == []


def test_search_leads_to_sentences(browser: Any, page_file: Path) -> None:
    page, _, _ = opened(browser, page_file)
    page.fill("#search", "gsm8k")
    page.keyboard.press("Enter")
    assert page.inner_text("#card h2") == "GSM8K"
    quotes = page.locator("#card blockquote").all_inner_texts()
    assert len(quotes) > 5
    assert all("GSM8K" in quote or "GSM8k" in quote for quote in quotes)
    assert page.locator("#card blockquote mark").count() >= len(quotes)


def test_search_minds_neither_accents_nor_case_nor_hyphens(browser: Any, page_file: Path) -> None:
    page, _, _ = opened(browser, page_file)
    for typed in ("CHÁIN of thóught prompting", "chain-of-thought  Prompting"):
        page.fill("#search", typed)
        assert page.inner_text("#found li >> nth=0").startswith("chain-of-thought prompting")
    slowest = page.evaluate(
        """() => Math.max(...["a", "e r", "learning", "the of", "x"].map((text) => {
            const start = performance.now(); findNodes(text); return performance.now() - start; }))"""
    )
    assert slowest < 200


def test_the_page_counts_what_the_graph_holds(browser: Any, page_file: Path, seed_graph: Graph) -> None:
    page, _, _ = opened(browser, page_file)
    page.click("#everything")
    nodes, links = f"{len(seed_graph.papers) + len(seed_graph.entities):,}", f"{len(seed_graph.links):,}"
    assert page.inner_text("#shown") == f"Showing {nodes} of {nodes} nodes, {links} of {links} statements."


def test_every_node_is_found_by_its_name(browser: Any, page_file: Path, seed_graph: Graph) -> None:
    page, _, _ = opened(browser, page_file)
    missing = page.evaluate("() => nodes.filter((node) => !findNodes(node.name, 60).includes(node)).map((node) => node.name)")
    assert missing == []


def test_from_search_to_a_sentence_and_back_by_keyboard_alone(browser: Any, page_file: Path) -> None:
    page, _, _ = opened(browser, page_file)
    page.keyboard.press("/")
    page.keyboard.type("mixture of ex")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "mixture of experts"
    for _ in range(60):
        page.keyboard.press("Tab")
        if (page.evaluate("document.activeElement.getAttribute('aria-label')") or "").startswith("Evidence: "):
            break
    page.keyboard.press("Enter")
    assert "mixture of experts" in page.evaluate("document.activeElement.textContent")
    assert page.locator("#card blockquote mark").count() >= 1
    assert "rule " in page.inner_text("#card .source")
    page.focus("#back")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#card h2').textContent === 'mixture of experts'")
    page.focus("#tab-drawing")
    page.keyboard.press("ArrowRight")
    assert page.is_visible("#table")
    page.focus("#rows tr:nth-child(1) button")
    page.keyboard.press("ArrowDown")
    name = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert page.inner_text("#card h2") == name


def test_the_address_keeps_selection_filters_and_view(browser: Any, page_file: Path) -> None:
    page, _, _ = opened(browser, page_file)
    page.fill("#search", "gsm8k")
    page.keyboard.press("Enter")
    page.click("#types button[data-value=Method]")
    page.fill("#papers", "2")
    page.click("#tab-statements")
    page.click("#tab-drawing")
    page.click("#zoom-in")
    page.wait_for_function("() => location.hash.includes('view=')")
    again, _, complaints = opened(browser, page_file, "#" + page.url.split("#")[1])
    for what in ("#shown", "#card h2", "#types", "#relations"):
        assert again.inner_text(what) == page.inner_text(what)
    assert again.evaluate("network.getScale()") == pytest.approx(page.evaluate("network.getScale()"), rel=0.01)
    page.click("#back")
    page.click("#back")
    page.wait_for_function("() => !location.hash.includes('tab=') && !location.hash.includes('view=')")
    assert complaints == []


def test_a_page_of_a_part_says_what_it_left_out(browser: Any, seed_graph: Graph, knowledge: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "part.html"
    path.write_bytes(html.page(Part(seed_graph, "the <b>best</b>", 50000, 120000), knowledge)[1])
    page, _, _ = opened(browser, path)
    assert "of 50,000 nodes" in page.inner_text("#part")
    assert "of 120,000 statements: the <b>best</b>." in page.inner_text("#part")


def test_the_policy_names_the_hash_of_each_script_and_of_the_style(page_file: Path) -> None:
    content = page_file.read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', content)
    assert policy
    parts = [re.findall(r"<script>(.*?)</script>", content, re.DOTALL), re.findall(r"<style>(.*?)</style>", content, re.DOTALL)]
    hashes = [
        "".join(f" 'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in part) for part in parts
    ]
    sources = f"script-src{hashes[0]}; style-src{hashes[1]}; img-src data: blob:"
    wanted = f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"
    assert policy[1].replace("&#39;", "'") == wanted


@pytest.mark.parametrize(
    ("fragment", "scheme"),
    [("", "light"), ("#node=model%2Fllama", "dark"), ("#tab=nodes&papers=15", "light"), ("#tab=statements&papers=15", "dark")],
)
def test_axe_finds_no_serious_fault(browser: Any, page_file: Path, fragment: str, scheme: str) -> None:
    if not find_spec("axe_playwright_python"):
        word = "no axe-core here: pip install axe-playwright-python"
        pytest.fail(word) if os.environ.get("KGRAPH_REQUIRE_BROWSER") else pytest.skip(word)
    page, _, _ = opened(browser, page_file, fragment, color_scheme=scheme)
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then((result) => result.violations)")
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], json.dumps(one["nodes"][0]["target"]), one["nodes"][0]["failureSummary"]) for one in serious] == []
