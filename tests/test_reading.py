from itertools import pairwise

import pytest
from conftest import paper
from hypothesis import given
from hypothesis import strategies as st

from kgraph.knowledge import Knowledge
from kgraph.lexicon import normalise
from kgraph.linking import link
from kgraph.model import Mention, Reading
from kgraph.reading import Reader
from kgraph.reading.abbreviations import find_definitions
from kgraph.reading.model_names import members
from kgraph.reading.sentences import sentences
from kgraph.reading.urls import find_urls


def found(reader: Reader, text: str, title: str = "A study of things") -> dict[str, Mention]:
    return {mention.text: mention for mention in reader.read_paper(paper(title, text)).mentions}


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("at https://github.com/a/LogicLLaMA{{small https://github.com/a/LogicLLaMA}}.", "https://github.com/a/LogicLLaMA"),
        ("here (https://github.com/NVlabs/gbrl).", "https://github.com/NVlabs/gbrl"),
        ("see github.com/cosmoimd/feature-selection-gates.", "https://github.com/cosmoimd/feature-selection-gates"),
        ("page {https://mathcritique.github.io/}.", "https://mathcritique.github.io"),
        ("at https://anonymous.4open.science/r/Self-739E/{url}.", "https://anonymous.4open.science/r/Self-739E"),
        (r"at \url{https://github.com/x/y}.", "https://github.com/x/y"),
        ("on clvrai.com/boss.", "https://clvrai.com/boss"),
        ("(https://aka.ms/orca-lm), and", "https://aka.ms/orca-lm"),
        ("https://en.wikipedia.org/wiki/A_(b)", "https://en.wikipedia.org/wiki/A_(b)"),
    ],
)
def test_addresses_come_out_clean(text: str, url: str) -> None:
    assert {clean for _, _, clean in find_urls(text)} == {url}


@pytest.mark.parametrize("text", ["e.g., this and that", "sample.We then", "an F1 of 0.9", "Node.js and and/or", "me@mail.com/x"])
def test_other_text_holds_no_address(text: str) -> None:
    assert find_urls(text) == []


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("we use early-exiting dynamic neural networks (EDNN) here", ("EDNN", "early-exiting dynamic neural networks")),
        ("a method, proxy-based contrastive replay (PCR), is", ("PCR", "proxy-based contrastive replay")),
        ("with noisy chain-of-thought (CoT), we", ("CoT", "chain-of-thought")),
        ("MALLS (large language Model generAted NL-FOL pairS), a", ("MALLS", "large language Model generAted NL-FOL pairS")),
        ("large language models (LLMs) are", ("LLMs", "large language models")),
        ("with Tree of Thoughts (ToT), we", ("ToT", "Tree of Thoughts")),
        (
            "FILM: Following Instructions in Language with Modular Methods",
            ("FILM", "Following Instructions in Language with Modular Methods"),
        ),
        ("VCD-Quorp: Variance Aligned Co-Denoising", ("VCD-Quorp", "Variance Aligned Co-Denoising")),
        ("We propose an ImPlicit self-ImprovemenT (PIT) way", ("PIT", "ImPlicit self-ImprovemenT")),
    ],
)
def test_short_forms_find_their_long_forms(text: str, pair: tuple[str, str]) -> None:
    (definition,) = find_definitions(text, [(0, len(text))])
    assert (text[slice(*definition.short)], text[slice(*definition.long)]) == pair


@pytest.mark.parametrize(
    ("text", "long_form"),
    [
        (
            "We give ENCORE - Early stopping and Norm-Constrained robust Editing. It",
            "Early stopping and Norm-Constrained robust Editing",
        ),
        ("We give RISE: Recursive IntroSpEction, which", "Recursive IntroSpEction"),
        (
            "We give DRAFT, Dynamically Refining all the Analysis of Feedback and Trails",
            "Dynamically Refining all the Analysis of Feedback and Trails",
        ),
    ],
)
def test_short_forms_are_spelt_out_behind_marks(reader: Reader, text: str, long_form: str) -> None:
    assert long_form in [long for _, long in reader.read_paper(paper("A study", text)).short_forms]


@pytest.mark.parametrize(
    "text",
    [
        "the tasks (see Section 2) are",
        "embodied reasoning (BlocksWorld)",
        "in 2023 (IN 2023)",
        "gain (12%)",
        "Pays, employs it (Pay)",
    ],
)
def test_other_parentheses_define_nothing(text: str) -> None:
    assert find_definitions(text, [(0, len(text))]) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two? Three!", 3),
        ("We use e.g. Adam and i.e. SGD. It works.", 2),
        ("Smith et al. Show it. Good.", 2),
        ("a sample.We then go on", 2),
        ("It costs 3.5 dollars. Yes.", 2),
        ("Title of it\n\nThe abstract.", 2),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@given(st.text(alphabet="aB. ?\n(é\u2014\U0001f600", max_size=80))
def test_sentences_cover_all_but_white_space(text: str) -> None:
    ranges = sentences(text)
    covered = {offset for start, end in ranges for offset in range(start, end)}
    assert all(text[offset].isspace() or offset in covered for offset in range(len(text)))
    assert all(a[1] <= b[0] for a, b in pairwise(ranges))


