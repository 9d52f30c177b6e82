"""What is meant to harm the server ends with a status and a sentence, and the server goes on; a sample of what
tests/benchmarks/serve.py does at length."""

import json
import re
import socket
import time
from pathlib import Path

import pytest
from serving import PATHOLOGICAL, QUERIES, Server, attempts, mutated, nested

pytestmark = pytest.mark.slow

DIRECT = "application/sparql-query"


def post(server: Server, text: str) -> tuple[int, bytes]:
    answer = server("/sparql", "POST", text.encode("utf-8", "replace"), Content_Type=DIRECT)
    return answer.status, answer.body


def goes_on(server: Server) -> bool:
    started = time.monotonic()
    return post(server, "ASK {}")[0] == 200 and server.process.poll() is None and time.monotonic() - started < 1


def test_no_query_reads_a_file_or_opens_a_connection(server: Server, tmp_path: Path) -> None:
    canary = tmp_path / "canary.ttl"
    canary.write_text('<a:a> <a:b> "canary-4711" .')
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.3)
    tried = list(attempts([canary.as_uri(), f"http://127.0.0.1:{listener.getsockname()[1]}/"]))
    assert len(tried) >= 100
    for text in tried:
        status, body = post(server, text)
        assert b"canary-4711" not in body
        assert status == 400 or not json.loads(body)["results"]["bindings"], text
        assert body.strip()
    with pytest.raises(TimeoutError):
        listener.accept()
    listener.close()
    assert goes_on(server)


def test_mutated_queries_do_not_end_it(server: Server) -> None:
    statuses = {post(server, text)[0] for text in mutated(300)}
    assert statuses <= {200, 400, 413, 503, 504}
    assert {200, 400} <= statuses
    assert goes_on(server)


@pytest.mark.parametrize("depth", [10**2, 10**3, 10**4, 10**6])
def test_nesting_does_not_end_it(server: Server, depth: int) -> None:
    for text in nested(depth):
        answer = post(server, text)[0]
        assert answer in (200, 400, 413, 503, 504), text[:60]
    assert goes_on(server)


@pytest.mark.parametrize("number", [3, 7, 12, 18])
def test_a_query_without_end_ends_at_the_limit(server: Server, number: int) -> None:
    assert len(PATHOLOGICAL) == 20
    started = time.monotonic()
    status, body = post(server, PATHOLOGICAL[number])
    assert status in (413, 503, 504)
    assert body.decode().rstrip().endswith(".")
    assert time.monotonic() - started < 2 + 1
    assert goes_on(server)


def test_memory_and_files_stay_as_they_are(server: Server) -> None:
    def taken() -> tuple[int, int]:
        pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
        return pages, len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))

    texts = [path.read_text(encoding="utf-8") for path in sorted(QUERIES.glob("report-*.rq"))]
    for text in texts:
        post(server, text)
    pages, files = taken()
    for number in range(300):
        post(server, f"{texts[number % len(texts)]} # {number % 50}")
    assert taken()[0] < pages * 1.5
    assert taken()[1] <= files + 3


def test_no_answer_names_the_machine(server: Server) -> None:
    for path in ("/", "/nothing", "/sparql?query=x", "/queries/get-code?entity=x", "/.well-known/void"):
        answer = server(path, Accept="text/html")
        assert not re.search(rb"Traceback|site-packages|/tmp/|/home/|\.py\b", answer.body)
        assert "server" not in answer.headers
