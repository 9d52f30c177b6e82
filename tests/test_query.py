import json
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from conftest import run_kgraph

from kgraph.ask.asking import ask_graph
from kgraph.errors import DataError, KgraphError, LimitError, QueryError
from kgraph.export import write_graph
from kgraph.knowledge import Knowledge
from kgraph.pipeline import build
from kgraph.query import (
    Format,
    Limits,
    find_entity,
    load_store,
    named_queries,
    query_text,
    render,
    run,
    serialise,
    table,
    unknown_terms,
)


def test_the_seeds_hold_390_papers(graph_file: Path, knowledge: Knowledge) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?p a kg:Paper }"
    assert table(run(load_store(graph_file), text, knowledge), knowledge) == (["n"], [["390"]])
    (row,) = rdflib.Graph().parse(graph_file).query(text, initNs={"kg": knowledge.ontology.prefixes["kg"]})
    assert int(row[0]) == 390  # type: ignore[index]


def test_sentences_come_with_the_papers_that_use_chain_of_thought(graph_file: Path, knowledge: Knowledge) -> None:
    store = load_store(graph_file)
    entity = find_entity(store, "chain-of-thought", knowledge)
    columns, rows = table(run(store, query_text("get-papers-using", knowledge), knowledge, entity), knowledge)
    assert columns == ["entity", "title", "used", "sentence"]
    assert len(rows) > 20
    assert all("chain" in row[-1].lower() or "cot" in row[-1].lower() for row in rows)


def test_every_query_that_comes_along_says_what_it_answers_and_answers(graph_file: Path, knowledge: Knowledge) -> None:
    store = load_store(graph_file)
    for name, (answers, text) in named_queries(knowledge).items():
        assert answers.endswith(".")
        assert name.startswith(("get-", "report-", "check-"))
        assert bool(table(run(store, text, knowledge), knowledge)[1]) is not name.startswith("check-"), name


def test_no_query_gives_a_row_twice(graph_file: Path, knowledge: Knowledge) -> None:
    store = load_store(graph_file)
    for name, (_, text) in named_queries(knowledge).items():
        rows = [tuple(row) for row in table(run(store, text, knowledge), knowledge)[1]]
        assert len(rows) == len(set(rows)), name


