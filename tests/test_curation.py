from pathlib import Path

import pytest
from conftest import paper, run_kgraph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.decisions import read_curation
from kgraph.errors import DataError
from kgraph.export.sssom import sssom
from kgraph.graph import assemble
from kgraph.knowledge import Knowledge
from kgraph.linking import link
from kgraph.model import Decision, Graph, Reading
from kgraph.reading import Reader
from kgraph.relating import relate

TEXTS = {
    "On quorping": "We propose QuorpNet, a framework. QuorpNet beats PPO.",
    "On zorking": "We use the QuorpNets framework and evaluate on GSM8K.",
    "On GPT-4": "We fine-tune ZorpLM, a language model, on GSM8K. ZorpLM outperforms PPO.",
}


@pytest.fixture(scope="module")
def readings(reader: Reader, knowledge: Knowledge) -> list[Reading]:
    papers = [paper(title, abstract) for title, abstract in TEXTS.items()]
    return [relate(link(reader.read_paper(one), knowledge), knowledge) for one in papers]


def decided(readings: list[Reading], knowledge: Knowledge, *rows: tuple[str, str, str]) -> Graph:
    return assemble(readings, knowledge, [Decision(*row, "so said") for row in rows])


def ids(graph: Graph) -> set[str]:
    return {entity.id for entity in graph.entities}


def said(graph: Graph, node: str) -> set[str]:
    return {link.relation for link in graph.links if node in (link.head, link.tail)}


def test_merge_makes_two_nodes_one_with_all_their_statements(readings: list[Reading], knowledge: Knowledge) -> None:
    before, after = decided(readings, knowledge), decided(readings, knowledge, ("merge", "method/ppo", "method/quorpnet"))
    assert "method/quorpnet" in ids(before) - ids(after)
    (ppo,) = [entity for entity in after.entities if entity.id == "method/ppo"]
    assert {"QuorpNet", "PPO"} <= set(ppo.aliases)
    assert ppo.notes == ("merge method/ppo method/quorpnet: so said",)
    assert said(after, "method/ppo") >= said(before, "method/quorpnet") - {"outperforms"}
    assert all(one.head != one.tail for one in after.links)


def test_split_gives_a_paper_a_node_of_its_own(readings: list[Reading], knowledge: Knowledge) -> None:
    other = next(one.paper.id for one in readings if one.paper.title == "On zorking")
    after = decided(readings, knowledge, ("split", "method/quorpnet", other))
    apart = {one for one in ids(after) if one.startswith("method/quorpnet")}
    assert len(apart) == 2
    assert all(len({e.paper for one in after.links if one.tail == node for e in one.evidence}) == 1 for node in apart)


def test_never_merge_sets_a_spelling_apart(readings: list[Reading], knowledge: Knowledge) -> None:
    after = decided(readings, knowledge, ("never-merge", "method/quorpnet", "QuorpNets"))
    assert {entity.name for entity in after.entities} >= {"QuorpNet", "QuorpNets"}


def test_retype_changes_the_relations_that_go_with_the_type(readings: list[Reading], knowledge: Knowledge) -> None:
    after = decided(readings, knowledge, ("retype", "benchmark/gsm8k", "Method"))
    assert "method/gsm8k" in ids(after)
    assert "evaluatesOn" not in said(after, "method/gsm8k")
    for one in after.links:
        relation, types = knowledge.ontology.relations[one.relation], {e.id: e.type for e in after.entities}
        assert types.get(one.head, "Paper") in relation.domain
        assert types[one.tail] in relation.range


def test_rename_and_drop(readings: list[Reading], knowledge: Knowledge) -> None:
    after = decided(readings, knowledge, ("rename", "method/quorpnet", "Quorp Network"), ("drop", "benchmark/gsm8k", ""))
    assert "method/quorp-network" in ids(after)
    assert not {"method/quorpnet", "benchmark/gsm8k"} & ids(after)
    assert not said(after, "benchmark/gsm8k")


def test_a_row_follows_what_rows_before_made_of_its_node(readings: list[Reading], knowledge: Knowledge) -> None:
    rows = [("merge", "method/quorpnet", "method/ppo"), ("rename", "method/ppo", "Quorp")]
    assert "method/quorp" in ids(decided(readings, knowledge, *rows))


