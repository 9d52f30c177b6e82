import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import paper

from kgraph.graph import assemble
from kgraph.knowledge import Knowledge
from kgraph.linking import link
from kgraph.model import Reading
from kgraph.pipeline import read
from kgraph.reading import Reader
from kgraph.relating import relate
from kgraph.resolving import occurrences, resolve

CASES = tomllib.loads((Path(__file__).parent / "linking_cases.toml").read_text(encoding="utf-8"))["case"]


def nodes(case: dict[str, Any], reader: Reader, knowledge: Knowledge) -> list[set[str]]:
    """The nodes of the case's two names."""
    readings: list[Reading] = []
    for text in case["papers"]:
        title, _, abstract = text.partition(" || ")
        readings.append(relate(link(reader.read_paper(paper(title, abstract)), knowledge), knowledge))
    node_of = {}
    for placed in resolve(occurrences(readings, knowledge), knowledge):
        node_of[placed.occurrence.entity.id, placed.occurrence.paper] = placed.node.id
    pairs = zip(case["names"], (readings[0], readings[-1]), strict=True)
    return [{node_of[m.entity, one.paper.id] for m in one.mentions if m.text == name} for name, one in pairs]


@pytest.mark.parametrize("category", sorted({case["category"] for case in CASES}))
def test_what_is_one_thing_and_what_is_not(category: str, reader: Reader, knowledge: Knowledge) -> None:
    cases = [case for case in CASES if case["category"] == category]
    assert len(cases) > 5
    wrong = {str(case["names"]): case["why"] for case in cases if "gap" not in case and not is_right(case, reader, knowledge)}
    assert wrong == {}


def test_what_is_known_to_be_wrong_is_still_wrong(reader: Reader, knowledge: Knowledge) -> None:
    gaps = [case for case in CASES if "gap" in case]
    assert len(gaps) <= len(CASES) / 30
    assert [case["names"] for case in gaps if is_right(case, reader, knowledge)] == []


def is_right(case: dict[str, Any], reader: Reader, knowledge: Knowledge) -> bool:
    one, other = nodes(case, reader, knowledge)
    return bool(one and other) and bool(one & other) == case["same"]


def test_a_model_that_is_also_the_family_of_another_is_named_as_it_is_known(knowledge: Knowledge) -> None:
    text = "It greatly enhances models like LLaMA3-8B and LLaMA3-70B. Advanced models like GPT-4 or LlaMa 3 are costly."
    reading = next(iter(read([paper("A study of models", text)], knowledge)))
    assert "LlaMa 3" in {mention.name for mention in reading.mentions}
    assert "Llama 3" in {entity.name for entity in reading.entities}
    assert {"Llama 3", "LLaMA3-8B"} <= {entity.name for entity in assemble([reading], knowledge).entities}
