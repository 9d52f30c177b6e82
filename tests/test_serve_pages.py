"""The pages for people: every link leads somewhere, every page is HTML that all can use, hostile text stays text."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zlib import crc32

import pytest
from crawling import HTML, crawl, tree_of
from serving import Server

from kgraph.knowledge import Knowledge
from kgraph.serve.site import Site, open_site
from kgraph.serve.things import triples_of
from kgraph.serve.web import Request

pytestmark = pytest.mark.slow

WRONG = "/ask?query=" + quote("SELECT * {\n  ?x a kg:Method .\n  FILTR(?x = 1)\n}")
KINDS = {
    "home": "/",
    "search": "/search?q=lora",
    "queries": "/queries",
    "saved": "/queries/get-papers-using?entity=LoRA",
    "ask": "/ask",
    "answer": "/ask?query=" + quote("SELECT * { ?p kg:uses ?x } LIMIT 5"),
    "wrong": WRONG,
    "nothing": "/nothing",
    "paper": "/id/paper/sira-sparse-mixture-of-low-rank-adaptation-89dfc902",
    "method": "/id/method/lora",
    "model": "/id/model/gpt-4",
    "benchmark": "/id/benchmark/gsm8k",
    "task": "/id/task/continual-learning",
    "metric": "/id/metric/accuracy",
    "repository": "/id/repository/http%3A%2F%2Fgithub%2Fminjun-zhu%2Fresearcher",
    "result": "/id/method/fito",
    "view": "/view/benchmark/gsm8k",
}


@pytest.fixture(scope="module")
def site(graph_file: Path, knowledge: Knowledge) -> Site:
    return open_site(graph_file, knowledge, 5_000)


def got(site: Site, address: str) -> tuple[int, bytes]:
    path, _, query = address.partition("?")
    response = site.respond(Request("GET", path, query, {"accept": "text/html", "host": "localhost"}))
    return response.status, response.content


def test_every_link_leads_to_a_page_and_pages_are_valid(site: Site) -> None:
    """One in eight pages of things, and the first of each kind: tests/benchmarks/serve.py walks over all."""
    kinds: set[str] = set()
    dead: set[str] = set()

    def is_wanted(link: str) -> bool:
        kind = "/".join(re.split(r"[/?]", link)[1:3]) + str("entity=" in link)
        is_first = kind not in kinds
        kinds.add(kind)
        if link.startswith("/id/") and not triples_of(site.store, site.knowledge.ontology.iri(link.removeprefix("/id/"))):
            dead.add(link)
        if link.startswith("/sparql?"):  # downloads
            return False
        return is_first or (crc32(link.encode()) % 8 == 0 and "entity=" not in link and not link.startswith("/view/"))

    pages = list(crawl(lambda path: got(site, path), is_wanted))
    assert len(pages) > 250
    assert dead == set()
    assert [page.path for page in pages if page.status not in (200, 303)] == []
    for number, page in enumerate(pages):
        if (number % 8 == 0 or not page.path.startswith("/id/")) and page.body.startswith(b"<!doctype html>"):
            assert tree_of(page.body) is not None, page.path


def test_a_repository_or_paper_leads_outside_by_web_addresses_only(site: Site) -> None:
    outside = set()
    for name in [name for name in site.names if name.type in ("Repository", "Paper")][::25]:
        for element in tree_of(got(site, f"/id/{name.id}")[1]).iter(f"{HTML}a"):
            if not element.get("href").startswith(("/", "#")):
                outside.add(element.get("href"))
                assert "noreferrer" in element.get("rel")
    assert outside
    assert all(link.startswith(("https://", "http://")) for link in outside)


HOSTILE = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'--", "javascript:alert(1)", "data:text/html,<b>", "%00",
    "\x00", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "{{ 7*7 }}", "{% raw %}", "${7*7}", "; DROP ALL",
    "> } SELECT * { ?s ?p ?o } #", "\\u003cscript\\u003e", "\u202e\u2066", "\ud7ff\ufffe", "é" * 500, "a" * 5_000, "(((((",
    "*", "[", "\\", "\r\nSet-Cookie: a=b", "</textarea><script>", "&lt;b&gt;&#60;", "<svg onload=alert(1)>", "' OR 1=1", "?x",
    "$entity", "<https://w3id.org/kgraph/id/method/lora>", "-1", "1e999", "NaN", "true", "null", "file:///etc/passwd",
    "//evil.example/x", "http://evil.example", "💥",
]  # fmt: skip
PLACES = ["/{}", "/id/{}", "/search?q={}", "/search?type={}&from={}", "/queries/get-code?entity={}"]


@pytest.mark.parametrize("place", PLACES)
def test_hostile_values_are_literals(server: Server, place: str) -> None:
    assert len(HOSTILE) * len(PLACES) == 200
    for value in HOSTILE:
        answer = server(place.replace("{}", quote(value, safe="")), Accept="text/html")
        assert answer.status in ((200,) if "/search" in place else (400, 404)), value
        assert "set-cookie" not in answer.headers
        assert b"root:" not in answer.body
        tree = tree_of(answer.body)
        for element in tree.iter():
            if isinstance(element.tag, str):
                assert not [name for name in element.keys() if name.startswith("on")], value  # noqa: SIM118 (no mapping)
                assert not element.get("href", "").startswith(("javascript:", "data:", "//")), value
                assert element.tag != f"{HTML}script", value
        if place == "/search?q={}":
            (field,) = [one for one in tree.iter(f"{HTML}input") if one.get("id") == "q"]
            assert field.get("value") == re.sub("[\x00-\x09\x0b-\x1f\ufffe]", "", value)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_and_nothing_foreign_is_asked_for(browser: Any, server: Server, scheme: str) -> None:
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    origin = f"http://127.0.0.1:{server.port}"
    page = browser.new_page(color_scheme=scheme, viewport={"width": 1100, "height": 800})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for kind, path in KINDS.items():
        assert page.goto(origin + path).status == {"wrong": 400, "nothing": 404}.get(kind, 200), kind
        page.wait_for_load_state("networkidle")
        page.evaluate(script)
        found = page.evaluate("axe.run().then((result) => result.violations)")
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == [], kind
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), kind
    assert [url for url in asked if not url.startswith(origin)] == []
    assert [text for text in complaints if "40" not in text] == []  # what it says of a status that is meant
    page.close()


@pytest.mark.browser
def test_the_query_page_completes_runs_and_shows_the_place_of_a_mistake(browser: Any, server: Server) -> None:
    page = browser.new_page(base_url=f"http://127.0.0.1:{server.port}")
    page.goto("/ask")
    page.fill("#query", "")
    page.locator("#query").press_sequentially("SELECT ?x { ?p kg:introd")
    assert page.locator("#offer li").first.inner_text().startswith("kg:introduces")
    page.press("#query", "ArrowDown")
    page.press("#query", "Enter")
    page.locator("#query").press_sequentially(" ?x . ?x skos:pref")
    page.press("#query", "ArrowDown")
    page.press("#query", "Tab")
    page.locator("#query").press_sequentially(" ?name } LIMIT 3")
    assert page.input_value("#query") == "SELECT ?x { ?p kg:introduces ?x . ?x skos:prefLabel ?name } LIMIT 3"
    page.press("#query", "Control+Enter")
    page.wait_for_selector("tbody a")
    assert page.locator("main table").first.locator("tbody tr").count() == 3
    with page.expect_download() as download:
        page.click("text=Download as CSV")
    assert len(Path(download.value.path()).read_text().splitlines()) == 4
    page.goto(WRONG)
    assert page.evaluate("getSelection().toString()") == "FILTR(?x"
    assert "line 3, column 3" in page.inner_text("#error")
    page.close()


@pytest.mark.browser
def test_the_pages_work_without_a_script(browser: Any, server: Server) -> None:
    page = browser.new_page(base_url=f"http://127.0.0.1:{server.port}", java_script_enabled=False)
    page.goto("/")
    page.fill("#q", "chain of thought")
    page.press("#q", "Enter")
    page.locator(".hits a", has_text="chain-of-thought prompting").first.click()
    assert page.locator("blockquote mark").count() > 5
    page.locator(".drawing svg a").first.click()
    assert page.locator("h1").count() == 1
    page.goto("/ask")
    page.locator(".ask button").click()
    assert page.locator("main table").first.locator("tbody tr").count() == 20
    page.close()
