"""Patterns carry sentences that they must and must not read; here they are held to them, before anything is read by them."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from kgraph.errors import DataError
from kgraph.model import Mention, Paper, Reading
from kgraph.patterns import Example, Patterns

_TITLE = "A study"


def prove(patterns: Patterns, read: Callable[[Sequence[Paper]], Iterable[Reading]], folder: Path) -> None:
    """Read each example of the patterns.

    Raises:
        DataError: a rule does not read a sentence that it must, or reads one that it must not.
    """
    unmarked = [_unmarked(example.text) for example in patterns.examples]
    readings = read([paper for paper, _, _ in unmarked])
    for example, (_, start, end), reading in zip(patterns.examples, unmarked, readings, strict=True):
        if _is_read(example, reading, start, end) is not example.wanted:
            must = "should" if example.wanted else "should not"
            raise DataError(folder, None, f"the {example.kind} {example.rule!r} {must} read {example.text!r}")


def _unmarked(text: str) -> tuple[Paper, int, int]:
    """The paper of an example, "title || abstract" or an abstract alone, and the range of what stands in brackets."""
    title, bars, abstract = text.partition(" || ")
    marked = f"{title}\n\n{abstract}" if bars else f"{_TITLE}\n\n{text}"
    start, end = marked.index("["), marked.index("]") - 1
    plain = marked.replace("[", "", 1).replace("]", "", 1)
    title, _, abstract = plain.partition("\n\n")
    return Paper("paper/example", title, abstract), start, end


def _is_read(example: Example, reading: Reading, start: int, end: int) -> bool:
    there = [mention for mention in reading.mentions if (mention.start, mention.end) == (start, end)]
    match example.kind:
        case "cue":
            return any(mention.cue == example.rule for mention in there)
        case "name":
            return any(mention.rule == example.rule for mention in there)
        case "relation":
            return _is_related(example.rule, reading, there)
        case _:
            return any(result.value == reading.paper.text[start:end] for result in reading.results)


def _is_related(rule: str, reading: Reading, there: list[Mention]) -> bool:
    things = {mention.entity for mention in there}
    return any(claim.evidence.rule == rule and things & {claim.head, claim.tail} for claim in reading.claims)
