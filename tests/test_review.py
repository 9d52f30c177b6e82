import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import run_kgraph

from kgraph.decisions import read_curation
from kgraph.errors import QueryError
from kgraph.export.rdf import Literal, triples
from kgraph.knowledge import Knowledge
from kgraph.model import Decision
from kgraph.pipeline import build
from kgraph.query import find_entity, load_store, run
from kgraph.review.check import check
from kgraph.review.explain import explain_statement, explain_thing
from kgraph.review.suggest import suggest


def test_a_thing_is_found_by_any_of_its_names(graph_file: Path, knowledge: Knowledge) -> None:
    store, iri = load_store(graph_file), knowledge.ontology.iri("method/chain-of-thought-prompting")
    for given in (
        "chain-of-thought prompting",
        "Chain of Thought",
        "chain-of-thoughts",
        "method/chain-of-thought-prompting",
        iri,
    ):
        assert find_entity(store, given, knowledge) == iri


@pytest.mark.parametrize("given", ["Chian-of-thought prompting", '"; DROP <x>', "<script>", ""])
def test_an_unknown_name_is_said_with_what_is_near(graph_file: Path, knowledge: Knowledge, given: str) -> None:
    with pytest.raises(QueryError, match="No thing in the graph is called"):
        find_entity(load_store(graph_file), given, knowledge)


def test_a_name_of_two_things_is_not_guessed(graph_file: Path, knowledge: Knowledge) -> None:
    with pytest.raises(QueryError, match=r"can be .*ka~knowledge-accumulation, .*say which one"):
        find_entity(load_store(graph_file), "KA", knowledge)


def test_a_thing_is_explained_by_its_forms_and_sentences(graph_file: Path, knowledge: Knowledge) -> None:
    store = load_store(graph_file)
    found = explain_thing(store, find_entity(store, "ICL", knowledge), knowledge)
    assert (found.type, found.name) == ("Method", "ICL")
    assert dict(found.forms) == {"Ideal Continual Learner": "short or long form, as a paper has it"}
    assert found.apart == ("method/in-context-learning",)
    introduced = [one for one in found.said if one.relation == "introduces"]
    assert introduced
    for one in introduced:
        assert {one.sentence[start:end] for start, end in one.marks} <= {"ICL", "Ideal Continual Learner"}
        assert one.marks


def test_a_statement_is_explained_by_what_says_it(graph_file: Path, knowledge: Knowledge) -> None:
    store = load_store(graph_file)
    pcr, hpcr = (find_entity(store, name, knowledge) for name in ("PCR", "HPCR"))
    assert {one.relation for one in explain_statement(store, hpcr, "basedOn", pcr, knowledge)} == {"basedOn"}
    with pytest.raises(QueryError, match="does not say PCR outperforms HPCR"):
        explain_statement(store, pcr, "outperforms", hpcr, knowledge)
    with pytest.raises(QueryError, match="There is no relation beats; there are addresses"):
        explain_statement(store, pcr, "beats", hpcr, knowledge)


def test_a_result_and_its_evidence_are_named_by_what_they_say(graph_file: Path, knowledge: Knowledge) -> None:
    store = load_store(graph_file)
    rows = list(
        run(store, "SELECT * { ?e rdf:object ?r . ?x kg:hasResult ?r ; rdfs:label ?name . ?r kg:value ?v } LIMIT 5", knowledge)
    )
    for row in rows:
        node, evidence, name, value = (row[part].value for part in ("r", "e", "name", "v"))
        found = explain_thing(store, node, knowledge)
        assert found.name.startswith(f"{name} – ")
        assert found.name.endswith(f" – {value}")
        assert (one := explain_thing(store, evidence, knowledge)).said == found.said
        assert one.name == f"{name} hasResult {found.name}"
    assert rows


