import re
import shutil
from pathlib import Path

import pytest

from kgraph.errors import DataError
from kgraph.knowledge import knowledge_folder, load_knowledge
from kgraph.lexicon import Lexicon


def lexicon_with(tmp_path: Path, file: str, row: str) -> Lexicon:
    folder = tmp_path / "ontology"
    shutil.copytree(knowledge_folder(), folder)
    path = folder / "lexicon" / file
    lines = [*path.read_text(encoding="utf-8").splitlines(), row]
    rows = sorted(lines[1:], key=lambda line: (line.split("\t")[0].casefold(), line.split("\t")[0]))
    path.write_text("\n".join([lines[0], *rows]) + "\n", encoding="utf-8")
    return load_knowledge(folder).lexicon


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("GSM8K\t\t\t\tcommon", "should stand once"),
        ("Quorpian Eights\tGSM8K\t\t\tcommon", "share the form 'gsm8k'"),
        ("Quorpian Eights\t\tNo Such Thing\t\tcommon", "is no row of this file"),
        ("Quorpian Eights\tcommon", "should have 5 cells"),
    ],
)
def test_a_wrong_row_is_refused_with_what_is_wrong(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        lexicon_with(tmp_path, "benchmarks.tsv", row)


def test_two_things_may_share_a_form_if_one_says_in_which_context(tmp_path: Path) -> None:
    lexicon = lexicon_with(tmp_path, "methods.tsv", "quorping\tGSM8K\t\tquorp\tcommon")
    assert {row.name for row in lexicon.by_key["gsm8k"]} == {"GSM8K", "quorping"}


def test_the_lexicon_is_as_wide_as_it_says() -> None:
    kinds = [row.type for row in load_knowledge().lexicon.rows]
    wide = {"Benchmark": 6000, "Model": 2500, "Method": 9000, "Task": 3900, "Metric": 1000}
    assert all(kinds.count(cls) > least for cls, least in wide.items())


def test_a_few_letters_that_need_a_context_begin_no_other_name() -> None:
    lexicon = load_knowledge().lexicon
    assert not list(lexicon.ancestors("TS-Quorp", "Method"))
    assert "chain-of-thought prompting" in lexicon.ancestors("CoT-Quorp", "Method")
    assert "SAM" in lexicon.ancestors("SAM-Quorp", "Model")


def test_a_size_is_no_other_name_of_its_model() -> None:
    size = re.compile(r"[-_ ](?:\d+x)?\d+(?:\.\d+)?[BbMm]\b")
    rows = [row for row in load_knowledge().lexicon.rows if row.type == "Model"]
    assert not [(row.name, form) for row in rows for form in row.aliases if size.search(form) and not size.search(row.name)]


def test_what_a_row_is_a_kind_of_is_no_other_name_of_it() -> None:
    lexicon = load_knowledge().lexicon
    wrong = [row.name for row in lexicon.rows if row.broader and row.broader in row.aliases]
    assert not wrong