def test_two_nodes_can_swap_their_names(readings: list[Reading], knowledge: Knowledge) -> None:
    before = decided(readings, knowledge)
    after = decided(readings, knowledge, ("rename", "method/quorpnet", "PPO"), ("rename", "method/ppo", "QuorpNet"))
    assert ids(after) == ids(before)
    assert len(after.decisions) == 2
    assert (
        said(after, "method/ppo")
        == said(before, "method/quorpnet")
        != said(before, "method/ppo")
        == said(after, "method/quorpnet")
    )
    rows = [("rename", "method/quorpnet", "PPO"), ("rename", "method/ppo", "Zorp")]
    chain = decided(readings, knowledge, *rows)
    assert said(chain, "method/ppo") == said(before, "method/quorpnet")
    assert said(chain, "method/zorp") == said(before, "method/ppo")


def test_what_has_one_spelling_or_one_paper_is_not_set_apart_from_itself(readings: list[Reading], knowledge: Knowledge) -> None:
    (home,) = [one.paper.id for one in readings if one.paper.title == "On GPT-4"]
    rows = [("never-merge", "model/zorplm", "ZorpLM"), ("split", "model/zorplm", home)]
    after = decided(readings, knowledge, *rows)
    assert not after.decisions
    assert after.entities == decided(readings, knowledge).entities


def test_things_of_two_types_merge_once_one_is_retyped(readings: list[Reading], knowledge: Knowledge) -> None:
    merge, retype = ("merge", "method/quorpnet", "model/zorplm"), ("retype", "model/zorplm", "Method")
    assert ids(decided(readings, knowledge, merge)) == ids(decided(readings, knowledge))
    after = decided(readings, knowledge, merge, retype)
    assert not {"model/zorplm", "method/zorplm"} & ids(after)
    assert "ZorpLM" in next(one for one in after.entities if one.id == "method/quorpnet").aliases


def test_rows_without_effect_are_told_from_those_with(readings: list[Reading], knowledge: Knowledge) -> None:
    after = decided(readings, knowledge, ("drop", "method/nothing", ""), ("drop", "method/ppo", ""))
    assert [decision.subject for decision in after.decisions] == ["method/ppo"]
    assert decided(readings, knowledge, ("drop", "method/nothing", "")).entities == decided(readings, knowledge).entities


def test_sssom_tells_what_was_merged_and_set_apart(readings: list[Reading], knowledge: Knowledge) -> None:
    rows = [("merge", "method/quorpnet", "method/ppo"), ("never-merge", "method/quorpnet", "QuorpNets")]
    lines = sssom(decided(readings, knowledge, *rows), knowledge).decode().splitlines()
    table = [line.split("\t") for line in lines if not line.startswith("#")]
    assert table[0][:4] == ["subject_id", "subject_label", "predicate_id", "predicate_modifier"]
    assert ["kgid:method/quorpnet", "QuorpNet", "skos:exactMatch", "", "kgid:method/ppo", "PPO"] in [row[:6] for row in table]
    assert any(row[3] == "Not" and row[5] == "QuorpNets" for row in table)


NODES = st.sampled_from(["method/quorpnet", "method/ppo", "benchmark/gsm8k", "method/quorp", "model/ppo"])
ROWS = st.one_of(
    st.tuples(st.just("merge"), NODES, NODES),
    st.tuples(st.just("never-merge"), NODES, NODES | st.sampled_from(["QuorpNets", "PPO", "method"])),
    st.tuples(st.just("split"), NODES, st.sampled_from(["paper/on-quorping-1", "paper/x"])),
    st.tuples(st.just("retype"), NODES, st.sampled_from(["Method", "Model", "Benchmark"])),
    st.tuples(st.just("rename"), NODES, st.sampled_from(["PPO", "Quorp", "quorpnet"])),
    st.tuples(st.just("drop"), NODES, st.just("")),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, max_size=6))
def test_any_rows_come_to_an_end_and_can_be_written(
    readings: list[Reading], knowledge: Knowledge, rows: list[tuple[str, str, str]]
) -> None:
    graph = decided(readings, knowledge, *rows, *rows)
    assert len({entity.id for entity in graph.entities}) == len(graph.entities)
    known = {entity.id for entity in graph.entities} | {one.id for one in graph.papers}
    assert all({one.head, one.tail} <= known for one in graph.links)
    assert sssom(graph, knowledge).count(b"\n") >= 6


def test_what_linking_kept_apart_stays_apart_when_retyped(reader: Reader, knowledge: Knowledge) -> None:
    texts = ["We propose zonal quick reading (ZQR).", "We propose zero quiet routing (ZQR)."]
    two = [relate(link(reader.read_paper(paper(text, text)), knowledge), knowledge) for text in texts]
    rows = [("retype", f"method/zqr~{tail}", "Model") for tail in ("zonal-quick-reading", "zero-quiet-routing")]
    assert len([one for one in ids(decided(two, knowledge, *rows)) if one.startswith("model/zqr~")]) == 2


