"""Numbers that a paper states: of which thing, on which benchmark, by which measure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kgraph.knowledge import Knowledge
from kgraph.model import Evidence, Mention, Reading, Result
from kgraph.patterns import ResultPattern

_RULE = "stated-number"
_NUMBER = re.compile(
    r"(?<![\w.@/^-])[+-]?\d+(?:,\d{3})*(?:\.\s?\d+)?(?:\\?%?[-–]\d+(?:\.\d+)?(?=\s?\\?%))?(?:\s?\\?%|\s?[x×](?![\w])|-?\s?points?\b)?(?![\w-]*[a-zA-Z])"
)
_WORD = re.compile(r"[A-Za-z][\w-]*")
_FROM = re.compile(r"\bfrom\s+$")
_YEAR = re.compile(r"(?:19|20)\d\d")


class _Number(NamedTuple):
    start: int
    end: int
    text: str


def state_results(reading: Reading, knowledge: Knowledge) -> Reading:
    """The related reading with a result for each number that a sentence states by a measure or on a benchmark."""
    pattern = knowledge.patterns.results
    benchmarks = [entity.id for entity in reading.entities if entity.type == pattern.benchmark]
    only = benchmarks[0] if len(benchmarks) == 1 else ""
    in_sentence: dict[tuple[int, int], list[Mention]] = {}
    for mention in reading.mentions:
        if mention.start >= reading.turn:
            in_sentence.setdefault(mention.sentence, []).append(mention)
    results = {
        result for sentence, mentions in in_sentence.items() for result in _in_sentence(reading, sentence, mentions, pattern)
    }
    results = {result._replace(benchmark=result.benchmark or only) for result in results}
    return replace(reading, results=tuple(sorted(results)))


def _in_sentence(
    reading: Reading,
    sentence: tuple[int, int],
    mentions: Sequence[Mention],
    pattern: ResultPattern,
) -> Iterator[Result]:
    text = reading.paper.text
    metrics = [mention for mention in mentions if mention.type == pattern.metric]
    benchmarks = [mention for mention in mentions if mention.type == pattern.benchmark]
    if not metrics and not benchmarks:
        return
    taken = [(mention.start, mention.end) for mention in mentions]
    for number in _numbers(text, sentence, taken):
        behind = [word.lower() for word in _WORD.findall(text[number.end : min(number.end + 60, sentence[1])])[: pattern.reach]]
        has_unit = not number.text[-1].isdigit()
        metric = _metric(text, number, metrics, pattern)
        if (behind and behind[0] in pattern.no_share) or not (metric or (benchmarks and has_unit)):
            continue
        benchmark = _benchmark(number, benchmarks)
        subject = _subject(text, number, mentions, reading.own, pattern)
        if subject:
            yield Result(
                subject=subject,
                benchmark=benchmark.entity if benchmark else "",
                metric=metric.entity if metric else "",
                value=number.text,
                kind=_kind(text, number, sentence, behind, pattern),
                evidence=Evidence(reading.paper.id, *sentence, _RULE, pattern.confidence),
            )


def _numbers(text: str, sentence: tuple[int, int], taken: Sequence[tuple[int, int]]) -> Iterator[_Number]:
    """The numbers of a sentence that are no part of a name, no year, and not where something began ("from 35.5%")."""
    for found in _NUMBER.finditer(text, *sentence):
        value = found[0].strip()
        inside = any(start <= found.start() < end for start, end in taken)
        is_origin = _FROM.search(text, sentence[0], found.start())
        if not (inside or is_origin or _YEAR.fullmatch(value)) and ("." in value or not value[-1].isdigit()):
            yield _Number(found.start(), found.start() + len(found[0].rstrip()), value)


def _metric(text: str, number: _Number, metrics: Sequence[Mention], pattern: ResultPattern) -> Mention | None:
    """The measure behind a number ("81.7% success rate"), else the one before it ("accuracy of 18%"), within reach."""
    for mention in sorted(metrics, key=lambda mention: mention.start):
        if mention.start >= number.end and len(_WORD.findall(text[number.end : mention.start])) <= pattern.reach - 2:
            return mention
    in_parentheses = text[: number.start].endswith("(")
    for mention in sorted(metrics, key=lambda mention: -mention.end):
        if in_parentheses and mention.end <= number.start:
            return mention
        if mention.end <= number.start and len(_WORD.findall(text[mention.end : number.start])) <= pattern.reach:
            return mention
    return None


def _benchmark(number: _Number, benchmarks: Sequence[Mention]) -> Mention | None:
    """The next benchmark behind a number, else the nearest before it."""
    behind = [mention for mention in benchmarks if mention.start >= number.end]
    before = [mention for mention in benchmarks if mention.end <= number.start]
    return min(behind, key=lambda mention: mention.start, default=max(before, key=lambda mention: mention.end, default=None))


def _subject(text: str, number: _Number, mentions: Sequence[Mention], own: str, pattern: ResultPattern) -> str:
    """The thing that a number in parentheses stands behind, else the paper's own, else the nearest thing before it."""
    things = [mention for mention in mentions if mention.type in pattern.subjects and mention.end <= number.start]
    nearest = max(things, key=lambda mention: mention.end, default=None)
    if nearest and text[nearest.end : number.start].strip() == "(":
        return nearest.entity
    return own or (nearest.entity if nearest else "")


def _kind(text: str, number: _Number, sentence: tuple[int, int], behind: list[str], pattern: ResultPattern) -> str:
    if number.text[-1] in "x×":
        return "ratio"
    before = [word.lower() for word in _WORD.findall(text[max(sentence[0], number.start - 40) : number.start])[-4:]]
    is_gain = number.text[0] in "+-" or "point" in number.text or not pattern.gains.isdisjoint([*before, *behind[:3]])
    return "delta" if is_gain else "absolute"
