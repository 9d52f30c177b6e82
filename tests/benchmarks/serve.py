"""What a server bears: mutated and nested queries, slow queries beside quick ones, load.

python tests/benchmarks/serve.py GRAPH [REQUESTS]      (default: 100,000 requests by 16 and by 64 clients)
"""

import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

QUICK = [
    "ASK {}",
    "SELECT ?p { ?p a kg:Paper } LIMIT 10",
    "SELECT (COUNT(*) AS ?n) { ?p kg:uses ?x }",
    "SELECT ?name { <https://w3id.org/kgraph/id/method/lora> skos:prefLabel ?name }",
]
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def get(port: int, query: str) -> int:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("POST", "/sparql", query.encode("utf-8", "replace"), {"content-type": "application/sparql-query"})
    status = link.getresponse().status
    link.close()
    return status


def mutated(port: int, folder: Path, count: int) -> None:
    chance, seeds = random.Random(0), [path.read_text() for path in sorted(folder.glob("*.rq"))]
    seen: dict[int, int] = {}
    for _ in range(count):
        text = list(chance.choice(seeds))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(text))
            text[at : at + chance.randint(0, 3)] = chance.choice(
                ["{", "}", "(", "\x00", "*", "?x", "UNION", '"', "\\u0041", "<", "."]
            )
        status = get(port, "".join(text))
        seen[status] = seen.get(status, 0) + 1
    for depth in (10**2, 10**3, 10**4, 10**5, 10**6):
        for left, right in ("{}", "()", "[]"):
            seen_status = get(port, f"SELECT * {{ {left * depth}{right * depth} }}")
            seen[seen_status] = seen.get(seen_status, 0) + 1
    started = time.perf_counter()
    assert get(port, "ASK {}") == 200
    print(f"{count} mutated and 15 nested queries: {seen}; then ASK in {(time.perf_counter() - started) * 1000:.1f} ms")


def beside(port: int) -> None:
    for slow in (1, 20):
        ends: list[float] = []

        def ask_slowly(ends: list[float] = ends) -> None:
            started = time.perf_counter()
            get(port, SLOW)
            ends.append(time.perf_counter() - started)

        threads = [threading.Thread(target=ask_slowly) for _ in range(slow)]
        for thread in threads:
            thread.start()
        times = []
        while any(thread.is_alive() for thread in threads):
            started = time.perf_counter()
            get(port, QUICK[1])
            times.append((time.perf_counter() - started) * 1000)
            time.sleep(0.01)
        times.sort()
        middle, most = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"{slow} slow: ended in {min(ends):.2f} to {max(ends):.2f} s; others: median {middle:.1f} ms, 95 % {most:.1f} ms")


def load(port: int, pid: int, clients: int, count: int) -> None:
    before, errors, started = _memory(pid), [0], time.perf_counter()

    def client(share: int) -> None:
        link = socket.create_connection(("127.0.0.1", port))
        reader = link.makefile("rb")
        for number in range(share):
            path = "/sparql?" + urlencode({"query": QUICK[number % len(QUICK)]})
            link.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            status, length = reader.readline(), 0
            while (line := reader.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line[15:])
            reader.read(length)
            errors[0] += b" 200 " not in status
        link.close()

    threads = [threading.Thread(target=client, args=(count // clients,)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = count / (time.perf_counter() - started)
    print(f"{clients} clients, {count} requests: {rate:,.0f}/s, {errors[0]} errors; MB, files: {before}, then {_memory(pid)}")


def _memory(pid: int) -> tuple[int, int]:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20, len(list(Path(f"/proc/{pid}/fd").iterdir()))


def main() -> None:
    graph, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    call = [sys.executable, "-m", "kgraph", "serve", graph, "--port", "0", "--timeout-s", "5"]
    process = subprocess.Popen(call, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    port = int(process.stderr.readline().split("127.0.0.1:")[1].split("/")[0])
    try:
        get(port, "ASK {}")
        for clients in (16, 64):
            load(port, process.pid, clients, count)
        beside(port)
        mutated(port, Path(__file__).resolve().parents[2] / "ontology" / "queries", count // 10)
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


if __name__ == "__main__":
    main()