def test_a_new_name_counts_where_another_thing_has_its_id(readings: list[Reading], knowledge: Knowledge) -> None:
    after = decided(readings, knowledge, ("rename", "method/quorpnet", "ppo"))
    assert [entity.name for entity in after.entities if entity.id == "method/ppo"] == ["ppo"]


def test_rows_that_contradict_each_other_are_refused(tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "curation.tsv"
    path.write_text("action\tsubject\tobject\treason\nmerge\tmethod/a\tmethod/b\tx\nnever-merge\tmethod/b\tmethod/a\ty\n")
    with pytest.raises(DataError, match="never to be merged"):
        read_curation(path, knowledge.ontology)


def test_rows_that_merge_what_must_stay_apart_by_way_of_others_are_refused(tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "curation.tsv"
    rows = ["merge\tmethod/a\tmethod/b\tx", "merge\tmethod/b\tmethod/c\tx", "never-merge\tmethod/c\tmethod/a\ty"]
    path.write_text("\n".join(["action\tsubject\tobject\treason", *rows, ""]))
    with pytest.raises(DataError, match=r":4: method/c and method/a are never to be merged, but lines 2 and 3 would make"):
        read_curation(path, knowledge.ontology)


def test_a_merge_of_two_types_is_refused_until_one_is_retyped(tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "curation.tsv"
    rows = ["action\tsubject\tobject\treason", "merge\tmethod/a\tmodel/b\tx", "retype\tmodel/b\tMethod\ty", ""]
    path.write_text("\n".join(rows[:2]))
    with pytest.raises(DataError, match=r":2: method/a and model/b are of two types; a row must retype one of them first"):
        read_curation(path, knowledge.ontology)
    path.write_text("\n".join(rows))
    assert len(read_curation(path, knowledge.ontology)) == 2


def test_a_file_in_another_encoding_is_said_with_its_line(tmp_path: Path, knowledge: Knowledge) -> None:
    path = tmp_path / "curation.tsv"
    path.write_bytes("action\tsubject\tobject\treason\ndrop\tmethod/a\t\tdéjà vu\n".encode("latin-1"))
    with pytest.raises(DataError, match=r"curation\.tsv:2: expected UTF-8 text, but byte 0xE9 stands there"):
        read_curation(path, knowledge.ontology)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("merge\tmethod/a\tmethod/b", "4 cells, but there are 3"),
        ("join\tmethod/a\tmethod/b\twhy", "expected one of split, never-merge, retype"),
        ("drop\tmethod/a\tmethod/b\twhy", "drop needs a subject and no object"),
        ("merge\tmethod/a\t\twhy", "merge needs a subject and an object"),
        ("retype\tmethod/a\tThing\twhy", "expected a type, one of"),
        ("drop\tmethod/a\t\t ", "the reason is missing"),
    ],
)
def test_a_wrong_row_is_said_with_its_line(tmp_path: Path, knowledge: Knowledge, row: str, sentence: str) -> None:
    path = tmp_path / "curation.tsv"
    path.write_text(f"# mine\naction\tsubject\tobject\treason\n\n{row}\r\n")
    with pytest.raises(DataError, match=rf"curation\.tsv:4: .*{sentence}"):
        read_curation(path, knowledge.ontology)


def test_build_applies_the_file_of_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text('{"title": "On quorping", "abstract": "We propose QuorpNet, a framework."}\n')
    without = run_kgraph("build", "papers.jsonl", "-o", "a", cwd=tmp_path)
    (tmp_path / "curation.tsv").write_text(
        "action\tsubject\tobject\treason\nrename\tmethod/quorpnet\tQuorp\tits own name\ndrop\tmethod/x\t\tnone\n"
    )
    done = run_kgraph("build", "papers.jsonl", "-o", "b", cwd=tmp_path)
    assert done.returncode == 0
    assert b"1 of 2 decisions applied; without effect here: drop method/x: none" in done.stderr
    assert 'prefLabel "Quorp"' in (tmp_path / "b" / "graph.ttl").read_text()
    assert (tmp_path / "b" / "graph.sssom.tsv").exists()
    (tmp_path / "curation.tsv").unlink()
    run_kgraph("build", "papers.jsonl", "-o", "b", cwd=tmp_path)
    assert without.returncode == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()
    }
