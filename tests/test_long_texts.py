"""A text takes time by its length alone, whatever it repeats: no text that a source may hold takes ten seconds."""

import time

import pytest

from kgraph.batches import uncollected
from kgraph.knowledge import Knowledge
from kgraph.linking import link
from kgraph.model import Paper, Reading
from kgraph.reading import Reader
from kgraph.reading.sentences import LONGEST_SENTENCE, sentences
from kgraph.reading.spans import Span, longest
from kgraph.relating import relate
from kgraph.results import state_results
from kgraph.sources.record import LONGEST_ABSTRACT

pytestmark = pytest.mark.slow


def timed(text: str, reader: Reader, knowledge: Knowledge) -> tuple[Reading, float]:
    """The reading of a text, and the processor's time for it."""
    started = time.process_time()
    with uncollected():
        reading = state_results(relate(link(reader.read_paper(Paper("paper/x", "T", text)), knowledge), knowledge), knowledge)
    return reading, time.process_time() - started


@pytest.mark.parametrize(
    "unit",
    [
        "accuracy of 85.2% ",
        "outperforms BERT by 3.2% on GSM8K ",
        "90.1 and 85.2 on GSM8K and MATH, respectively, ",
        "https://",
        "a.com/",
        "a@3 ",
        "Ab",
        "A_",
        "We use BERT. ",
        "we introduce FooNet{}, ",
        "Foo Bar Baz (FBB{}) ",
        "tasks such as text generation, ",
        "a method called Zo{}x ",
        "deep learning learning ",
        "/13B",
        "(",
        '"',
        "\n",
        "\\",
    ],
)
def test_what_a_text_repeats_does_not_matter(unit: str, reader: Reader, knowledge: Knowledge) -> None:
    text = "".join(unit.replace("{}", str(number)) for number in range(LONGEST_ABSTRACT // len(unit)))
    _, seconds = timed(text, reader, knowledge)
    assert seconds < 10


def test_twenty_thousand_sentences_are_read_in_seconds(reader: Reader, knowledge: Knowledge) -> None:
    reading, seconds = timed("We use BERT on it. " * 20_000, reader, knowledge)
    assert sum(mention.text == "BERT" for mention in reading.mentions) == 20_000
    assert seconds < 30


def test_a_sentence_without_end_is_read_in_pieces_that_keep_every_word() -> None:
    text = "word " * 3000 + "x" * 5000
    pieces = sentences(text)
    assert max(end - start for start, end in pieces) <= LONGEST_SENTENCE
    assert "".join(text[start:end] for start, end in pieces).replace(" ", "") == text.replace(" ", "")


def test_names_that_overlap_in_a_chain_are_chosen_from_the_longest_on() -> None:
    chain = [Span(3 * at, 3 * at + 4, "", str(at), "") for at in range(5000)]
    assert [span.name for span in longest(chain)] == [str(at) for at in range(0, 5000, 2)]
    assert longest([Span(0, 4, "", "a", ""), Span(3, 9, "", "b", ""), Span(8, 12, "", "c", "")]) == [Span(3, 9, "", "b", "")]
