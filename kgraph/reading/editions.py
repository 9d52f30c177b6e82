"""Names that go on behind a known or new one: the year or version of a benchmark, capitalised words up to a head noun."""

import re
from collections.abc import Iterable, Iterator

from kgraph.patterns import Patterns
from kgraph.reading.heads import singular
from kgraph.reading.spans import Span

_EDITION = re.compile(r"(?:[ -](?:19|20)\d\d\b)?(?: Task \d+\w?\b)?(?: [vV]\d(?:\.\d)*\b)?")
_WORDS = re.compile(r"(?: [A-Z][\w-]*){0,4} ([A-Z][a-z]+)\b")


class Editions:
    """Makes the spans of names longer by what belongs to them in the text."""

    def __init__(self, patterns: Patterns) -> None:
        self._type = patterns.results.benchmark
        self._heads = patterns.heads

    def extend(self, text: str, spans: Iterable[Span], title: int) -> Iterator[Span]:
        """The spans; a benchmark with its edition ("RGB-D Scenes V2"), a name with its capitalised head ("NUS Chat Corpus").

        In a title all words have capitals, so there no head is taken.
        """
        for span in spans:
            end = self._behind_head(text, span) if span.type in ("", self._type) and span.start > title else span.end
            if end > span.end:
                yield Span(span.start, end, self._type, text[span.start : end], "head-noun")
            elif span.type == self._type and (edition := _EDITION.match(text, span.end)) and edition[0]:
                yield Span(span.start, edition.end(), self._type, text[span.start : edition.end()], "edition")
            else:
                yield span

    def _behind_head(self, text: str, span: Span) -> int:
        """Where a capitalised noun that tells a benchmark ends behind a name."""
        words = _WORDS.match(text, span.end)
        while words:
            if self._heads.get(singular(words[1])) == self._type:
                return words.end()
            words = _WORDS.fullmatch(text, span.end, words.start(1) - 1)
        return span.end
