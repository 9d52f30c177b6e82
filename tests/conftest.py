import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from forking import Forker, Run
from serving import Server, start, stop

from kgraph.knowledge import Knowledge, load_knowledge
from kgraph.model import Graph, Paper, Reading
from kgraph.pipeline import papers_of, read
from kgraph.reading import Reader
from kgraph.sources.identity import paper_id

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
GOLD = ROOT / "tests" / "gold" / "dev.jsonl"


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def reader(knowledge: Knowledge) -> Reader:
    return Reader(knowledge)


@pytest.fixture(scope="session")
def seed_readings(knowledge: Knowledge) -> list[Reading]:
    return list(read(papers_of([SEEDS]), knowledge))


@pytest.fixture(scope="session")
def seed_graph(seed_readings: list[Reading], knowledge: Knowledge) -> Graph:
    from kgraph.graph import assemble

    return assemble(seed_readings, knowledge)


@pytest.fixture(scope="session")
def graph_file(seed_graph: Graph, knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from kgraph.export import write_graph

    path = tmp_path_factory.mktemp("seeds") / "graph.ttl"
    write_graph(seed_graph, [path], knowledge)
    return path


def paper(title: str, abstract: str = "") -> Paper:
    return Paper(paper_id(title), title, abstract)


@cache
def _forker() -> Forker:
    running = Forker().__enter__()
    atexit.register(running.__exit__)
    return running


def run_kgraph(
    *arguments: str, cwd: Path | None = None, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own: a fork of one that has loaded all, if it reads nothing and Python is as here."""
    if stdin or any(name.startswith("PYTHON") for name in environment):
        call = [sys.executable, "-m", "kgraph", *arguments]
        return subprocess.run(
            call,
            cwd=cwd,
            env={**os.environ, **environment},
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
        )
    (done,) = _forker().run(Run(arguments, str(cwd or Path.cwd()), environment))
    return subprocess.CompletedProcess(
        arguments, done.code, *(text.encode("utf-8", "surrogateescape") for text in (done.out, done.said))
    )


def chromium() -> str | None:
    return os.environ.get("KGRAPH_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def page_file(seed_graph: Graph, knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from kgraph.export import write_graph

    path = tmp_path_factory.mktemp("page") / "graph.html"
    write_graph(seed_graph, [path], knowledge)
    return path


@pytest.fixture(scope="session")
def server(graph_file: Path) -> Iterator[Server]:
    running = start(graph_file, "--timeout-s", "2", "--max-rows", "5000")
    yield running
    assert running.process.poll() is None  # whatever the tests asked, it is still there
    stop(running)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of forked processes come first: beside the threads that others leave behind, as Dask does, nothing is forked."""
    places = {"test_workers.py": 0, "test_workfolder.py": 1, "test_dask.py": 3}
    items.sort(key=lambda item: places.get(item.path.name, 2))
