"""The server as clients meet it: protocol, negotiation, limits and safety, on a free port of this machine."""

import gzip
import http.client
import json
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from serving import Server, start, stop

from kgraph.knowledge import Knowledge
from kgraph.serve.shelf import Shelf
from kgraph.serve.web import Response, once, plain, preferred

pytestmark = pytest.mark.slow

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"


def test_a_query_comes_by_get_by_form_and_directly(server: Server) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?p a kg:Paper FILTER(STRLEN('100%25 + é') > 0) }"
    got = server.ask(text)
    form = server("/sparql", "POST", urlencode({"query": text}), Content_Type=FORM)
    direct = server("/sparql", "POST", text.encode(), Content_Type=DIRECT + "; charset=utf-8")
    assert got.status == form.status == direct.status == 200
    assert got.body == form.body == direct.body
    assert json.loads(got.body)["results"]["bindings"][0]["n"]["value"] == "390"
    literal = server("/sparql", "POST", urlencode({"query": "SELECT ('100%25 + é' AS ?x) {}"}), Content_Type=FORM)
    assert json.loads(literal.body)["results"]["bindings"][0]["x"]["value"] == "100%25 + é"


@pytest.mark.parametrize(
    ("method", "path", "body", "media", "status"),
    [
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, "", 400),
        ("GET", "/sparql?query=SELECT", None, "", 400),
        ("GET", "/sparql?query=%FF", None, "", 400),
        ("GET", "/sparql?update=DROP+ALL", None, "", 403),
        ("POST", "/sparql", b"query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400),
        ("POST", "/sparql", b"", FORM, 400),
        ("POST", "/sparql", "ASK {} # \xff".encode("latin-1"), DIRECT, 400),
        ("POST", "/sparql", b"ASK {}", "text/plain", 415),
        ("POST", "/sparql", b"ASK {}", "", 415),
        ("POST", "/sparql", b"update=DROP+ALL", FORM, 403),
        ("POST", "/sparql", b"DROP ALL", "application/sparql-update", 403),
        ("POST", "/sparql", b"INSERT DATA { <a:a> <a:b> <a:c> }", DIRECT, 400),
        ("POST", "/sparql", b"x" * 1_100_000, DIRECT, 413),
        ("PUT", "/sparql", b"ASK {}", DIRECT, 405),
        ("DELETE", "/sparql", None, "", 405),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=file%3A%2F%2F%2Fetc%2Fhostname", None, "", 400),
        ("GET", "/sparql?query=ASK%7B%7D&named-graph-uri=http%3A%2F%2F127.0.0.1%2F", None, "", 400),
        ("POST", "/id/method/lora", b"x", DIRECT, 405),
    ],
)
def test_what_is_no_query_is_refused_with_a_sentence(
    server: Server, method: str, path: str, body: bytes | None, media: str, status: int
) -> None:
    before = server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body
    got = server(path, method, body, **({"Content_Type": media} if media else {}))
    assert got.status == status
    assert got.body.decode().rstrip().splitlines()[0].endswith(".")
    assert server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body == before


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values;q=0.4, text/csv;q=0.2", "text/tab-separated-values"),
        ("text/csv;q=0, text/*;q=0.1", "text/tab-separated-values"),
        ("text/turtle, application/json;q=0.5", "application/sparql-results+json"),
        ("application/*;q=0.1, text/csv;q=0.9", "text/csv"),
    ],
)
def test_rows_come_in_the_format_that_is_liked_most(server: Server, accept: str, media: str) -> None:
    got = server.ask("SELECT ?p { ?p a kg:Paper } LIMIT 1", Accept=accept)
    assert got.status == 200
    assert got.media == media or (accept.startswith("text/turtle") and got.media.endswith("json"))


