"""What a server bears: load, slow queries beside quick ones, queries meant to harm it, a walk over all its pages.

python tests/benchmarks/serve.py GRAPH [load|beside|harm|walk|oxigraph …] [--requests 100000]

`oxigraph` measures the load that the server of the PyPI package of this name bears, beside ours.
"""

import argparse
import contextlib
import http.client
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from crawling import crawl, tree_of
from serving import PATHOLOGICAL, Server, attempts, mutated, nested, start, stop

PREFIXES = "PREFIX kg: <https://w3id.org/kgraph/ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
QUICK = [
    "ASK {}",
    "SELECT ?p { ?p a kg:Paper } LIMIT 10",
    "SELECT (COUNT(*) AS ?n) { ?p kg:uses ?x }",
    "SELECT ?name { <https://w3id.org/kgraph/id/method/lora> skos:prefLabel ?name }",
]
LIMIT = 5


def get(port: int, query: str) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("POST", "/sparql", query.encode("utf-8", "replace"), {"content-type": "application/sparql-query"})
    status = link.getresponse().status
    link.close()
    return status


def load(server: Server, clients: int, count: int, path: str = "/sparql", is_new: bool = False) -> None:
    """So many requests for four cheap queries by so many clients; each may be said anew, so that no kept answer serves."""
    before, errors, started = _taken(server), [0], time.perf_counter()

    def client(first: int, share: int) -> None:
        link = socket.create_connection(("127.0.0.1", server.port))
        reader = link.makefile("rb")
        for number in range(first, first + share):
            query = PREFIXES + QUICK[number % len(QUICK)] + (f" # {number}" if is_new else "")
            link.sendall(f"GET {path}?{urlencode({'query': query})} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            errors[0] += not _is_answered(reader)
        link.close()

    share = count // clients
    threads = [threading.Thread(target=client, args=(one * share, share)) for one in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = share * clients / (time.perf_counter() - started)
    kind = "each new" if is_new else "repeated"
    print(f"{clients} clients, {share * clients} requests, {kind}: {rate:,.0f}/s, {errors[0]} errors; "
          f"MB, files: {before}, then {_taken(server)}")  # fmt: skip


def _is_answered(reader: "socket.SocketIO") -> bool:
    status, length, is_chunked = reader.readline(), 0, False
    while (line := reader.readline().lower()) not in (b"\r\n", b""):
        length = int(line[15:]) if line.startswith(b"content-length:") else length
        is_chunked = is_chunked or line.startswith(b"transfer-encoding: chunked")
    reader.read(length)
    while is_chunked:
        size = int(reader.readline() or b"0", 16)
        reader.read(size + 2)
        is_chunked = size > 0
    return b" 200 " in status


def beside(server: Server) -> None:
    """How long quick queries take while slow ones run."""
    for slow in (1, 20):
        ends: list[float] = []

        def ask_slowly(ends: list[float] = ends) -> None:
            started = time.perf_counter()
            get(server.port, PATHOLOGICAL[0])
            ends.append(time.perf_counter() - started)

        threads = [threading.Thread(target=ask_slowly) for _ in range(slow)]
        for thread in threads:
            thread.start()
        times, number = [], 0
        while any(thread.is_alive() for thread in threads):
            started, number = time.perf_counter(), number + 1
            get(server.port, f"{QUICK[1]} # {number}")
            times.append((time.perf_counter() - started) * 1000)
            time.sleep(0.01)
        times.sort()
        middle, most = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"{slow} slow: ended in {min(ends):.2f} to {max(ends):.2f} s; others: median {middle:.1f} ms, 95 % {most:.1f} ms")


def harm(server: Server, count: int) -> None:
    """Mutated and nested queries, queries without end, attempts to read."""
    seen = Counter(get(server.port, text) for text in mutated(count))
    print(f"{count} mutated queries: {dict(seen)}")
    for depth in (10**2, 10**3, 10**4, 10**5, 10**6):
        print(f"nested {depth} deep: {dict(Counter(get(server.port, text) for text in nested(depth)))}")
    started = time.perf_counter()
    assert get(server.port, "ASK {}") == 200
    print(f"then ASK in {(time.perf_counter() - started) * 1000:.1f} ms")
    longest = 0.0
    for text in PATHOLOGICAL:
        started = time.perf_counter()
        status = get(server.port, text)
        longest = max(longest, time.perf_counter() - started)
        assert status in (200, 413, 503, 504), text
    print(f"{len(PATHOLOGICAL)} queries without end: the longest took {longest:.2f} s, the limit is {LIMIT} s")
    with tempfile.NamedTemporaryFile("w", suffix=".ttl") as canary, socket.create_server(("127.0.0.1", 0)) as listener:
        canary.write('<a:a> <a:b> "canary-4711" .')
        canary.flush()
        listener.settimeout(0.5)
        tried = list(attempts([Path(canary.name).as_uri(), f"http://127.0.0.1:{listener.getsockname()[1]}/"]))
        assert not any(b"canary-4711" in server("/sparql", "POST", text.encode()).body for text in tried)
        try:
            listener.accept()
            heard = "something"
        except TimeoutError:
            heard = "nothing"
    print(f"{len(tried)} attempts to read: the listener heard {heard}, no answer had the canary")


def walk(server: Server) -> None:
    """All pages but the queries about each single thing."""
    seen: Counter[int] = Counter()

    def page(path: str) -> tuple[int, bytes]:
        answer = server(path, Accept="text/html")
        return answer.status, answer.body

    for number, (path, status, body) in enumerate(crawl(page, lambda link: "entity=" not in link)):
        seen[status] += 1
        assert status in (200, 303), path
        if body.startswith(b"<!doctype html>"):
            tree_of(body)
        if number % 500 == 0:
            print(f"{number} pages", file=sys.stderr)
    print(f"all pages: {dict(seen)}, each valid HTML")


def _taken(server: Server) -> tuple[int, int]:
    """Megabytes of the server and all its workers, and open files of the server."""
    pid = server.process.pid
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    kilobytes = 0
    for one in (str(pid), *workers):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a worker may end meanwhile
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes >> 10, len(list(Path(f"/proc/{pid}/fd").iterdir()))


def oxigraph(graph: str, count: int) -> None:
    program = str(Path(sys.executable).parent / "oxigraph")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "load", "--location", folder, "--file", graph], check=True, capture_output=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        call = [program, "serve-read-only", "--location", folder, "--bind", f"127.0.0.1:{port}"]
        process = subprocess.Popen(call, stderr=subprocess.DEVNULL)
        time.sleep(2)
        for clients in (16, 64):
            load(Server(process, port), clients, count, "/query")
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", type=Path)
    parser.add_argument("wanted", nargs="*", default=["load", "beside", "harm", "walk"])
    parser.add_argument("--requests", type=int, default=100_000)
    given = parser.parse_args()
    count, wanted = given.requests, given.wanted
    if "oxigraph" in wanted:
        oxigraph(str(given.graph), count)
    server = start(given.graph, "--timeout-s", str(LIMIT))
    get(server.port, "ASK {}")
    for clients in (16, 64) if "load" in wanted else ():
        load(server, clients, count)
        load(server, clients, count, is_new=True)
    if "beside" in wanted:
        beside(server)
    if "harm" in wanted:
        harm(server, count // 10)
    if "walk" in wanted:
        walk(server)
    assert server.process.poll() is None
    print(f"the server still runs, and stopped in {stop(server):.2f} s")


if __name__ == "__main__":
    main()
