"""A server of kgraph as a process, requests to it, and queries that are meant to harm it."""

import http.client
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

os.environ.setdefault("NO_PROXY", "127.0.0.1,localhost")


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


class Server(NamedTuple):
    process: subprocess.Popen[bytes]
    port: int

    def __call__(self, path: str, method: str = "GET", body: bytes | str | None = None, **headers: str) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        link.request(method, path, body, fields)
        got = link.getresponse()
        answer = Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
        link.close()
        return answer

    def ask(self, query: str, **headers: str) -> Answer:
        return self("/sparql?" + urlencode({"query": query}), **headers)


def start(graph: Path, *options: str) -> Server:
    call = [sys.executable, "-m", "kgraph", "serve", str(graph), "--port", "0", *options]
    process = subprocess.Popen(call, stderr=subprocess.PIPE)
    assert process.stderr
    said = process.stderr.readline().decode()
    assert said.startswith("Serving "), said
    return Server(process, int(said.split("127.0.0.1:")[1].split("/")[0]))


def stop(server: Server) -> float:
    started = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(timeout=20)
    if server.process.stderr:
        server.process.stderr.close()
    return time.monotonic() - started


QUERIES = Path(__file__).resolve().parents[1] / "ontology" / "queries"
PIECES = [
    "{",
    "}",
    "(",
    "\x00",
    "*",
    "?x",
    " UNION ",
    '"',
    "\\u0041",
    "<",
    ".",
    "FILTER",
    "SELECT",
    "\n#",
    "'" * 3,
    "^",
    "|",
    "1e999",
    "_:a",
    "@en",
]


def mutated(count: int) -> Iterator[str]:
    """Saved queries with pieces put in, taken out and doubled, the same each time."""
    chance, texts = random.Random(0), [path.read_text(encoding="utf-8") for path in sorted(QUERIES.glob("*.rq"))]
    for _ in range(count):
        text = chance.choice(texts)
        for _ in range(chance.randint(1, 8)):
            at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
            piece = chance.choice([*PIECES, text[at : min(to, at + 40)] * 2])
            text = text[:at] + piece + text[at + chance.randint(0, 5) :]
        yield text


def nested(depth: int) -> Iterator[str]:
    """Queries that nest in each way that there is."""
    for left, right in ("{}", "()", "[]"):
        yield f"SELECT * {{ {left * depth}{right * depth} }}"
    yield f"SELECT * {{ ?s {'(' * depth}a{')' * depth} ?o }}"
    yield f"SELECT * {{ FILTER({'!' * depth}true) }}"
    yield f"SELECT * {{ {'{ SELECT * ' * depth}{'}' * depth} }}"
    yield f"SELECT * {{ {'OPTIONAL { ' * depth}{'}' * depth} }}"
    yield f"SELECT * {{ ?s {'^' * depth}a ?o }}"
    yield f"SELECT (1{'+1' * depth} AS ?x) {{}}"
    yield f"SELECT * {{ {' UNION '.join(['{}'] * depth)} }}"


