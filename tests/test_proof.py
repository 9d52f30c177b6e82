import shutil
from pathlib import Path

import pytest

from kgraph.errors import DataError
from kgraph.knowledge import knowledge_folder, load_knowledge
from kgraph.pipeline import reader

pytestmark = pytest.mark.slow

KINDS = {
    "cue": ("roles.toml", "Unlike [PPO], it needs no critic."),
    "name": ("names.toml", "We meet [QuorpNet], a framework for quorping."),
    "relation": ("relations.toml", "We propose QuorpNet. It outperforms [PPO]."),
    "result": ("relations.toml", "QuorpNet has an accuracy of [81.7%] on GSM8K."),
}


def test_every_rule_has_examples_of_both_kinds() -> None:
    examples = load_knowledge().patterns.examples
    rules = {(example.kind, example.rule) for example in examples}
    for wanted in (True, False):
        assert {(example.kind, example.rule) for example in examples if example.wanted is wanted} == rules


def test_the_patterns_do_what_their_examples_say() -> None:
    assert list(reader(load_knowledge())([])) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_pattern_that_breaks_its_example_is_refused_with_the_sentence(kind: str, tmp_path: Path) -> None:
    file, sentence = KINDS[kind]
    folder = tmp_path / "ontology"
    shutil.copytree(knowledge_folder(), folder)
    path = folder / "patterns" / file
    broken = path.read_text(encoding="utf-8").replace(sentence, "The sun is [bright].")
    assert broken != path.read_text(encoding="utf-8")
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(DataError, match=r"should read .*The sun is \[bright\]"):
        reader(load_knowledge(folder))