def test_a_paper_is_found_by_its_title_and_its_identifiers(knowledge: Knowledge, tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text(
        '{"title": "QuorpNet: Fast Quorping!", "abstract": "We use QuorpNet.", "id": "arXiv:2401.00001", "doi": "10.1000/Q"}\n'
    )
    write_graph(build([tmp_path / "papers.jsonl"], knowledge), [tmp_path / "g.ttl"], knowledge)
    store, iri = load_store(tmp_path / "g.ttl"), knowledge.ontology.iri("paper/arxiv/2401.00001")
    for given in (
        "quorpnet – fast quorping",
        "2401.00001",
        "arxiv:2401.00001v3",
        "https://arxiv.org/abs/2401.00001",
        "10.1000/q",
    ):
        assert find_entity(store, given, knowledge) == iri
    assert find_entity(store, "quorpnet", knowledge) == knowledge.ontology.iri("method/quorpnet")


def test_nothing_found_is_said(graph_file: Path) -> None:
    for form in ("csv", "tsv", "table"):
        asked = ("query", "get-code", "--entity", "GSM8K", "--graph", str(graph_file), "--format", form)
        assert run_kgraph(*asked).stderr.decode() == "No answers.\n"
    assert run_kgraph("query", "get-basis", "--graph", str(graph_file)).stderr == b""


def test_an_entity_is_bound_and_not_pasted(graph_file: Path, knowledge: Knowledge) -> None:
    store = load_store(graph_file)
    for hostile in ("urn:x> } DELETE WHERE { ?s ?p ?o }", 'urn:x"', "urn:x y"):
        with pytest.raises(QueryError):
            run(store, query_text("get-code", knowledge), knowledge, hostile)
    with pytest.raises(QueryError, match=r"no variable \?entity"):
        run(store, "SELECT ?p { ?p a kg:Paper } # ?entity", knowledge, "urn:x")
    assert table(run(store, query_text("get-code", knowledge), knowledge, "urn:x"), knowledge)[1] == []


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_results_come_in_every_w3c_format(graph_file: Path, knowledge: Knowledge, form: str) -> None:
    content = serialise(run(load_store(graph_file), "SELECT ?p { ?p a kg:Paper } LIMIT 3", knowledge), form)  # type: ignore[arg-type]
    if form == "json":
        assert len(json.loads(content)["results"]["bindings"]) == 3
    elif form == "xml":
        assert content.count(b"<result>") == 3
    else:
        assert len(content.split()) == 4


def test_construct_gives_sorted_triples_and_ask_an_answer(graph_file: Path, knowledge: Knowledge) -> None:
    store = load_store(graph_file)
    lines = serialise(run(store, "CONSTRUCT WHERE { ?p kg:introduces ?x }", knowledge), "csv").splitlines()
    assert len(lines) > 100
    assert lines == sorted(lines)
    assert table(run(store, "ASK { ?p a kg:Paper }", knowledge), knowledge) == (["answer"], [["yes"]])


def test_mistakes_are_one_sentence(graph_file: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    store = load_store(graph_file)
    with pytest.raises(QueryError, match="does not parse"):
        run(store, "SELECT ?x { ?x ", knowledge)
    with pytest.raises(QueryError, match="no query named papers-of; near it are get-papers-on"):
        query_text("papers-of", knowledge)
    with pytest.raises(DataError, match="cannot be read"):
        load_store(tmp_path / "none.ttl")
    with pytest.raises(DataError, match="expected a graph in RDF"):
        load_store(tmp_path / "none.html")
    broken = tmp_path / "broken.ttl"
    broken.write_text("<a> <b> .\n")
    with pytest.raises(DataError, match="is no Turtle"):
        load_store(broken)


def test_no_other_endpoint_is_asked(graph_file: Path, knowledge: Knowledge) -> None:
    store = load_store(graph_file)
    with pytest.raises(QueryError, match="SERVICE"):
        run(store, "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", knowledge)
    for hidden in (
        r"dcterms:a\#b",
        r"dcterms:a\'b",
        "dcterms:a\u200c\\#b",
        r"<http://x/\u0041#>",
        r"<http://x/\u0041'>",
    ):  # what looks like a comment or a string and is none
        with pytest.raises(QueryError, match="SERVICE"):
            run(
                store,
                f"SELECT * {{ OPTIONAL {{ ?s {hidden} ?x }} SERVICE SILENT <http://127.0.0.1:1/> {{ ?s ?p ?o }} }}",
                knowledge,
            )
    run(store, 'SELECT * { ?s rdfs:label "SERVICE" } # service', knowledge)


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("SELECT ?x WHERE {\n  ?x a kg:Method .\n  FILTR(?x = 1)\n}", 3, 3, "“FILTR” is no word of SPARQL; FILTER may be meant"),
        ("SELECT ?x { ?x a kgg:Method }", 1, 18, "There is no prefix kgg:; near it are kg"),
        ("SELECT ?x { ?x ", 1, 11, "this { is never closed"),
        ("SELECT ?x { ?x a ?y } }", 1, 23, "this } closes nothing"),
        ('SELECT ?x { ?x a "abc }', 1, 18, "this string is never closed"),
        ("SELECT ?z (COUNT(?x) AS ?n) { ?x a ?y } GROUP BY ?y", 1, 51, "contains a variable that is unbound"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 1, 12, "asks another endpoint"),
        ('SELECT ("""a\\"""" AS ?x) { SERVICE <http://127.0.0.1/> {} } # """', 1, 28, "asks another endpoint"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 1, 1, "would change the graph"),
        ("PREFIX x: <a:>\nLOAD <file:///etc/hostname>", 2, 1, "would change the graph"),
        ("ASK FROM <file:///etc/hostname> {}", 1, 10, "There is no graph <file:///etc/hostname> in the store"),
        ("ASK FROM NAMED kg:x {}", 1, 16, "There is no graph kg:x in the store"),
        ("SELECT * " + "{" * 3000 + "}" * 3000, 1, 110, "nests brackets more than 100 deep"),
    ],
)
def test_an_error_has_a_place_and_shows_it(
    graph_file: Path, knowledge: Knowledge, text: str, line: int, column: int, said: str
) -> None:
    with pytest.raises(QueryError) as caught:
        run(load_store(graph_file), text, knowledge)
    assert said in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)
    shown, caret = caught.value.excerpt.split("\n")
    assert shown[caret.index("^")] == text.split("\n")[line - 1][column - 1]


def test_a_query_that_is_too_long_is_not_parsed(graph_file: Path, knowledge: Knowledge) -> None:
    with pytest.raises(QueryError, match=r"at most 100,000 are taken"):
        run(load_store(graph_file), "ASK {}" + " " * 100_000, knowledge)