def test_evidence_without_confidence_is_explained(triples_of_small: list[str], tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / "g.nt").write_text("\n".join(line for line in triples_of_small if "#confidence>" not in line) + "\n")
    store = load_store(tmp_path / "g.nt")
    assert {one.confidence for one in explain_thing(store, f"{ID}method/quorpnet", knowledge).said} == {0}
    explained = run_kgraph("explain", "QuorpNet", "--graph", str(tmp_path / "g.nt"))
    assert b"nan" not in explained.stdout + explained.stderr


def test_suggestions_are_rows_that_can_be_decided(graph_file: Path, knowledge: Knowledge) -> None:
    store = load_store(graph_file)
    rows = list(suggest(store, knowledge, papers=2))
    assert {row.action for row in rows} <= {"merge", "retype"}
    pairs = [{row.subject, row.object} for row in rows]
    assert {"method/icl", "method/in-context-learning"} in pairs  # kept apart
    assert {"method/self-critique", "method/self-critiquing"} in pairs
    assert {"method/g-simclr", "method/simclr"} not in pairs
    assert ("retype", "model/uoe", "Method") in [row[:3] for row in rows]
    assert {"method/model-merging", "method/model-moerging"} in [{row.subject, row.object} for row in rows]
    assert all("\t" not in cell and "\n" not in cell for row in rows for cell in row)
    settled = [Decision("never-merge", "method/model-moerging", "method/model-merging", "two things")]
    assert len(list(suggest(store, knowledge, papers=2, decided=settled))) == len(rows) - 1


def test_the_commands_print_what_they_found(graph_file: Path) -> None:
    explained = run_kgraph("explain", "PCR", "--graph", str(graph_file), COLUMNS="200")
    assert explained.returncode == 0
    assert "HPCR basedOn PCR" in explained.stdout.decode()
    proposed = run_kgraph("suggest", "--papers", "2", "--graph", str(graph_file))
    first, *others = proposed.stdout.decode().splitlines()
    assert first == "action\tsubject\tobject\treason"
    assert all(line.startswith("# ") for line in others)
    assert run_kgraph("explain", "PCR", "basedOn", "--graph", str(graph_file)).returncode == 2


def test_proposals_are_added_to_a_file_that_can_be_applied_as_it_is(
    graph_file: Path, tmp_path: Path, knowledge: Knowledge
) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("action\tsubject\tobject\treason\ndrop\tmethod/ai\t\tno name of a thing")
    asked = ("suggest", "--graph", str(graph_file), "-o", str(path))
    assert run_kgraph(*asked).returncode == 0
    once = path.read_text()
    assert len(once.splitlines()) > 5
    assert run_kgraph(*asked).stderr.startswith(b"0 proposals")
    assert path.read_text() == once
    path.write_text(once + "action\tsubject\tobject\treason\n")
    assert [one.action for one in read_curation(path, knowledge.ontology)] == ["drop"]
    path.write_text(once.replace("# merge", "merge").replace("# retype", "retype"))
    assert len(read_curation(path, knowledge.ontology)) > 5


SMALL = "We propose QuorpNet, a framework. We evaluate QuorpNet on GSM8K, where it has an accuracy of 81.7%."


