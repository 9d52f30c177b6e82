"""How long the page takes to its first frame from disk, beside a page of vis-network alone with the same nodes, places and edges.

python tests/benchmarks/page.py [NODES/STATEMENTS…]      (default: 1000/3000 5000/15000 10000/30000)
"""

import json
import random
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from conftest import FLAGS, chromium

from kgraph.export.html import _vis_network, html
from kgraph.knowledge import load_knowledge
from kgraph.model import Entity, Evidence, Graph, Link, Paper

ROUNDS = 5
TEXT = "We evaluate the method on several benchmarks and find that it does better than those before it in most of them. " * 8
# noted by the page itself, so that no word between it and this process counts: when its scripts have run and two frames are drawn
NOTE = """addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(() => {
  window.firstFrame = performance.now();
})))"""
FRAME = "new Promise((done) => { const ask = () => window.firstFrame ? done(window.firstFrame) : setTimeout(ask, 20); ask(); })"


def made(nodes: int, statements: int) -> Graph:
    """A graph with few things that many papers name and many that few do, as in papers."""
    dice, things = random.Random(0), nodes * 3 // 4
    papers = [Paper(f"paper/{number:06}", f"Paper {number}", TEXT) for number in range(nodes - things)]
    types = ["Method", "Model", "Benchmark", "Task", "Metric"]
    entities = [Entity(f"{types[n % 5].lower()}/{n:06}", types[n % 5], f"name {n}", (f"alias {n}",)) for n in range(things)]
    links: dict[tuple[str, str], Link] = {}
    while len(links) < statements:
        head, tail = (
            dice.choice(papers).id,
            entities[min(int(dice.paretovariate(0.6)) - 1, things - 1) if dice.random() < 0.5 else dice.randrange(things)].id,
        )
        links[head, tail] = Link(head, "mentions", tail, (Evidence(head, 0, 110, "a-rule", 0.9),))
    return Graph(tuple(papers), tuple(sorted(entities)), tuple(links[key] for key in sorted(links)))


def bare(page: bytes) -> str:
    """vis-network alone over the same nodes and edges, physics off."""
    text = page.decode("utf-8")
    blocks = {}
    for name in ("nodes", "edges"):
        blocks[name] = json.loads(text.split(f'id="{name}-block">', 1)[1].split("</script>", 1)[0])
    nodes = [
        {"id": n, "label": one["name"], "shape": "dot", "size": 8, "x": one["x"], "y": one["y"]}
        for n, one in enumerate(blocks["nodes"])
    ]
    edges = [{"from": one["from"], "to": one["to"]} for one in blocks["edges"]]
    options = {"physics": False, "edges": {"smooth": False}, "layout": {"improvedLayout": False}}
    data = f"{{nodes: new vis.DataSet({json.dumps(nodes)}), edges: new vis.DataSet({json.dumps(edges)})}}"
    scripts = "".join(f"<script>{one}</script>" for one in (_vis_network(), f"new vis.Network(n, {data}, {json.dumps(options)})"))
    return f'<!doctype html><meta charset="utf-8"><div id="n" style="height:800px"></div>{scripts}'


def first_frame(browser: Any, url: str) -> float:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(NOTE)
    page.goto(url)
    seconds: float = page.evaluate(FRAME) / 1000
    page.close()
    return seconds


def main() -> None:
    sizes = [tuple(map(int, size.split("/"))) for size in sys.argv[1:] or ["1000/3000", "5000/15000", "10000/30000"]]
    knowledge, folder = load_knowledge(), Path(tempfile.mkdtemp())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for nodes, statements in sizes:
            page, alone = folder / "page.html", folder / "bare.html"
            page.write_bytes(html(made(nodes, statements), knowledge))
            alone.write_text(bare(page.read_bytes()), encoding="utf-8")
            urls = {"first view": page.as_uri(), "everything": f"{page.as_uri()}#papers=1", "vis-network alone": alone.as_uri()}
            times: dict[str, list[float]] = {name: [] for name in urls}
            for _ in range(ROUNDS):
                for name, url in urls.items():
                    times[name].append(first_frame(browser, url))
            said = ", ".join(f"{name} {statistics.median(found):.2f} s" for name, found in times.items())
            print(f"{nodes:,} nodes, {statements:,} statements, {page.stat().st_size / 1e6:.1f} MB: {said}")


if __name__ == "__main__":
    main()
