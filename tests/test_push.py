"""A graph is pushed into a server that runs, whole, once, and by who may."""

import base64
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import neo4j
import pytest
from conftest import run_kgraph

from kgraph.errors import DataError
from kgraph.export import write_graph
from kgraph.export.html.part import focus, whole
from kgraph.knowledge import Knowledge
from kgraph.model import Graph
from kgraph.push import property_store, triple_store
from kgraph.push.triple_store import Target, push
from kgraph.query import load_store

GRAPH = "https://example.org/papers"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an Oxigraph server."""
    beside = Path(sys.executable).parent / "oxigraph"
    program = str(beside) if beside.exists() else shutil.which("oxigraph")
    if not program:
        pytest.skip("no oxigraph here: pip install oxigraph")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    place = tmp_path_factory.mktemp("store")
    call = [program, "serve", "--location", str(place), "--bind", address]
    with subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        for _ in range(200):
            try:
                socket.create_connection(tuple(address.split(":")), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://{address}"
        server.terminate()


@pytest.fixture(scope="module")
def part_file(seed_graph: Graph, knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the seeds' graph."""
    path = tmp_path_factory.mktemp("part") / "part.ttl"
    write_graph(focus(whole(seed_graph), ["benchmark/gsm8k"], 1).graph, [path], knowledge)
    return path


def held(store: str, graph: str = "") -> set[str]:
    """The triples that a graph of the server holds, as lines."""
    which = f"graph={quote(graph, safe='')}" if graph else "default"
    question = urllib.request.Request(f"{store}/store?{which}", headers={"Accept": "application/n-triples"})
    with urllib.request.urlopen(question) as answer:
        return set(answer.read().decode().splitlines())


def lines(path: Path) -> set[str]:
    return {f"{quad.triple} ." for quad in load_store(path)}


@pytest.mark.parametrize(("service", "graph"), [("store", ""), ("store", GRAPH), ("update", GRAPH + "/2")])
def test_a_server_holds_what_the_graph_says(store: str, part_file: Path, service: str, graph: str) -> None:
    arguments = ["push", f"{store}/{service}", str(part_file), *(["--named-graph", graph] if graph else [])]
    for _ in range(2):
        done = run_kgraph(*arguments)
        assert done.returncode == 0, done.stderr
        assert held(store, graph) == lines(part_file)
    assert [one.name for one in part_file.parent.iterdir()] == [part_file.name]


def test_replace_takes_out_what_was_there(store: str, graph_file: Path, tmp_path: Path) -> None:
    one, other = (tmp_path / name for name in ("a.nt", "b.nt"))
    one.write_text('<http://a/a> <http://a/b> "1" .\n', encoding="utf-8")
    other.write_text('<http://a/a> <http://a/b> "2\\n\\"\\\\u00e9" .\n', encoding="utf-8")
    for service in ("store", "update"):
        target = Target(f"{store}/{service}", f"http://r/{service}")
        list(push(one, target, replace=True))
        list(push(other, target))
        assert len(held(store, target.graph)) == 2
        list(push(other, target, replace=True))
        assert held(store, target.graph) == lines(other)


class Server(ThreadingHTTPServer):
    """A server that notes what it is asked and answers as it is told."""

    daemon_threads = True

    def __init__(self, *answers: int) -> None:
        self.answers, self.asked = list(answers), list[tuple[str, str, str, bytes]]()
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_address[1]}/data"

    def __enter__(self) -> "Server":
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", "").partition(";")[0]
        self.server.asked.append((self.path, kind, self.headers.get("Authorization", ""), body))
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 301:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    do_DELETE = do_POST  # noqa: N815 (the name that the standard library asks for)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A graph of five chunks."""
    path = tmp_path / "small.nt"
    path.write_text("".join(f'<http://a/{at}> <http://a/b> "{at}" .\n' for at in range(10)), encoding="utf-8")
    monkeypatch.setattr(triple_store, "CHUNK", 2)
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    return path


def test_a_push_that_was_stopped_goes_on_where_it_was(small: Path) -> None:
    with Server(204, 204, 204, 500) as server:
        target = Target(server.address, GRAPH, "store")
        with pytest.raises(DataError, match="answers 500; the same command goes on"):
            list(push(small, target))
        assert len(list(small.parent.glob(".*.pushed"))) == 1
        assert [at.done for at in push(small, target)] == [3, 4, 5]
        bodies = [body for *_, body in server.asked]
        assert len(bodies) == 6
        assert bodies[3] == bodies[4]
        assert b"".join(dict.fromkeys(bodies)).decode() == small.read_text(encoding="utf-8")
        assert list(small.parent.glob(".*.pushed")) == []
        assert {path for path, *_ in server.asked} == {f"/data?graph={quote(GRAPH, safe='')}"}


