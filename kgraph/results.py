"""Numbers that a paper states: of which thing, on which benchmark, by which measure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from kgraph.knowledge import Knowledge
from kgraph.model import Evidence, Mention, Reading, Result
from kgraph.ontology import INTRODUCED
from kgraph.patterns import ResultPattern
from kgraph.relating import roles_of

_RULE = "stated-number"
_DECIMAL = r"(?:\d+(?:,\d{3})*(?:\.\s?\d+)?|\.\d+)"
_NUMBER = re.compile(
    rf"(?<![\w.@^{{-])(?<![A-Za-z]/)[+-]?{_DECIMAL}(?:\s?(?:\\pm|±|\+/-)\s?{_DECIMAL})?"
    rf"(?:(?:\\?%?[-–~]|(?<!%)\sto\s){_DECIMAL}(?=\s?\\?%))?"
    r"(?:\s?\\?%|\s?percent(?:age points?)?\b|\s?[x×](?![\w])|\s?\\times|-?\s?points?\b)?(?![\w-]*[a-zA-Z])"
)
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[A-Za-z][\w-]*")
_NO_RESULT = re.compile(r"(?:\\pm|±|\+/-|\b[pP]\s*[<=>]|\bvs\.?|\(an?)\s*$")
_CLOSED = re.compile(r"[^()]+\)")
_AND = re.compile(r"[)\s]*(?:\([^()]*\))?(?:,? and |, |/)\s*")
_TO = re.compile(r"\s*(?:\(\w+\)\s*)?to(?: (?:the|a|an|over|about|\w+est|score|of)){0,4}\s+")
_RESPECTIVELY = re.compile(r"\brespectively\b")
_RATIO = ("x", "×", "times")
_NEW_CLAUSE = re.compile(r"(?:,|;|\band|\bwhile|\bbut)\s+(?!\d)")
_LISTED = re.compile(r"[^,;]{0,40},? (?:and |to )?[^,;\d]{0,12}")


class _Number(NamedTuple):
    start: int
    end: int
    text: str


class _Stated(NamedTuple):
    """What was read of the number before: where it ends, its measure and subject, and whether another goes on from it."""

    end: int
    metric: str
    subject: str
    is_origin: bool


def state_results(reading: Reading, knowledge: Knowledge) -> Reading:
    """The related reading with a result for each number that a sentence states by a measure or on a benchmark."""
    pattern = knowledge.patterns.results
    mentions = [mention for mention in reading.mentions if mention.start >= reading.turn and mention.confidence]
    stating = {mention.sentence for mention in mentions if mention.type in (pattern.metric, pattern.benchmark)}
    numbered = [sentence for sentence in stating if _DIGIT.search(reading.paper.text, *sentence)]
    if not numbered:
        return reading
    benchmarks = [entity.id for entity in reading.entities if entity.type == pattern.benchmark]
    only = benchmarks[0] if len(benchmarks) == 1 else ""
    own = next((e.id for e in reading.entities if e.id == reading.own and e.type in pattern.subjects), "")
    presented = frozenset(entity for entity, role in roles_of(reading, knowledge).items() if role == INTRODUCED)
    within = {sentence: list[Mention]() for sentence in numbered}
    for mention in mentions:
        if mention.sentence in within:
            within[mention.sentence].append(mention)
    results = {
        result._replace(benchmark=result.benchmark or only)
        for sentence in numbered
        for result in _Sentence(reading, sentence, within[sentence], own, presented, pattern).results()
    }
    return reading._replace(results=tuple(sorted(results)))


@lru_cache
def _of_others(phrases: frozenset[str]) -> re.Pattern[str]:
    """One of the phrases, and what follows it in its clause."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(phrases)))}) [^,;]*$")


