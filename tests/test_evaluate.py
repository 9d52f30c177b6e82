import json
from pathlib import Path
from typing import Any

import pytest
from conftest import GOLD, run_kgraph

from kgraph.errors import DataError
from kgraph.evaluate.report import Report, evaluate, read_records
from kgraph.export.jsonlines import reading_record
from kgraph.knowledge import Knowledge
from kgraph.model import Reading


def predicted(name: str, cls: str = "Method", role: str = "used", *forms: str) -> dict[str, Any]:
    return {"type": cls, "name": name, "role": role, "mentions": [{"text": form, "rule": "r"} for form in forms or (name,)]}


def wanted(name: str, cls: str = "Method", role: str = "used", tier: str = "core", *aliases: str) -> dict[str, Any]:
    return {"type": cls, "name": name, "role": role, "tier": tier, "aliases": list(aliases)}


def score(found: list[dict[str, Any]], gold: list[dict[str, Any]]) -> Report:
    return evaluate([{"title": "T", "entities": found}], [{"title": "t", "entities": gold}])


@pytest.mark.parametrize(
    ("found", "gold", "right", "false", "missed"),
    [
        ([predicted("GPT4")], [wanted("GPT-4")], 1, 0, 0),
        ([predicted("PCR", "Method", "used", "PCR", "replay")], [wanted("x", "Method", "used", "core", "replay")], 1, 0, 0),
        ([predicted("A", "Model")], [wanted("A")], 0, 1, 1),
        ([predicted("A")], [wanted("A", tier="optional")], 0, 0, 0),
        ([predicted("A"), predicted("a-")], [wanted("A")], 1, 1, 0),
        ([predicted("nothing")], [], 0, 1, 0),
        ([], [wanted("A"), wanted("B", tier="optional")], 0, 0, 1),
    ],
)
def test_matching_follows_its_rules(found: list[Any], gold: list[Any], right: int, false: int, missed: int) -> None:
    micro = score(found, gold).micro
    assert (micro.right, micro.false, micro.missed) == (right, false, missed)


def test_roles_are_counted_over_the_matched() -> None:
    report = score([predicted("A"), predicted("B")], [wanted("A"), wanted("B", role="introduced")])
    assert report.roles.precision == 0.5


def test_gold_that_is_wrong_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"title": "x", "entities": []}) + "\n[]\n")
    with pytest.raises(DataError, match=r"gold\.jsonl:2: expected a paper with title"):
        read_records(path)


def test_relations_and_results_count_through_matched_entities() -> None:
    gold = {
        "title": "T",
        "entities": [wanted("Alpha", "Method", "introduced", "core", "A-1"), wanted("B")],
        "relations": [{"head": "Alpha", "rel": "basedOn", "tail": "B"}],
        "results": [{"subject": "Alpha", "benchmark": "", "metric": "accuracy", "value": "+61.7 %"}],
    }
    found = {
        "title": "t",
        "entities": [predicted("A-1", "Method", "introduced"), predicted("B")],
        "relations": [{"head": "A-1", "rel": "basedOn", "tail": "B"}, {"head": "B", "rel": "variantOf", "tail": "A-1"}],
        "results": [{"subject": "A-1", "benchmark": "", "metric": "Accuracy", "value": "61.7%"}],
    }
    report = evaluate([found], [gold])
    assert (report.relation.right, report.relation.false, report.relation.missed) == (1, 0, 0)
    assert (report.results.right, report.results.false, report.results.missed) == (1, 0, 0)
    assert report.aliases.recall == 1.0


def test_splits_and_merges_are_counted_without_wider_mentions() -> None:
    found = [predicted("A", "Method", "used", "A", "C"), predicted("B"), predicted("D", "Method", "used", "b")]
    found[1]["mentions"].append({"text": "wide A", "rule": "with-modifier"})
    report = score(found, [wanted("A", "Method", "used", "core", "wide A"), wanted("B"), wanted("C")])
    assert (report.split, report.merged) == (1, 1)


def test_a_relation_to_what_is_only_optional_is_neither_right_nor_false() -> None:
    gold = {
        "title": "T",
        "entities": [wanted("A"), wanted("B"), wanted("C", tier="optional")],
        "relations": [{"head": "A", "rel": "basedOn", "tail": "B"}],
    }
    relations = [{"head": "A", "rel": "basedOn", "tail": tail} for tail in "BCD"]
    found = {"title": "T", "entities": [predicted(name) for name in "ABCD"], "relations": relations}
    relation = evaluate([found], [gold]).relation
    assert (relation.right, relation.false, relation.missed) == (1, 1, 0)


def test_readings_of_the_seeds_stay_above_the_floor(seed_readings: list[Reading], knowledge: Knowledge) -> None:
    report = evaluate([reading_record(reading, knowledge.ontology) for reading in seed_readings], read_records(GOLD))
    assert report.papers == 130
    floors = dict.fromkeys(("Benchmark", "Method", "Metric", "Model", "Task"), 0.85)
    floors |= {
        "micro": 0.905,
        "Repository": 1.0,
        "roles": 0.905,
        "aliases": 0.915,
        "relations": 0.6,
        "results": 0.5,
        "linking": 0.98,
    }
    assert {name: figure for name, figure in report.figures.items() if figure < floors.get(name, 0)} == {}
    sure = [score for (low, _), score in report.bins.items() if low >= 0.9]
    assert sum(score.right for score in sure) / sum(score.right + score.false for score in sure) >= 0.95


def test_the_command_reports_and_holds_to_floors(tmp_path: Path) -> None:
    lines, errors = tmp_path / "pred.jsonl", tmp_path / "errors.tsv"
    lines.write_text(json.dumps({"title": "T", "entities": [predicted("A")]}) + "\n")
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"title": "T", "entities": [wanted("A"), wanted("B")]}) + "\n")
    call = ["evaluate", "unused", "--pred", str(lines), "--gold", str(gold)]
    done = run_kgraph(*call, "--errors", str(errors), "--min", "micro=0.6")
    assert done.returncode == 0, done.stderr
    assert errors.read_text().startswith("missed\tMethod\tB\t")
    assert b"Below the floor: micro 0.667 < 0.7." in run_kgraph(*call, "--min", "micro=0.7").stderr
    assert b"There is no figure nothing" in run_kgraph(*call, "--min", "nothing=1").stderr
