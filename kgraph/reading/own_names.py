"""The names that a paper gives itself: in its title, in parentheses, behind "called", in lists."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kgraph.lexicon import Known, Lexicon, normalise, plural
from kgraph.model import Paper
from kgraph.ontology import INTRODUCED
from kgraph.patterns import Patterns
from kgraph.reading.abbreviations import Definition, ambiguous_shorts, is_initialism, without_markup
from kgraph.reading.heads import head_type, noun_behind, told_by_apposition
from kgraph.reading.lookup import fold
from kgraph.reading.names import announced_names, occurrences, title_names
from kgraph.reading.phrases import Grammar, ending_phrase, listed_phrases, phrase_before, title_phrases
from kgraph.reading.sentences import sentence_at
from kgraph.reading.signals import Found
from kgraph.reading.spans import Span

_WORDS = re.compile(r"[a-z0-9]+")
_GAP_BEFORE_LIST = re.compile(r"[\s,:(]*(?:\w+ ){0,2}[\s,:(]*")


class _Name(NamedTuple):
    type: str
    name: str
    rule: str


_Senses = dict[int, _Name]
"""What a form names, by the offset from which on it does."""


class OwnNames:
    """Finds a paper's own names and every place where they stand."""

    def __init__(self, lexicon: Lexicon, patterns: Patterns) -> None:
        self._lexicon, self._patterns = lexicon, patterns
        self.grammar = Grammar(
            patterns.function_words,
            patterns.generic_words,
            patterns.heads,
            patterns.endings,
            patterns.noun_endings,
            patterns.leading_words,
            patterns.modified_types,
            frozenset(row.name.lower().partition(" ")[0] for row in lexicon.rows),
            patterns.title_behind,
            patterns.title_before,
        )

    def find(
        self, paper: Paper, ranges: list[tuple[int, int]], definitions: Sequence[Definition], signals: Found
    ) -> Iterator[Span]:
        """A span for each occurrence; a name by its letters as written, a phrase in any case."""
        text, folded = paper.text, fold(paper.text)
        titled = {text[start:end] for start, end in title_names(paper.title, paper.abstract, self._lexicon)}
        written = {name: {0: _Name("", name, "title-colon")} for name in titled}
        phrases: dict[str, _Senses] = {}
        ambiguous = ambiguous_shorts(text, definitions)
        presenting = [hit.start for hit in signals.cues if hit.cue.role == INTRODUCED]
        for definition in definitions:
            short, long = text[slice(*definition.short)], text[slice(*definition.long)]
            sentence = sentence_at(ranges, definition.long[0])
            presented = _is_between(presenting, sentence[0], definition.long[0])
            presented |= definition.short < definition.long or definition.long[1] <= len(paper.title)
            row = self._row_of(short, long)
            if self._is_nothing(long) or (not row and self._is_no_name(short, long, presented)):
                continue
            behind = text[max(definition.short[1], definition.long[1]) : sentence[1]].lstrip(")")
            named = _Name(row.type, row.name, "short-form") if row else self._new_name(short, long, presented, behind)
            if short in ambiguous:
                named = named if row else named._replace(name=without_markup(long))
                written.setdefault(short, {})[min(definition)[0]] = named
            else:
                written[short] = {0: named._replace(rule="title-colon") if short in titled else named}
            if short.endswith("s") and short[:-1].isupper():
                written.setdefault(short[:-1], {0: named})
            phrases[fold(long)] = {0: named}
        for start, end in announced_names(text, signals.announcements):
            if not self._is_known(text[start:end]):
                written.setdefault(text[start:end], {0: _Name("", text[start:end], "called")})
        for span in self._phrases(paper, folded, ranges, signals):
            if not self._lexicon.by_key.get(normalise(span.name)):
                cls = span.type or self._head_row(span.name)
                phrases.setdefault(fold(span.name), {0: _Name(cls, span.name, span.rule)})
        for table, searched in ((written, text), (phrases, folded)):
            for form, senses in table.items():
                yield from self._spans(form, senses, list(occurrences(searched, form)))

    def _spans(self, form: str, senses: _Senses, places: Sequence[tuple[int, int]]) -> Iterator[Span]:
        """A span for each place where a form stands, in the sense that was given last before it."""
        given = sorted(senses)
        for start, end in places:
            cls, name, rule = senses[given[max(bisect_right(given, start) - 1, 0)]]
            if len(places) < 2 and rule in self._patterns.repeated_rules:
                continue  # here already, so that it hides no known name
            if rule == "short-form" or not (self._lexicon.is_ignored(form) or self._lexicon.is_ignored(name)):
                yield Span(start, end, cls, name, rule)

    def nameless(self, text: str, definitions: Iterable[Definition]) -> frozenset[str]:
        """The short forms of what is no thing of the field, so that none takes them for another's ("Pre-trained LMs (PLMs)")."""
        shorts = {text[slice(*definition.short)] for definition in definitions if self._is_nothing(text[slice(*definition.long)])}
        return frozenset(shorts | {short.removesuffix("s") for short in shorts} | {plural(short) for short in shorts})

    def _is_known(self, name: str) -> bool:
        """Whether a name is known in any text: then its letters tell it, and who calls it so did not make it."""
        return any(name in row.forms and not row.context for row in self._lexicon.by_key.get(normalise(name), ()))

    def _is_nothing(self, long: str) -> bool:
        return self._lexicon.is_ignored(long) or self.grammar.generic.issuperset(long.lower().split())

    def _is_no_name(self, short: str, long: str, presented: bool) -> bool:
        """Whether a definition of no known thing only seems one by its letters.

        "… evaluation across mathematical (AIME)": what else has that name is spelt out by initials or not at all.
        """
        if self._lexicon.is_ignored(short) and not (presented and not long.islower()):
            return True
        others = self._lexicon.by_key.get(normalise(short), ())
        return any(short in other.forms for other in others) and not is_initialism(short, long)

    def _new_name(self, short: str, long: str, presented: bool, behind: str) -> _Name:
        """The new thing that a definition names, of the type told behind it or by what its long form ends with.

        A capitalised long form that the paper presents is a name of its own, whatever it ends with.
        """
        heads = self._patterns.heads
        told = noun_behind(behind, heads) or told_by_apposition(behind, False, heads) or head_type(long, heads)
        if not told and (long.islower() or not presented):
            told = head_type(long, self._patterns.endings) or self._head_row(long)
        return _Name(told, short, "short-form")

    def _head_row(self, long: str) -> str:
        """The type of the known thing that a long form ends with, what follows a preposition aside."""
        words = re.split(r" (?:for|of|in|on|with|via|by|from|to|under) ", long)[0].split()
        for start in range(1, len(words)):
            if rows := self._lexicon.by_key.get(normalise(" ".join(words[start:]))):
                return rows[0].type
        rows = self._lexicon.by_key.get(normalise(" ".join(words)), ())
        return rows[0].type if rows else ""

    def _row_of(self, short: str, long: str) -> Known | None:
        """The known thing that a long form names, or that its short form names with nearly the same long form."""
        rows = self._lexicon.by_key.get(normalise(long), ())
        if rows:
            return rows[0]
        stems = {word[:4] for word in _WORDS.findall(long.lower())}
        for row in self._lexicon.by_key.get(normalise(short), ()):
            for form in row.forms:
                other = {word[:4] for word in _WORDS.findall(form.lower())}
                if len(other) > 1 and 4 * len(stems & other) >= 3 * max(len(stems), len(other)):
                    return row
        return None

    def _phrases(self, paper: Paper, folded: str, ranges: list[tuple[int, int]], signals: Found) -> Iterable[Span]:
        text, grammar = paper.text, self.grammar
        yield from title_phrases(paper.title, folded[len(paper.title) :], grammar)
        starts = [noun.start for noun in signals.nouns]
        for begin, end in signals.openers:
            sentence = sentence_at(ranges, begin)
            before = signals.nouns[bisect_left(starts, sentence[0]) : bisect_left(starts, begin)]
            heading = [noun for noun in before if noun.end <= begin]
            if heading and _GAP_BEFORE_LIST.fullmatch(text, heading[-1].end, begin):
                yield from listed_phrases(text, end + 1, sentence[1], heading[-1].type, grammar)
        for noun in signals.nouns:
            if noun.type in self._patterns.before_nouns:
                yield from phrase_before(text, ranges, noun.start, noun.type, grammar)
        for start, end in signals.endings:
            yield from ending_phrase(text, sentence_at(ranges, start)[0], end, grammar)


def _is_between(starts: Sequence[int], begin: int, end: int) -> bool:
    """Whether one of the sorted offsets is within a range."""
    at = bisect_left(starts, begin)
    return at < len(starts) and starts[at] < end