@dataclass(frozen=True)
class _Sentence:
    """A sentence with its mentions, read from left to right; `own` is the paper's own thing if it can have numbers, else ""."""

    reading: Reading
    range: tuple[int, int]
    mentions: Sequence[Mention]
    own: str
    presented: frozenset[str]
    pattern: ResultPattern

    def results(self) -> Iterator[Result]:
        numbers = list(self._numbers())
        origins = {
            first for first, second in pairwise(numbers) if _TO.fullmatch(self.reading.paper.text, first.end, second.start)
        }
        respective = {**self._respective(numbers), **self._in_turn(numbers, self.pattern.metric)}
        of_benchmark = self._in_turn(numbers, self.pattern.benchmark)
        before: _Stated | None = None
        taken: set[Mention] = set()
        for number in numbers:
            behind = self._words(number.end, number.end + 60)[: self.pattern.reach]
            if behind and behind[0] in self.pattern.no_share:
                continue
            benchmark = of_benchmark[number].entity if number in of_benchmark else self._benchmark(number)
            found = respective.get(number) or self._metric(number, taken)
            if found and found.start >= number.end:
                taken.add(found)
            goes_on = before is not None and (
                self._in_parentheses(number) or _LISTED.fullmatch(self.reading.paper.text, before.end, number.start) is not None
            )
            metric = found.entity if found else before.metric if before and goes_on else ""
            is_next = before is not None and (before.is_origin or self._in_parentheses(number))
            has_unit = not number.text[-1].isdigit()
            is_origin = number in origins
            if not (metric or (benchmark and (has_unit or is_origin or is_next))):
                continue
            subject = self._origin_subject(number) if is_origin else self._subject(number, before)
            if subject:
                yield self._result(number, subject, benchmark, metric, behind)
                before = _Stated(number.end, metric, subject, is_origin)

    def _result(self, number: _Number, subject: str, benchmark: str, metric: str, behind: list[str]) -> Result:
        evidence = Evidence(self.reading.paper.id, *self.range, _RULE, self.pattern.confidence)
        return Result(subject, benchmark, metric, number.text, self._kind(number, behind), evidence)

    def _numbers(self) -> Iterator[_Number]:
        """The numbers of the sentence with a unit or a point that are no part of a name, deviation or level of significance."""
        text = self.reading.paper.text
        for found in _NUMBER.finditer(text, *self.range):
            value = found[0].strip()
            if "." not in value and value[-1].isdigit():
                continue
            inside = any(mention.start <= found.start() < mention.end for mention in self.mentions)
            if not (inside or _NO_RESULT.search(text, self.range[0], found.start())):
                yield _Number(found.start(), found.start() + len(found[0].rstrip()), value)

    def _respective(self, numbers: Sequence[_Number]) -> dict[_Number, Mention]:
        """The measures of numbers in rows, each of its own ("PLCC and SROCC of 0.98/0.97 on LiveCD, 0.96/0.95 on KonIQ")."""
        text = self.reading.paper.text
        metrics = (mention for mention in self.mentions if mention.type == self.pattern.metric)
        named = [list(group) for _, group in groupby(metrics, key=lambda mention: mention.entity)]
        row = [first[-1] for first, second in pairwise(named) if _AND.fullmatch(text, first[-1].end, second[0].start)]
        if not row:
            return {}
        row.append(next(second[-1] for first, second in pairwise(named) if first[-1] == row[-1]))
        found: dict[_Number, Mention] = {}
        for at in range(len(numbers) - len(row) + 1):
            several = numbers[at : at + len(row)]
            joined = all(text[a.end : b.start].strip() == "/" for a, b in pairwise(several))
            if joined and row[-1].end <= several[0].start and not found.keys() & set(several):
                found.update(zip(several, row, strict=True))
        return found

    def _in_turn(self, numbers: Sequence[_Number], cls: str) -> dict[_Number, Mention]:
        """The things of a type that as many numbers belong to, one after the other ("90.1 and 85.2 on A and B, respectively").

        These are all numbers of the sentence, or of benchmarks those that stand together before the word.
        """
        text = self.reading.paper.text
        word = _RESPECTIVELY.search(text, *self.range)
        if not word:
            return {}
        things = [next(group) for _, group in groupby((m for m in self.mentions if m.type == cls), key=lambda m: m.entity)]
        last = [number for number in numbers if number.end <= word.start()][-len(things) :]
        together = cls == self.pattern.benchmark and all(
            _AND.fullmatch(text, first.end, second.start) for first, second in pairwise(last)
        )
        row = numbers if len(numbers) == len(things) else last if together else []
        return dict(zip(row, things, strict=True)) if len(row) == len(things) > 1 else {}

    def _in_parentheses(self, number: _Number) -> bool:
        return self.reading.paper.text.endswith("(", 0, number.start)

    def _words(self, start: int, end: int) -> list[str]:
        return [
            word.lower() for word in _WORD.findall(self.reading.paper.text[max(start, self.range[0]) : min(end, self.range[1])])
        ]

    def _metric(self, number: _Number, taken: set[Mention]) -> Mention | None:
        """The measure behind a number ("81.7% success rate"), else the one before it ("accuracy of 18%"), within reach.

        A measure behind one number does not stand before the next ("3.1% in ROUGE-L, 4.6% in correctness").
        """
        text, metrics = self.reading.paper.text, [mention for mention in self.mentions if mention.type == self.pattern.metric]
        for mention in metrics:
            is_behind = mention.start >= number.end and not _NEW_CLAUSE.search(text, number.end, mention.start)
            if is_behind and len(self._words(number.end, mention.start)) <= self.pattern.reach - 2:
                return mention
        before = [mention for mention in metrics if mention.end <= number.start]
        is_other_ratio = number.text.endswith(_RATIO) and "by" not in self._words(number.start - 20, number.start)
        if before and before[-1] not in taken and not is_other_ratio:
            near = len(self._words(before[-1].end, number.start)) <= self.pattern.reach
            return before[-1] if near or self._in_parentheses(number) else None
        return None

    def _benchmark(self, number: _Number) -> str:
        """The next benchmark behind a number within the same parentheses, if any, else the nearest before it."""
        benchmarks = [mention for mention in self.mentions if mention.type == self.pattern.benchmark]
        text = self.reading.paper.text
        behind = [one for one in benchmarks if one.start >= number.end]
        before = [one for one in benchmarks if one.end <= number.start]
        here = [one for one in behind if not _CLOSED.match(text, number.end, one.start)]
        return next((one.entity for one in (*here[:1], *before[-1:], *behind[:1])), "")

    def _things_before(self, number: _Number) -> list[Mention]:
        """The things that may have numbers, those aside that stand in parentheses closed since."""
        text, things = self.reading.paper.text, [one for one in self.mentions if one.type in self.pattern.subjects]
        return [one for one in things if one.end <= number.start and not _CLOSED.match(text, one.end, number.start)]

    def _origin_subject(self, number: _Number) -> str:
        """Whose number was there before ("boosts Llama-3 70B from 18.6% to …"): the nearest thing that is not the paper's own."""
        things = [mention.entity for mention in self._things_before(number) if mention.entity != self.own]
        return things[-1] if things else ""

    def _subject(self, number: _Number, before: _Stated | None) -> str:
        """The thing a number in parentheses stands behind; else the last new one before it; else the first one of the sentence.

        The own thing comes before others if the sentence speaks of it, and where there are none. A number behind a comparison
        ("compared with …") belongs to the thing named in the comparison, or to none.
        """
        text, things = self.reading.paper.text, self._things_before(number)
        if things and text[things[-1].end : number.start].strip() == "(":
            return things[-1].entity
        if before and text[before.end : number.start].strip() == "(":
            return before.subject
        if before and _of_others(self.pattern.of_others).search(text, before.end, number.start):
            return things[-1].entity if things and things[-1].start > before.end else ""
        if presented := [thing.entity for thing in things if thing.entity in self.presented]:
            return presented[-1]
        speaks_of_own = any(thing.entity == self.own for thing in things) or not self.pattern.own_words.isdisjoint(
            self._words(self.range[0], number.start)
        )
        return things[0].entity if things and not (self.own and speaks_of_own) else self.own

    def _kind(self, number: _Number, behind: list[str]) -> str:
        if number.text.endswith(_RATIO):
            return "ratio"
        is_signed = number.text[0] in "+-"
        if self._in_parentheses(number):
            return "delta" if is_signed else "absolute"
        before = self._words(number.start - 40, number.start)[-4:]
        clause = _NEW_CLAUSE.search(self.reading.paper.text, number.end, self.range[1])
        behind = behind[: len(self._words(number.end, clause.start()))] if clause else behind
        is_gain = is_signed or "point" in number.text or not self.pattern.gains.isdisjoint([*before, *behind[:3]])
        return "delta" if is_gain else "absolute"