ANY = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
TEXTS = "?s1 dcterms:abstract ?a . ?s2 dcterms:abstract ?b . ?s3 dcterms:abstract ?c"
PATHOLOGICAL = [
    f"SELECT (COUNT(*) AS ?n) {{ {ANY} }}",
    f"SELECT * {{ {ANY} }}",
    f"SELECT DISTINCT ?a ?d ?g {{ {ANY} }}",
    f"SELECT * {{ {ANY} }} ORDER BY ?c ?f ?i LIMIT 1",
    f"SELECT * {{ {ANY} }} OFFSET 1000000000000 LIMIT 1",
    f"ASK {{ {ANY} FILTER(?c = ?f && ?f = ?i && ?i = 'x') }}",
    f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {ANY} }}",
    f"SELECT (GROUP_CONCAT(CONCAT(?a, ?b, ?c)) AS ?x) {{ {TEXTS} }}",
    f"SELECT ?x {{ {TEXTS} BIND(CONCAT(?a, ?b, ?c) AS ?x) }} ORDER BY ?x",
    f"SELECT (COUNT(*) AS ?n) {{ {TEXTS} FILTER(REGEX(CONCAT(?a, ?b, ?c), '(.*a){{12}}.*zzz')) }}",
    f"SELECT (MAX(REPLACE(CONCAT(?a, ?b), '(.)', '$1$1$1$1')) AS ?n) {{ {TEXTS} }}",
    f"SELECT (SUM(STRLEN(SHA512(CONCAT(?a, ?b, ?c)))) AS ?n) {{ {TEXTS} }}",
    "SELECT (COUNT(*) AS ?n) { ?a (!rdf:nil|^!rdf:nil)* ?b . ?b (!rdf:nil|^!rdf:nil)* ?c }",
    "SELECT (COUNT(*) AS ?n) { ?a (kg:uses|^kg:uses|kg:mentions|^kg:mentions)+ ?b . ?b (kg:uses|^kg:uses)+ ?c . ?c ?p ?d }",
    "SELECT * { ?a (^rdf:type/rdf:type/^rdf:type/rdf:type)* ?b . ?c (!rdf:nil)* ?d . ?e (!rdf:nil)* ?f } ORDER BY ?f",
    f"SELECT (COUNT(*) AS ?n) {{ ?x ?y ?z FILTER NOT EXISTS {{ {ANY} FILTER(?c = ?z && ?f = ?y && ?i = 'x') }} }}",
    f"SELECT (COUNT(*) AS ?n) {{ ?x ?y ?z MINUS {{ {ANY} }} }}",
    f"SELECT ?a (COUNT(DISTINCT ?i) AS ?n) {{ {ANY} }} GROUP BY ?a HAVING (COUNT(DISTINCT ?f) > 5)",
    f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'OPTIONAL {{ ?a{n} ?b{n} ?c{n} }}' for n in range(20))} }}",
    f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'{{ ?a{n} ?b{n} ?c }} UNION {{ ?c ?b{n} ?a{n} }}' for n in range(20))} }}",
]


def attempts(targets: list[str]) -> Iterator[str]:
    """Queries that try to read what stands at some addresses."""
    asked = "{ ?s ?p ?o }"
    for target in targets:
        yield from (
            f"SELECT * FROM <{target}> {asked}",
            f"SELECT * FROM NAMED <{target}> {{ GRAPH ?g {asked} }}",
            f"PREFIX x: <{target}> SELECT * FROM x: {asked}",
            f"BASE <{target}> SELECT * FROM <> {asked}",
            f"DESCRIBE <{target}> FROM <{target}>",
            f"CONSTRUCT {asked} FROM <{target}> WHERE {asked}",
            f"ASK FROM <{target}> {asked}",
            f"LOAD <{target}>",
            f"LOAD SILENT <{target}> INTO GRAPH <a:a>",
            f"CREATE GRAPH <{target}>; LOAD <{target}>",
            f"INSERT {asked} WHERE {{ SERVICE <{target}> {asked} }}",
            f"SELECT (<{target}>(1) AS ?x) {{}}",
            f"SELECT * {{ GRAPH <{target}> {asked} }}",
        )
        for word in ("SERVICE", "service", "SERVICE SILENT", "SeRvIcE #\n"):
            call = f"{word} <{target}> {asked}"
            yield from (
                f"SELECT * {{ {call} }}",
                f"SELECT * {{ BIND(<{target}> AS ?g) {word} ?g {asked} }}",
                f"PREFIX x: <{target}> SELECT * {{ {word} x: {asked} }}",
                f'SELECT * {{ BIND("""\\"""" AS ?a) {call} }} # """',
                f"SELECT * {{ OPTIONAL {{ ?s dcterms:a\\#b ?x }} {call} }}",
                f"SELECT * {{ OPTIONAL {{ ?s dcterms:a\u200c\\#b ?x }} {call} }}",
                f"SELECT * {{ OPTIONAL {{ ?s <http://x/\\u0041#> ?x }} {call} }}",
                f"SELECT * {{ OPTIONAL {{ ?s dcterms:a\\'b ?x }} {call} }} # '",
                f"ASK {{ FILTER EXISTS {{ {call} }} }}",
                f"SELECT * {{ {{ SELECT * {{ {call} }} }} }}",
            )