@pytest.mark.parametrize("media", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"])
@pytest.mark.parametrize("form", ["DESCRIBE", "CONSTRUCT WHERE"])
def test_graphs_come_in_every_format(server: Server, knowledge: Knowledge, media: str, form: str) -> None:
    iri = knowledge.ontology.iri("method/lora")
    got = server.ask(f"DESCRIBE <{iri}>" if form == "DESCRIBE" else f"CONSTRUCT WHERE {{ <{iri}> ?p ?o }}", Accept=media)
    assert got.media == media
    assert len(list(ox.parse(got.body, format=ox.RdfFormat.from_media_type(media)))) > 3  # type: ignore[arg-type]
    assert server.ask(f"DESCRIBE <{iri}>", Accept="text/csv").status == 406


def test_weights_are_heeded() -> None:
    assert preferred("", ("a/b",)) == "a/b"
    assert preferred("x/y", ("a/b",)) is None
    assert preferred("a/b;q=0.2, a/*;q=0.8", ("a/b", "a/c")) == "a/c"
    assert preferred("a/b;q=wrong, */*;q=0.1", ("a/b", "c/d")) == "c/d"


def test_the_service_describes_itself_truly(server: Server) -> None:
    origin = f"http://127.0.0.1:{server.port}"
    for path in ("/sparql", "/.well-known/void"):
        got = server(path, Accept="text/turtle")
        text = "\n".join(str(quad.triple) for quad in ox.parse(got.body, format=ox.RdfFormat.TURTLE))
        assert f"sparql-service-description#endpoint> <{origin}/sparql>" in text
        assert "Federated" not in text
        assert "Update" not in text
        total = json.loads(server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body)["results"]["bindings"][0]["n"]["value"]
        assert f'void#triples> "{total}"' in text
        assert '"390"^^' in text


def test_saved_queries_answer_at_their_names(server: Server) -> None:
    got = server("/queries/get-papers-using?entity=chain-of-thought", Accept="application/json")
    assert len(json.loads(got.body)["results"]["bindings"]) > 20
    assert server("/queries/get-papers-using?entity=Chian-of-thoughts").status == 400
    assert server("/queries/get-papers-using?wrong=1").status == 400
    assert server("/queries/report-papers?entity=LoRA").status == 400
    assert server("/queries/none").status == 404
    assert server("/queries/report-papers?format=csv&download=1", Accept="text/html").media == "text/csv"


def test_an_etag_and_gzip_spare_the_way(server: Server) -> None:
    first = server("/queries/report-papers?format=csv", Accept_Encoding="gzip")
    assert first.headers["content-encoding"] == "gzip"
    assert gzip.decompress(first.body) == server("/queries/report-papers?format=csv").body
    again = server("/queries/report-papers?format=csv", Accept_Encoding="gzip", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    head = server("/queries/report-papers?format=csv", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) > 1000


def test_a_tag_is_of_one_form_and_what_holds_but_once_has_none(server: Server) -> None:
    path = "/queries/report-papers"
    tags = [server(path, Accept=media).headers["etag"] for media in ("text/csv", "application/json", "text/html")]
    assert len({*tags}) == 3
    assert server(path, Accept="application/json", If_None_Match=tags[0]).status == 200
    for text in ("SELECT (RAND() AS ?x) {}", "SELECT (struuid() AS ?x) {}", "SELECT (UUID() AS ?x) {}"):
        first, again = server.ask(text), server.ask(text)
        assert first.body != again.body
        assert first.headers["cache-control"] == "no-store"
        assert "etag" not in first.headers
        assert server("/ask?" + urlencode({"query": text})).headers["cache-control"] == "no-store"


def test_a_shelf_keeps_what_was_asked_last_within_its_size() -> None:
    shelf = Shelf(20_000)
    for number in range(20):
        shelf.put(str(number).encode(), Response(200, (), b"x" * 1_000))
        shelf.get(b"0")
    kept = [number for number in range(20) if shelf.get(str(number).encode())]
    assert kept == [0, 17, 18, 19]
    shelf.put(b"x", once(plain(200, "No.")))
    assert shelf.get(b"x") is None


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost@evil.example", ""])
def test_a_foreign_host_is_refused(server: Server, host: str) -> None:
    assert server("/", Host=host).status in (400, 403)
    assert server("/", Host=f"localhost:{server.port}").status == 200


def test_no_other_site_may_read_unless_it_is_named_and_a_signal_stops_it_amid_a_query(server: Server, graph_file: Path) -> None:
    assert not any(name.startswith("access-control") for name in server.ask("ASK {}", Origin="https://evil.example").headers)
    named = start(graph_file, "--cors", "https://good.example")
    good, evil = (named.ask("ASK {}", Origin=f"https://{name}.example").headers for name in ("good", "evil"))
    assert good["access-control-allow-origin"] == "https://good.example"
    assert "access-control-allow-credentials" not in good
    assert "access-control-allow-origin" not in evil
    assert named("/sparql", "OPTIONS", Origin="https://good.example").status == 200
    link = http.client.HTTPConnection("127.0.0.1", named.port)
    link.request("GET", "/sparql?" + urlencode({"query": SLOW}))
    time.sleep(0.5)
    assert stop(named) < 2.5  # two seconds, and what a busy machine takes
    link.close()
    left = subprocess.run(["ps", "--ppid", str(named.process.pid)], capture_output=True, text=True, check=False)
    assert "python" not in left.stdout


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/..%2f..%2fetc/passwd", "/id/..%2F..%2F", "/id/method/<b>x</b>", "/queries/../x", "/%00", "/style.css/x"],
)
def test_an_unknown_path_is_404_without_an_echo(server: Server, path: str) -> None:
    for accept in ("text/html", "*/*"):
        got = server(path, Accept=accept)
        assert got.status == 404
        assert b"passwd" not in got.body
        assert b"<b>" not in got.body


def test_a_limit_is_a_status_and_a_sentence(server: Server) -> None:
    started = time.monotonic()
    slow, many = server.ask(SLOW), server.ask("SELECT * { ?s ?p ?o }")
    assert (slow.status, many.status) == (504, 413)
    assert b"stopped after 2 seconds" in slow.body
    assert b"more than 5,000 rows" in many.body
    assert time.monotonic() - started < 5
    text = "?s1 dcterms:abstract ?a . ?s2 dcterms:abstract ?b . ?s3 dcterms:abstract ?c"
    big = server.ask(f"SELECT (GROUP_CONCAT(CONCAT(?a, ?b, ?c)) AS ?x) {{ {text} }}")
    assert big.status in (503, 504)
    assert server.ask("ASK {}").status == 200


def test_a_slow_query_does_not_delay_others(server: Server) -> None:
    slow = threading.Thread(target=server.ask, args=(SLOW,))
    slow.start()
    times = []
    for _ in range(100):
        started = time.monotonic()
        assert server.ask("ASK {}").status == 200
        times.append(time.monotonic() - started)
    slow.join()
    assert sorted(times)[90] < 0.5  # tests/benchmarks/serve.py measures it closely


def test_other_clients_are_understood(server: Server) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper")
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    client = wrapper.SPARQLWrapper(f"http://127.0.0.1:{server.port}/sparql", returnFormat=wrapper.JSON)
    for method in (wrapper.GET, wrapper.POST):
        client.setMethod(method)
        client.setQuery("PREFIX kg: <https://w3id.org/kgraph/ontology#> SELECT (COUNT(*) AS ?n) { ?p a kg:Paper }")
        assert client.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == "390"
    store = SPARQLStore(f"http://127.0.0.1:{server.port}/sparql")
    (row,) = store.query("SELECT (COUNT(*) AS ?n) { ?p a <https://w3id.org/kgraph/ontology#Paper> }")
    assert int(row[0]) == 390
    if curl := shutil.which("curl"):
        call = [curl, "-s", "--compressed", "--data-urlencode", "query=SELECT (1 AS ?x) {}", "-H", "Accept: text/csv"]
        done = subprocess.run([*call, f"http://127.0.0.1:{server.port}/sparql"], capture_output=True, check=True)
        assert done.stdout.split() == [b"x", b"1"]


def test_a_thing_is_a_page_or_its_triples(server: Server) -> None:
    shown, data = (server("/id/method/lora", Accept=media) for media in ("text/html", "text/turtle"))
    assert (shown.media, data.media) == ("text/html", "text/turtle")
    assert "<mark>LoRA</mark>" in shown.body.decode()
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert server("/id/" + quote("method/lora", safe="")).status == 404


def test_a_server_whose_graph_or_port_is_wrong_says_so(server: Server, tmp_path: Path, graph_file: Path) -> None:
    for arguments in ([str(tmp_path / "none.ttl")], [str(graph_file), "--port", str(server.port)]):
        done = subprocess.run([sys.executable, "-m", "kgraph", "serve", *arguments], capture_output=True, check=False, timeout=60)
        assert done.returncode == 1
        assert done.stderr.startswith(b"kgraph: ")
        assert b"Traceback" not in done.stderr