@pytest.fixture(scope="module")
def triples_of_small(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("small")
    (folder / "papers.jsonl").write_text(json.dumps({"title": "On quorping", "abstract": SMALL}) + "\n")
    assert run_kgraph("build", "papers.jsonl", "-o", "graph.ttl", cwd=folder).returncode == 0
    dumped = ox.serialize(ox.parse(path=str(folder / "graph.ttl")), format=ox.RdfFormat.N_TRIPLES)
    assert dumped is not None
    return sorted(dumped.decode().splitlines())


def problems(lines: list[str], tmp_path: Path, knowledge: Knowledge) -> set[str]:
    path = tmp_path / "graph.nt"
    path.write_text("\n".join(lines) + "\n")
    return {problem.check for problem in check(path, knowledge, with_shapes=False)}


def test_a_graph_as_built_has_no_problem(triples_of_small: list[str], tmp_path: Path, knowledge: Knowledge) -> None:
    assert problems(triples_of_small, tmp_path, knowledge) == set()


ID, TERM = "https://w3id.org/kgraph/id/", "https://w3id.org/kgraph/ontology#"


@pytest.mark.parametrize(
    ("name", "added", "removed"),
    [
        ("check-evidence", f"<{ID}method/quorpnet> <{TERM}basedOn> <{ID}benchmark/gsm8k> .", ""),
        ("check-families", f"<{ID}method/quorpnet> <{TERM}variantOf> <{ID}method/quorpnet> .", ""),
        ("check-nodes", f"<{ID}method/quorpnet> <{TERM}basedOn> <{ID}method/nothing> .", ""),
        ("check-names", f'<{ID}benchmark/x> <http://www.w3.org/2004/02/skos/core#altLabel> "gsm-8k" .', ""),
        ("check-statements", "", f"<{ID}method/quorpnet> <{TERM}evaluatedOn>"),
        ("check-sentences", "", ""),
    ],
)
def test_a_graph_broken_in_a_way_is_caught(
    triples_of_small: list[str], tmp_path: Path, knowledge: Knowledge, name: str, added: str, removed: str
) -> None:
    lines = [line for line in triples_of_small if not removed or not line.startswith(removed)]
    if name == "check-names":
        lines += [f"<{ID}benchmark/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{TERM}Benchmark> ."]
    if name == "check-sentences":
        lines = [line.replace("We propose", "They propose") if "oa#exact" in line else line for line in lines]
    assert lines + [added] * bool(added) != triples_of_small
    assert name in problems([*lines, added], tmp_path, knowledge)


def test_a_sentence_of_a_paper_without_abstract_stands_in_its_title(tmp_path: Path, knowledge: Knowledge) -> None:
    (tmp_path / "papers.jsonl").write_text(json.dumps({"title": "QuorpNet: quorping on GSM8K"}) + "\n")
    graph = build([tmp_path / "papers.jsonl"], knowledge)
    assert graph.links
    lines = [f"<{a}> <{b}> {value(c, knowledge)} ." for a, b, c in triples(graph, knowledge.ontology)]
    assert problems(lines, tmp_path, knowledge) == set()
    lines = [line.replace("quorping", "zorping") if "oa#exact" in line else line for line in lines]
    assert problems(lines, tmp_path, knowledge) == {"check-sentences"}


def value(term: str | Literal, knowledge: Knowledge) -> str:
    datatype = f"^^<{knowledge.ontology.term(term.datatype)}>" if isinstance(term, Literal) and term.datatype else ""
    return json.dumps(term.value) + datatype if isinstance(term, Literal) else f"<{term}>"


def test_check_says_what_is_wrong_where_and_exits_with_1(triples_of_small: list[str], tmp_path: Path) -> None:
    good, bad, empty = (tmp_path / f"{name}.nt" for name in ("good", "bad", "empty"))
    good.write_text("\n".join(triples_of_small) + "\n")
    bad.write_text("\n".join([*triples_of_small, f'<{ID}method/quorpnet> <{TERM}confidence> "2"^^<urn:x> .']) + "\n")
    empty.write_text("")
    assert run_kgraph("check", str(good)).returncode == 0
    found = run_kgraph("check", str(bad))
    assert found.returncode == 1
    assert "method/quorpnet" in found.stdout.decode()
    assert b"has no node of the class" in run_kgraph("check", str(empty)).stderr
    assert run_kgraph("export", str(good), "-o", str(tmp_path / "store.db")).returncode == 0
    refused = run_kgraph("check", str(tmp_path / "store.db"))
    assert (refused.returncode, refused.stderr.count(b"--no-shapes")) == (1, 1)
    assert run_kgraph("check", str(tmp_path / "store.db"), "--no-shapes").returncode == 0
