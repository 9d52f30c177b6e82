import json
from pathlib import Path
from typing import Any

import pytest
from conftest import GOLD

from kgraph.errors import DataError
from kgraph.evaluate import Report, evaluate, read_records
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


def test_readings_of_the_seeds_stay_above_the_floor(seed_readings: list[Reading], knowledge: Knowledge) -> None:
    report = evaluate([reading_record(reading, knowledge.ontology) for reading in seed_readings], read_records(GOLD))
    assert report.papers == 130
    assert report.micro.f1 >= 0.78
    assert report.types["Repository"].f1 == 1.0
    assert report.types["Repository"].false == 0
