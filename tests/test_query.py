import json
from pathlib import Path

import pytest
import rdflib
from conftest import run_kgraph

from kgraph.errors import DataError, QueryError
from kgraph.export import write_graph
from kgraph.knowledge import Knowledge
from kgraph.pipeline import build
from kgraph.query import find_entity, load_store, named_queries, query_text, run, serialise, table


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
    with pytest.raises(QueryError, match="no query named papers-of; there are"):
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
    for hidden in (r"dcterms:a\#b", r"dcterms:a\'b"):  # what looks like a comment or a string and is none
        with pytest.raises(QueryError, match="SERVICE"):
            run(
                store,
                f"SELECT * {{ OPTIONAL {{ ?s {hidden} ?x }} SERVICE SILENT <http://127.0.0.1:1/> {{ ?s ?p ?o }} }}",
                knowledge,
            )
    run(store, 'SELECT * { ?s rdfs:label "SERVICE" } # service', knowledge)
