"""Text is shown as text: nothing that stands in a graph or in an address runs, and no cell that is saved is a formula."""

import csv
import io
import random
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kgraph.export.html import html
from kgraph.export.html import page as write_page
from kgraph.export.html.part import Part
from kgraph.knowledge import Knowledge
from kgraph.model import Entity, Evidence, Graph, Link, Listing, Paper, Result

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN = "window.PWN=1"
SEEDS = [
    f"</script><script>{RUN}</script>",
    f'"><img src=x onerror="{RUN}">',
    f"'><svg onload={RUN}>",
    f"javascript:{RUN}",
    f"https://x/'onclick={RUN}//",
    f"data:text/html,<script>{RUN}</script>",
    f"<!--<script>{RUN}//-->",
    f"]]><script>{RUN}</script>",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}}",
    f"<iframe srcdoc='<script>parent.{RUN[7:]}</script>'>",
    f"<a href=javascript:{RUN}>href</a>",
    "\u202etxt.exe\u202c \u2066abc",
    "a\x00b\x01\x1f\ufffe\ufeff",
    "👩‍👩‍👧‍👦🏳️‍🌈 e\u0301\u0323 ﬁ İ ß",
    "\u2028\u2029\r\n\t",
    "=cmd|' /C calc'!A1",
    "+1+cmd",
    "-2+3",
    "@SUM(A1)",
    "__proto__",
    "constructor",
    "(((((a+)+)+)+)+$",
    "\\u003cscript\\u003e",
    "%3Cscript%3E",
    "\ud800 lone",
    "",
    " ",
    "x" * 1_000_000,
]


def payloads() -> list[str]:
    """Two hundred: the seeds, and seeds joined, cut and wrapped."""
    dice, found = random.Random(1), list(SEEDS)
    small = [one for one in SEEDS if 0 < len(one) < 1000]
    while len(found) < 200:
        one, other = dice.sample(small, 2)
        found.append(
            dice.choice([one + other, f'"{one}', f"`{one}`\\", other[: dice.randint(1, len(other))] + one, f"<b title={one}>"])
        )
    return found


def hostile(texts: list[str]) -> Graph:
    """A graph with each text as a title, an abstract, a file, a date, a code, a name, an alias, a note, a rule and a value."""
    papers, entities, links, results = [], [], [], []
    for number, text in enumerate(texts):
        paper = Paper(f"paper/{number}", text, f"We use {text}.", (Listing(text, 1, text),), f"arxiv:{text}")
        papers.append(paper)
        extra = (text, f"{text} too") if text else ()
        thing = Entity(f"method/{number}", "Method", text, extra, text, text, text, False, (text, "method/0"), (text,))
        other = Entity(f"repository/{number}", "Repository", f"https://{text}", extra)
        entities += [thing, other]
        evidence = Evidence(paper.id, 0, len(paper.text), text, 0.9)
        links += [Link(paper.id, "uses", thing.id, (evidence,)), Link(thing.id, "variantOf", other.id, (evidence,))]
        results.append(Result(thing.id, "", "", text, text, evidence))
    return Graph(tuple(papers), tuple(entities), tuple(links), tuple(results))


@pytest.fixture(scope="module")
def hostile_page(browser: Any, knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("hostile") / "graph.html"
    path.write_bytes(write_page(Part(hostile(payloads()), SEEDS[1], 900, 900), knowledge)[1])
    page = browser.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on(
        "request", lambda request: page.complaints.append(request.url) if not request.url.startswith(("file:", "blob:")) else None
    )
    page.goto(path.as_uri())
    return page


def is_unharmed(page: Any) -> None:
    assert page.evaluate(
        "[window.PWN, {}.polluted, document.querySelectorAll('#card img, #card script, #card iframe').length]"
    ) == [None, None, 0]
    assert page.complaints == []


def test_nothing_runs_from_any_field(hostile_page: Any) -> None:
    page = hostile_page
    page.evaluate(
        """() => {
            const card = (patch) => { state = Object.freeze({ ...FIRST_STATE, ...patch }); showCard(); };
            for (const node of nodes) { card({ node }); findNodes(node.name.slice(0, 60)); hovered = node; }
            for (const edge of edges) card({ edge });
            for (const node of nodes.slice(0, 30)) { chooseNode(node); chooseEdge(node.edges[0]); network.redraw(); }
            for (const depth of [1, 2, 3]) change({ node: nodes[0], edge: null, depth });
            change({ node: nodes[0], goal: nodes[nodes.length - 1], depth: 0 });
            change({ ...OPEN_FILTERS, node: null, goal: null });
        }"""
    )
    for box in ("#search", "#sift"):
        page.click("#tab-statements")
        for text in SEEDS[:6]:
            page.fill(box, text)
            page.wait_for_timeout(5)
        page.fill(box, "")
    page.click("#tab-nodes")
    page.check("#all")
    for link in page.locator("a").all():
        assert (link.get_attribute("href") or "").lower().startswith(("http://", "https://"))
    is_unharmed(page)


def test_nothing_runs_from_an_address(hostile_page: Any) -> None:
    page, base = hostile_page, hostile_page.url.split("#")[0]
    names = page.evaluate("Object.keys(PARTS)")
    for number, text in enumerate(one for one in payloads() if len(one) < 1000):
        name = names[number % len(names)]
        safe = text.encode("utf-8", "replace").decode()
        for value in (safe, quote(safe, safe="")):
            page.evaluate("(text) => toFragment(fromFragment(text))", f"#{name}={value}&{value}={value}&node={value}")
        if number % 4 == 0:
            page.evaluate("(text) => { location.hash = text; }", f"{name}={safe}&n={number}")
    page.goto(
        f"{base}#node={quote(SEEDS[0])}&__proto__=polluted&constructor=x&types=%&view=1e999,NaN,-1&depth=9&papers=-1&edge=%ff"
    )
    page.reload()
    is_unharmed(page)


def test_no_saved_cell_is_a_formula(hostile_page: Any) -> None:
    page = hostile_page
    page.evaluate("change({ ...FIRST_STATE, ...OPEN_FILTERS }, 'none')")
    for text in page.evaluate("[nodesCsv(), statementsCsv()]"):
        csv.field_size_limit(10_000_000)
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        assert len(rows) > 200
        assert len({len(row) for row in rows}) == 1
        assert not [
            cell for row in rows for cell in row if cell.lstrip("\x00 \t\r\n\u2028\u2029\ufeff").startswith(("=", "+", "-", "@"))
        ]
    is_unharmed(page)


def test_the_page_is_saved_whole(tmp_path: Path, knowledge: Knowledge) -> None:
    one, other = (html(hostile(payloads()), knowledge) for _ in range(2))
    assert one == other
    assert b"<script>window.PWN" not in one
