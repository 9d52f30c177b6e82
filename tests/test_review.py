from pathlib import Path

import pytest
from conftest import run_kgraph

from kgraph.errors import QueryError
from kgraph.export import write_graph
from kgraph.knowledge import Knowledge
from kgraph.model import Decision, Graph
from kgraph.query import find_entity, load_store
from kgraph.review import explain_statement, explain_thing, suggest


@pytest.fixture(scope="module")
def graph_file(seed_graph: Graph, knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("review") / "graph.ttl"
    write_graph(seed_graph, [path], knowledge)
    return path


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
    assert dict(found.forms) == {"Ideal Continual Learner": "short or long form, by a definition in a paper"}
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


def test_suggestions_are_rows_that_can_be_decided(graph_file: Path, knowledge: Knowledge) -> None:
    store = load_store(graph_file)
    rows = list(suggest(store, knowledge, papers=2))
    assert {row.action for row in rows} <= {"merge", "retype"}
    assert {"method/model-merging", "method/model-moerging"} in [{row.subject, row.object} for row in rows]
    assert all("\t" not in cell and "\n" not in cell for row in rows for cell in row)
    settled = [Decision("never-merge", "method/model-moerging", "method/model-merging", "two things")]
    assert len(list(suggest(store, knowledge, papers=2, decided=settled))) == len(rows) - 1


def test_the_commands_print_what_they_found(graph_file: Path) -> None:
    explained = run_kgraph("explain", "PCR", "--graph", str(graph_file), COLUMNS="200")
    assert explained.returncode == 0
    assert "HPCR basedOn PCR" in explained.stdout.decode()
    proposed = run_kgraph("suggest", "--papers", "2", "--graph", str(graph_file))
    assert proposed.stdout.decode().splitlines()[0] == "action\tsubject\tobject\treason"
    assert run_kgraph("explain", "PCR", "basedOn", "--graph", str(graph_file)).returncode == 2