def test_a_string_of_sizes_is_a_model_each() -> None:
    assert members("LLaMA-2-7B/13B") == ["LLaMA-2-7B", "LLaMA-2-13B"]
    assert members("Qwen2.5-Math-Instruct-1.5B/7B/72B") == [f"Qwen2.5-Math-Instruct-{size}" for size in ("1.5B", "7B", "72B")]
    assert members("ViT-B/16") == ["ViT-B/16"]


@pytest.mark.parametrize(
    "name", ["Qwen2.5-Math-7B-Instruct", "Llama-3-70B", "Llama2-70b", "ViT-B/16", "ResNet-50", "GPT-4o-mini", "T5-XXL"]
)
def test_members_of_model_families_need_no_row(reader: Reader, knowledge: Knowledge, name: str) -> None:
    mention = found(reader, f"We train {name} on data.")[name]
    assert mention.type == knowledge.patterns.model_type


@pytest.mark.parametrize(
    ("text", "name", "cls", "role"),
    [
        ("We present RoboGen, a generative robotic agent.", "RoboGen", "Method", "introduced"),
        ("We release ZorkBench, a benchmark for planning.", "ZorkBench", "Benchmark", "introduced"),
        ("We test on the QuizBowl9 dataset.", "QuizBowl9", "Benchmark", "evaluated_on"),
        ("We present a technique called Unlearnable Clusters (UCs) here.", "Unlearnable Clusters", "Method", "introduced"),
        ("Our code is at https://github.com/a/b.", "https://github.com/a/b", "Repository", "introduced"),
        ("A model fine-tuned using LoRA on one GPU.", "LoRA", "Method", "used"),
        ("It significantly outperforms GPT-3.5.", "GPT-3.5", "Model", "compared"),
        ("Extensive experiments on GSM8K show it.", "GSM8K", "Benchmark", "evaluated_on"),
        ("We work on question answering.", "question answering", "Task", "used"),
        ("It reaches a BLEU of 30.", "BLEU", "Metric", "used"),
    ],
)
def test_sentences_give_types_and_roles(reader: Reader, knowledge: Knowledge, text: str, name: str, cls: str, role: str) -> None:
    mention = found(reader, text)[name]
    assert mention.type == cls
    assert (mention.role or knowledge.patterns.default_roles[cls]) == role


def test_names_in_titles_are_found_before_a_colon_and_behind_the_last(reader: Reader) -> None:
    assert found(reader, "It is good.", "ZorbFS: Optimizing It")["ZorbFS"].rule == "title-colon"
    assert found(reader, "It is good.", "Jointly-Learned Exits: ZEI-DNN")["ZEI-DNN"].rule == "title-colon"


def test_generic_classes_and_institutions_are_no_names(reader: Reader) -> None:
    text = "Large language models (LLMs) by OpenAI run on GPUs through an API."
    assert found(reader, text) == {}


def test_a_short_form_of_nothing_is_no_other_known_name(reader: Reader) -> None:
    assert "PLMs" not in found(reader, "We study Pre-trained Language Models (PLMs). PLMs are strong.")
    assert "ANNs" not in found(reader, "We study Artificial Neural Networks (ANNs). ANNs are strong.")


def test_a_short_form_means_what_it_was_last_said_to_be(reader: Reader) -> None:
    text = "Masked Autoencoders (MAE) learn. The mean absolute error (MAE) falls. Our MAE is low."
    mentions = reader.read_paper(paper("A study", text)).mentions
    assert [one.name for one in mentions if one.text == "MAE"] == ["masked autoencoder", *["mean absolute error"] * 2]


def test_what_the_field_knows_is_not_new_where_it_is_called_so(reader: Reader, knowledge: Knowledge) -> None:
    (claim,) = link(reader.read_paper(paper("A study", "A technique called RAG helps.")), knowledge).claims
    assert claim.relation != "introduces"


@pytest.mark.parametrize(
    ("title", "text", "is_new"),
    [
        ("Learning to Prompt", "L2P helps.", False),
        ("Learning to Prompt for Continual Learning", "L2P helps.", True),
        ("A study", "Our L2P approach helps.", True),
        ("A study", "Our simulated annealing approach helps.", False),
        ("A study", "We propose a novel way called L2P, which helps.", True),
        ("A study", "We propose a way to prompt with L2P, which helps.", False),
    ],
)
def test_what_the_field_knows_is_new_in_its_own_paper(
    reader: Reader, knowledge: Knowledge, title: str, text: str, is_new: bool
) -> None:
    claims = link(reader.read_paper(paper(title, text)), knowledge).claims
    assert any(claim.relation == "introduces" for claim in claims) is is_new


def test_offsets_and_sentences_hold_in_every_seed(seed_readings: list[Reading]) -> None:
    for reading in seed_readings:
        text = reading.paper.text
        for mention in reading.mentions:
            assert text[mention.start : mention.end] == mention.text
            assert mention.sentence[0] <= mention.start
            assert mention.end <= mention.sentence[1]


@given(st.text(max_size=300))
def test_any_text_is_read_without_harm(reader: Reader, text: str) -> None:
    reading = reader.read_paper(paper("x", text))
    for mention in reading.mentions:
        assert reading.paper.text[mention.start : mention.end] == mention.text


def test_names_are_the_same_whatever_their_spelling() -> None:
    assert normalise("Meta-World") == normalise("MetaWorld") == normalise("meta world")
    assert normalise("GPT4") == normalise("GPT-4")
    assert normalise("ReST-MCTS*") != normalise("ReST-MCTS")
    assert normalise("loss") == "loss"