def test_a_term_that_does_not_exist_is_named_with_what_is_near(graph_file: Path, knowledge: Knowledge) -> None:
    namespace, store = knowledge.ontology.prefixes["kg"], load_store(graph_file)
    text = f"SELECT * {{ ?x a kg:Methd ; <{namespace}use> 'kg:Nothing' ; kg:rule ?r }} # kg:Comment"
    methd, use = unknown_terms(text, store, knowledge)
    assert "no kg:Methd; near it are kg:Method" in methd
    assert "no kg:use; near it are kg:uses" in use
    for _, saved in named_queries(knowledge).values():
        assert list(unknown_terms(saved, store, knowledge)) == []
    lorra = knowledge.ontology.iri("method/lorra")
    other = "<urn:x> 'a'^^xsd:strin ; rdfs:seeAlso ?y"
    text = f"PREFIX k: <{namespace}> SELECT * {{ <{lorra}> skos:prefLable ?l ; k:usse ?x ; {other} }}"
    thing, label, own = unknown_terms(text, store, knowledge)
    assert "no method/lorra; near it are method/lora" in thing
    assert "no skos:prefLable; near it are skos:prefLabel" in label
    assert "no kg:usse; near it are kg:uses" in own


@pytest.mark.parametrize("form", ["csv", "tsv", "json", "xml"])
def test_an_answer_is_the_same_through_a_worker(graph_file: Path, knowledge: Knowledge, form: Format) -> None:
    cells = '("x\\ty\\nz\\"" UNDEF 1.5) ("q"@en <a:b> true) ("\\\\" 1e3 "2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>)'
    for text in (f"SELECT * {{ VALUES (?a ?b ?c) {{ {cells} }} }}", "SELECT * {}", "SELECT ?x { FILTER(false) }", "ASK {}"):
        found = ask_graph(graph_file, text, knowledge)
        assert render(found, form, knowledge) == serialise(run(load_store(graph_file), text, knowledge), form)


def test_triples_come_as_turtle_ntriples_jsonld_and_rdf_xml(graph_file: Path, knowledge: Knowledge) -> None:
    found = ask_graph(graph_file, "CONSTRUCT { ?entity ?p ?o } WHERE { ?entity ?p ?o }", knowledge, "LoRA")
    graphs = []
    for form, rdf in (
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("rdf", ox.RdfFormat.RDF_XML),
    ):
        graphs.append({quad.triple for quad in ox.parse(render(found, form, knowledge), format=rdf)})  # type: ignore[arg-type]
    assert len(graphs[0]) == found.rows > 3
    assert all(graph == graphs[0] for graph in graphs)
    with pytest.raises(QueryError, match="a graph, which can be written as ttl, nt, jsonld, rdf, not as csv"):
        render(found, "csv", knowledge)


@pytest.mark.parametrize(
    ("text", "limits", "limit"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", Limits(seconds=0.5), "time"),
        ("SELECT * { ?a ?b ?c }", Limits(rows=100), "rows"),
        ("CONSTRUCT WHERE { ?a ?b ?c }", Limits(rows=100), "rows"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f", Limits(megabytes=64), "process"),
    ],
)
def test_a_limit_holds_and_is_said(graph_file: Path, knowledge: Knowledge, text: str, limits: Limits, limit: str) -> None:
    started = time.monotonic()
    with pytest.raises(LimitError) as caught:
        ask_graph(graph_file, text, knowledge, limits=limits)
    assert caught.value.limit == limit
    assert str(caught.value).endswith(".")
    assert time.monotonic() - started < 10


def test_a_store_in_a_folder_is_asked_like_a_file(graph_file: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    store = ox.Store(str(tmp_path / "store"))
    store.bulk_load(path=str(graph_file), format=ox.RdfFormat.TURTLE)
    store.flush()
    del store
    answers = [
        ask_graph(path, "SELECT * { ?s kg:uses ?o } ORDER BY ?s ?o", knowledge) for path in (graph_file, tmp_path / "store")
    ]
    assert answers[0].content == answers[1].content
    with pytest.raises(KgraphError, match="holds no store"):
        ask_graph(tmp_path, "ASK {}", knowledge)


def test_the_commands_ask_and_list(graph_file: Path) -> None:
    graph = ("--graph", str(graph_file))
    done = subprocess.run(
        [sys.executable, "-m", "kgraph", "query", "-", *graph, "-f", "json", "--explain"],
        input=b"ASK { ?x a kg:Papre }",
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == {"head": {}, "boolean": False}
    assert "warning: The ontology has no kg:Papre; near it are kg:Paper" in done.stderr.decode()
    assert "1 row in " in done.stderr.decode()
    wrong = run_kgraph("query", "SELECT ?x { ?x a kg:Paper", *graph)
    assert wrong.returncode == 1
    assert wrong.stderr.decode().splitlines()[1:] == ["  SELECT ?x { ?x a kg:Paper", "            ^"]
    listed = run_kgraph("queries").stdout.decode().splitlines()
    assert any(line.startswith("get-code ") and " --entity " in line for line in listed)
    assert any(line.startswith("report-papers ") and " --entity " not in line for line in listed)
