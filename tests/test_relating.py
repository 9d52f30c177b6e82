import pytest
from conftest import paper

from kgraph.export.jsonlines import reading_record
from kgraph.knowledge import Knowledge
from kgraph.linking import link
from kgraph.model import Reading
from kgraph.reading import Reader
from kgraph.relating import own_thing, relate, roles_of
from kgraph.results import state_results


def read(reader: Reader, knowledge: Knowledge, title: str, abstract: str) -> Reading:
    return state_results(relate(link(reader.read_paper(paper(title, abstract)), knowledge), knowledge), knowledge)


@pytest.mark.parametrize(
    ("abstract", "head", "relation", "tail"),
    [
        ("We propose ZorkNet. It is evaluated on GSM8K.", "ZorkNet", "evaluatedOn", "GSM8K"),
        ("We propose ZorkNet. ZorkNet outperforms DQN.", "ZorkNet", "outperforms", "DQN"),
        ("We propose ZorkNet for machine translation.", "ZorkNet", "usedFor", "machine translation"),
        ("We propose ZorkNet, which builds on LoRA.", "ZorkNet", "basedOn", "LoRA"),
        ("We propose ZorkNet. We also introduce ZorkGate, a module of it.", "ZorkGate", "partOf", "ZorkNet"),
    ],
)
def test_sentences_relate_the_papers_own_thing_to_others(
    reader: Reader, knowledge: Knowledge, abstract: str, head: str, relation: str, tail: str
) -> None:
    record = reading_record(read(reader, knowledge, "ZorkNet: A Study", abstract), knowledge.ontology)
    assert (head, relation, tail) in {(one["head"], one["rel"], one["tail"]) for one in record["relations"]}
    (sentence,) = [one["sentence"] for one in record["relations"] if (one["head"], one["tail"]) == (head, tail)]
    assert tail in record["text"][slice(*sentence)] or head in record["text"][slice(*sentence)]


def test_a_baseline_is_not_beaten_by_being_compared_with(reader: Reader, knowledge: Knowledge) -> None:
    reading = read(reader, knowledge, "ZorkNet: A Study", "We propose ZorkNet. Unlike ZorkNet, other work does not scale.")
    assert not [claim for claim in reading.claims if claim.relation == "outperforms"]


def test_the_own_thing_is_what_the_title_presents(reader: Reader, knowledge: Knowledge) -> None:
    reading = read(reader, knowledge, "ZorkNet: A Study", "We propose ZorkGate. We use DQN. ZorkNet wins.")
    own = own_thing(reading, roles_of(reading, knowledge), knowledge.patterns)
    assert own is not None
    assert own.name == "ZorkNet"
    reading = read(reader, knowledge, "A study of things", "We use DQN here.")
    assert own_thing(reading, roles_of(reading, knowledge), knowledge.patterns) is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("ZorkNet reaches 81.7% success rate on WebShop.", ("ZorkNet", "WebShop", "success rate", "81.7%", "absolute")),
        ("It improves accuracy by 18%.", ("ZorkNet", "", "accuracy", "18%", "delta")),
        ("It has 85.2% accuracy (+4.5%).", ("ZorkNet", "", "accuracy", "+4.5%", "delta")),
        ("It beats RFT (53.6%) with a win rate of 62% in WebShop.", ("ZorkNet", "WebShop", "win rate", "62%", "absolute")),
    ],
)
def test_numbers_become_results(reader: Reader, knowledge: Knowledge, sentence: str, expected: tuple[str, ...]) -> None:
    record = reading_record(read(reader, knowledge, "ZorkNet: A Study", f"We propose ZorkNet. {sentence}"), knowledge.ontology)
    stated = {tuple(one[key] for key in ("subject", "benchmark", "metric", "value", "kind")) for one in record["results"]}
    assert expected in stated


@pytest.mark.parametrize(
    "sentence", ["It needs 5% of labeled data for its accuracy.", "In 2023 accuracy was low.", "It has 7 parts and accuracy."]
)
def test_other_numbers_do_not(reader: Reader, knowledge: Knowledge, sentence: str) -> None:
    assert read(reader, knowledge, "ZorkNet: A Study", f"We propose ZorkNet. {sentence}").results == ()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "It is better by 12.2% and 3.4% in terms of accuracy and F1, respectively.",
            {("accuracy", "", "12.2%"), ("F1 score", "", "3.4%")},
        ),
        (
            "It has an accuracy of 90.1% and 85.2% on GSM8K and SVAMP, respectively.",
            {("accuracy", "GSM8K", "90.1%"), ("accuracy", "SVAMP", "85.2%")},
        ),
        ("It has success rates of 70 to 80%.", {("success rate", "", "70 to 80%")}),
        ("It has an accuracy of 0.639 ± 0.113.", {("accuracy", "", "0.639 ± 0.113")}),
        ("It raises the accuracy from 18.6% to 81.7%.", {("accuracy", "", "81.7%")}),
    ],
)
def test_rows_ranges_and_deviations_keep_together(
    reader: Reader, knowledge: Knowledge, sentence: str, expected: set[tuple[str, str, str]]
) -> None:
    record = reading_record(read(reader, knowledge, "ZorkNet: A Study", f"We propose ZorkNet. {sentence}"), knowledge.ontology)
    assert {(one["metric"], one["benchmark"], one["value"]) for one in record["results"]} == expected