def test_another_graph_or_place_does_not_go_on(small: Path) -> None:
    with Server(204, 500, *[204] * 5, 204, 500) as server:
        with pytest.raises(DataError):
            list(push(small, Target(server.address, "", "store")))
        assert next(iter(push(small, Target(server.address, GRAPH, "store")))).done == 0
        small.write_text(small.read_text(encoding="utf-8") + '<http://b/b> <http://a/b> "x" .\n', encoding="utf-8")
        assert next(iter(push(small, Target(server.address, "", "store")))).done == 0


def test_what_is_no_graph_store_is_sent_updates(small: Path) -> None:
    with Server(405) as server:
        list(push(small, Target(server.address, GRAPH)))
        kinds = [kind for _, kind, *_ in server.asked]
        assert kinds == ["application/n-triples", *["application/sparql-update"] * 5]
        assert server.asked[1][3].startswith(b"INSERT DATA {\nGRAPH <https://example.org/papers> {\n<http://a/0>")
    with Server(404, 404) as server, pytest.raises(DataError, match=r"is no Graph Store .* takes no SPARQL Update"):
        list(push(small, Target(server.address)))


def test_a_busy_service_is_asked_again_and_a_moved_one_is_not_followed(small: Path) -> None:
    with Server(503, 429) as server:
        list(push(small, Target(server.address)))
        assert len(server.asked) == 7
    with Server(301) as server, pytest.raises(DataError, match="has moved to http://127"):
        list(push(small, Target(server.address)))


def test_who_pushes_stands_in_the_environment_or_netrc(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ada password secret\n", encoding="utf-8")
    netrc.chmod(0o600)
    with Server() as server:
        for settings, expected in (
            ({}, ""),
            ({"NETRC": str(netrc)}, "ada:secret"),
            ({"KGRAPH_PUSH_USER": "zoë", "KGRAPH_PUSH_PASSWORD": "gehëim€"}, "zoë:gehëim€"),
            ({"KGRAPH_PUSH_TOKEN": "t0ken"}, "Bearer t0ken"),
        ):
            for name, value in settings.items():
                monkeypatch.setenv(name, value)
            list(push(small, Target(server.address)))
            scheme, _, given = server.asked[-1][2].partition(" ")
            assert expected == (f"Bearer {given}" if scheme == "Bearer" else base64.b64decode(given).decode())
    with pytest.raises(DataError, match="seen by all") as error:
        list(push(small, Target("http://ada:secret@127.0.0.1/data")))
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["http://127.0.0.1:9/store"], 1, "cannot be reached"),
        (["ftp://example.org"], 2, "expected https://"),
        (["http://127.0.0.1:9/store", "--named-graph", "a b"], 1, "expected the IRI of a graph"),
        (["bolt://127.0.0.1:9", "--replace"], 2, "for triple stores"),
        (["bolt://ada:secret@127.0.0.1:9"], 1, "seen by all"),
        (["bolt://127.0.0.1:9"], 1, "answers: Couldn't connect"),
    ],
)
def test_what_cannot_be_pushed_is_said(part_file: Path, arguments: list[str], code: int, message: str) -> None:
    done = run_kgraph("push", arguments[0], str(part_file), *arguments[1:])
    assert done.returncode == code
    assert message in " ".join(done.stderr.decode().replace("│", " ").split())
    assert b"secret" not in done.stderr
    assert b"Traceback" not in done.stderr


def test_neo4j_is_given_every_node_and_statement_once(
    seed_graph: Graph, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the driver is asked to run; there is no Neo4j server here to run it."""
    asked: list[tuple[str, Any]] = []

    class Driver:
        def __enter__(self) -> "Driver":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def verify_connectivity(self) -> None:
            pass

        def execute_query(self, text: str, parameters: Any = None, database_: str | None = None) -> None:
            asked.append((text, parameters))
            assert database_ == "papers"

    def driver(address: str, auth: Any) -> Driver:
        assert (address, auth) == ("bolt://example.org", ("ada", "secret"))
        return Driver()

    monkeypatch.setattr(neo4j.GraphDatabase, "driver", driver)
    monkeypatch.setenv("NEO4J_USERNAME", "ada")
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    steps = list(property_store.push(seed_graph, "bolt://example.org", knowledge, "papers"))
    total = len(seed_graph.papers) + len(seed_graph.entities) + len(seed_graph.links)
    assert steps[-1] == (total, total)
    assert asked[0][0].startswith("CREATE CONSTRAINT")
    nodes = [row["id"] for text, given in asked[1:] if "MERGE (n:" in text for row in given["rows"]]
    links = [
        (row["head"], text.split("`")[1], row["tail"])
        for text, given in asked[1:]
        if "MERGE (a)" in text
        for row in given["rows"]
    ]
    assert sorted(nodes) == sorted(one.id for one in (*seed_graph.papers, *seed_graph.entities))
    assert sorted(links) == sorted((link.head, link.relation, link.tail) for link in seed_graph.links)
    assert all(len(given["rows"]) <= 500 for _, given in asked[1:])
    assert json.loads(json.dumps(asked[1][1])) == asked[1][1]
