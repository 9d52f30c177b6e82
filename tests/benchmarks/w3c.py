"""The W3C's SPARQL 1.1 tests through HTTP, each against a `kgraph serve` of its own data.

python tests/benchmarks/w3c.py RDF-TESTS/sparql/sparql11 [protocol | query]
"""

import csv
import http.client
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import rdflib
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.query import Result

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
DATA = "http://kasei.us/2009/09/sparql/data/data"


@contextmanager
def serving(graph: Path) -> Iterator[int]:
    call = [sys.executable, "-m", "kgraph", "serve", str(graph), "--port", "0"]
    process = subprocess.Popen(call, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    said = process.stderr.readline()
    try:
        yield int(said.split("127.0.0.1:")[1].split("/")[0])
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


def fetch(port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, str, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request(method, path, body, headers)
    got = link.getresponse()
    answer = got.status, got.getheader("content-type", ""), got.read()
    link.close()
    return answer


def protocol(root: Path) -> None:
    """The protocol's manifest: its data in named graphs, beside them an empty one that some tests name."""
    manifest = rdflib.Graph().parse(root / "protocol" / "manifest.ttl")
    passed: dict[bool, list[str]] = {True: [], False: []}
    misses = []
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "data.nq"
        quads = [f"<{DATA}0.rdf> <a:is> <a:here> <{DATA}0.rdf> .\n"]
        for number in (1, 2, 3):
            lines = (root / "protocol" / f"data{number}.nt").read_text().splitlines()
            quads += [f"{line.rstrip(' .')} <{DATA}{number}.rdf> .\n" for line in lines if line.strip()]
        graph.write_text("".join(quads))
        with serving(graph) as port:
            before = fetch(
                port, "GET", "/sparql?" + urlencode({"query": "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s"}), None, {}
            )
            for test in Collection(manifest, next(manifest.objects(None, MF.entries))):
                name = str(test).rpartition("#")[2]
                is_update = "update" in name
                action = manifest.value(test, MF.action)
                said = [_sent(manifest, request, port) for request in Collection(manifest, manifest.value(action, HT.requests))]
                fine = all(400 <= status < 500 for status, _ in said[:1]) if is_update else all(ok for _, ok in said)
                passed[is_update] += [name] * fine
                misses += [] if fine else [f"{name} {said}"]
            after = fetch(
                port, "GET", "/sparql?" + urlencode({"query": "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s"}), None, {}
            )
    print(f"protocol: {len(passed[False])} query tests as expected, {len(passed[True])} update tests refused with 4xx", end="; ")
    print("the store is unchanged" if before == after else "THE STORE HAS CHANGED", *misses, sep="\n  ")


def _sent(manifest: rdflib.Graph, request: rdflib.term.Node, port: int) -> tuple[int, bool]:
    value = manifest.value
    body = value(request, HT.body)
    content = None
    if body is not None:
        content = str(value(body, CNT.chars)).encode(str(value(body, CNT.characterEncoding) or "utf-8"))
    fields = value(request, HT.headers)
    headers = (
        {str(value(one, HT.fieldName)): str(value(one, HT.fieldValue)) for one in Collection(manifest, fields)} if fields else {}
    )
    path = str(value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
    status, media, answer = fetch(port, str(value(request, HT.methodName)), path, content, headers)
    response = value(request, HT.resp)
    wanted = {str(one).rpartition("StatusCode")[2][:1] for one in manifest.objects(response, MF.expectedStatus)}
    fine = str(status)[0] in wanted
    expected = str(value(response, MF.expectedFormat) or "")
    kinds = {
        "boolean": ("sparql-results",),
        "tabular": ("sparql-results", "csv", "separated"),
        "RDF": ("turtle", "n-triples", "rdf+xml", "ld+json"),
    }
    if expected:
        fine = fine and any(kind in media for kind in kinds[expected])
    truth = value(response, MF.expectedBoolean)
    if truth is not None:
        fine = fine and (str(bool(truth)).lower().encode() in answer)
    return status, fine


def query(root: Path) -> None:
    """The query-evaluation and result-format tests, those of one folder and the same data by one server."""
    done, misses = 0, []
    for folder in sorted(path.parent for path in root.glob("*/manifest.ttl")):
        if folder.name in ("entailment", "service", "protocol", "service-description", "graph-store-protocol", "http-rdf-update"):
            continue
        manifest = rdflib.Graph().parse(folder / "manifest.ttl", publicID=(folder / "manifest.ttl").as_uri())
        kinds = (MF.QueryEvaluationTest, MF.CSVResultFormatTest)
        by_data: dict[str, list[rdflib.term.Node]] = {}
        for test in sorted({one for kind in kinds for one in manifest.subjects(rdflib.RDF.type, kind)}):
            by_data.setdefault(_nquads(manifest, test), []).append(test)
        for data, tests in by_data.items():
            with tempfile.TemporaryDirectory() as place:
                graph = Path(place) / "data.nq"
                graph.write_text(data, encoding="utf-8")
                with serving(graph) as port:
                    faults = {str(test).rpartition("#")[2]: _evaluated(manifest, test, port) for test in tests}
            done += len(tests)
            misses += [f"{folder.name}/{name}: {fault}" for name, fault in faults.items() if fault]
            print(f"{folder.name}: {done - len(misses)} of {done} so far", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as place:
        graph = Path(place) / "data.nq"
        graph.write_text("")
        with serving(graph) as port:
            syntax = _syntax(root, port)
    done += len(syntax)
    misses += [f"{name}: {fault}" for name, fault in syntax.items() if fault]
    print(f"query evaluation and syntax: {done - len(misses)} of {done}", *misses, sep="\n  ")


def _syntax(root: Path, port: int) -> dict[str, str]:
    """Which queries are taken that should not be, or the other way about."""
    faults = {}
    for place in sorted(root.glob("*/manifest.ttl")):
        manifest = rdflib.Graph().parse(place, publicID=place.as_uri())
        for kind, wanted in ((MF.PositiveSyntaxTest11, 200), (MF.NegativeSyntaxTest11, 400)):
            for test in sorted(manifest.subjects(rdflib.RDF.type, kind)):
                if place.parent.name == "syntax-fed":
                    continue
                body = _path(manifest.value(test, MF.action)).read_bytes()
                status, _, content = fetch(port, "POST", "/sparql", body, {"content-type": "application/sparql-query"})
                name = f"{place.parent.name}/{str(test).rpartition('#')[2]}"
                faults[name] = "" if status == wanted else f"{status} {content.decode()[:150]!r}"
    return faults


def _nquads(manifest: rdflib.Graph, test: rdflib.term.Node) -> str:
    action, data = manifest.value(test, MF.action), rdflib.Dataset(default_union=False)
    for one in manifest.objects(action, QT.data):
        data.default_graph.parse(_path(one), publicID=str(one))
    for one in manifest.objects(action, QT.graphData):
        data.graph(one).parse(_path(one), publicID=str(one))
    return data.serialize(format="nquads")


def _evaluated(manifest: rdflib.Graph, test: rdflib.term.Node, port: int) -> str:
    asked, expected = manifest.value(manifest.value(test, MF.action), QT.query), _path(manifest.value(test, MF.result))
    text = _path(asked).read_text(encoding="utf-8")
    media = {".srj": "application/sparql-results+json", ".csv": "text/csv", ".tsv": "text/tab-separated-values"}
    accept = media.get(expected.suffix, "application/sparql-results+xml, text/turtle;q=0.9")
    body = text if "BASE" in text.upper().split() else f"BASE <{asked}>\n{text}"
    status, kind, content = fetch(
        port, "POST", "/sparql", body.encode(), {"content-type": "application/sparql-query", "accept": accept}
    )
    if status != 200:
        return f"{status} {content.decode()[:150]!r}"
    return _differs(expected, kind.partition(";")[0], content)


def _path(node: object) -> Path:
    return Path(str(node).removeprefix("file://"))


def _differs(expected: Path, kind: str, content: bytes) -> str:
    if expected.suffix in (".ttl", ".rdf", ".nt") and kind in ("text/turtle", "application/n-triples"):
        fine = isomorphic(rdflib.Graph().parse(expected), rdflib.Graph().parse(data=content, format="turtle"))
        return "" if fine else "another graph"
    if expected.suffix in (".csv", ".tsv"):
        wanted, got = (_cells(text, expected.suffix) for text in (expected.read_bytes(), content))
        return "" if wanted == got else f"{got} instead of {wanted}"
    if expected.suffix == ".ttl":
        wanted, got = _listed(expected), _rows(Result.parse(source=io.BytesIO(content), format="xml"))
        return "" if wanted == got else f"{got} instead of {wanted}"
    forms = {".srx": "xml", ".srj": "json"}
    if expected.suffix not in forms:
        return f"no reader for {expected.name}"
    wanted_result = Result.parse(expected.open("rb"), format=forms[expected.suffix])
    got_result = Result.parse(source=io.BytesIO(content), format="json" if "json" in kind else "xml")
    if wanted_result.type == "ASK":
        return "" if wanted_result.askAnswer == got_result.askAnswer else "another truth"
    return "" if _rows(wanted_result) == _rows(got_result) else f"{_rows(got_result)[:3]} instead of {_rows(wanted_result)[:3]}"


def _cells(content: bytes, suffix: str) -> list[str]:
    """Rows of CSV or TSV, columns and rows sorted, numbers by value, blank nodes alike."""
    table = list(csv.reader(content.decode().splitlines(), delimiter="," if suffix == ".csv" else "\t", quoting=_QUOTING[suffix]))

    def shown(cell: str) -> str:
        bare = cell.partition("^^<http://www.w3.org/2001/XMLSchema#")[0].strip('"') if "XMLSchema#double" in cell else cell
        if cell.startswith("_:"):
            return "_:"
        try:
            return f"{float(bare):g}"
        except ValueError:
            return cell

    return sorted(str(sorted(zip(table[0], map(shown, row), strict=True))) for row in table[1:])


_QUOTING = {".csv": csv.QUOTE_MINIMAL, ".tsv": csv.QUOTE_NONE}
RS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")


def _listed(path: Path) -> list[str]:
    """Rows of a result set that is written as a graph."""
    graph, result = rdflib.Graph().parse(path), Result("SELECT")
    result.bindings = [
        {
            rdflib.Variable(str(graph.value(one, RS.variable))): graph.value(one, RS.value)
            for one in graph.objects(row, RS.binding)
        }
        for row in graph.objects(None, RS.solution)
    ]
    return _rows(result)


def _rows(result: Result) -> list[str]:
    """Rows as text, sorted; blank nodes alike, numbers by value."""

    def shown(term: object) -> str:
        if isinstance(term, rdflib.BNode):
            return "_:"
        if isinstance(term, rdflib.Literal):
            value = term.value
            if isinstance(value, bool | str) or value is None:
                return term.n3()
            return f"{float(value):.12g} {term.datatype}" if hasattr(value, "__float__") else f"{value} {term.datatype}"
        return str(term)

    return sorted(str(sorted((str(name), shown(value)) for name, value in row.items())) for row in result.bindings)


if __name__ == "__main__":
    folder, *which = sys.argv[1:]
    if which in ([], ["protocol"]):
        protocol(Path(folder).resolve())
    if which in ([], ["query"]):
        query(Path(folder).resolve())
