"""Things named by a phrase of ordinary words: in a title that the abstract takes up, in a list, before "tasks"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from kgraph.reading.heads import singular
from kgraph.reading.lookup import fold
from kgraph.reading.names import occurrences
from kgraph.reading.sentences import sentence_at
from kgraph.reading.spans import Span

_WORD = re.compile(r"[A-Za-z0-9][\w'’+*-]*")
_LONGEST, _MOST, _WINDOW = 60, 5, 70
_ITEM_BREAK = re.compile(r"\s*(?:,\s*(?:and|or)\s+|,\s*|\s+and\s+|\s+or\s+|;\s*)(?:the\s+|a\s+|an\s+)?")
_LEADS = re.compile(r" (?:for|via|of|with|in|from|by|using|through|as)\b|\s*$")
_PIECE = re.compile(r"[^:?,–—]+")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words that bound a noun phrase, those that say nothing, and the nouns that tell a type."""

    function: frozenset[str]
    generic: frozenset[str]
    heads: Mapping[str, str]
    endings: Mapping[str, str]
    noun_endings: tuple[str, ...]
    leading: frozenset[str]
    modified: frozenset[str]
    opening: frozenset[str]
    behind: Mapping[str, str]
    before: Mapping[str, str]

    def phrase(self, text: str, start: int, stop: int) -> tuple[int, int] | None:
        """The noun phrase that begins a range: up to a function word or a mark, without generic words at its ends."""
        words = list(islice(_WORD.finditer(text, start, stop), _MOST + 1))
        return None if not words or text[start : words[0].start()].strip() else self.phrase_of(text, words)

    def phrase_of(self, text: str, words: list[re.Match[str]]) -> tuple[int, int] | None:
        """The noun phrase that the first of the words begins."""
        at = words[0].start()
        for index, word in enumerate(words):
            if word[0].lower() in self.function or text[at : word.start()].strip():
                words = words[:index]
                break
            at = word.end()
        return self.trimmed(self.without_generic(words))

    def trimmed(self, words: list[re.Match[str]]) -> tuple[int, int] | None:
        """The range of words without head nouns that only say a type ("strategy", "tasks"); None if too little is left."""
        stop = len(words)
        while stop and ((word := words[stop - 1][0]).lower() in self.generic or singular(word) in self.heads):
            stop -= 1
        if stop == 0 or (stop == 1 and not self._is_compound(words[0][0])):
            return None
        start, end = words[0].start(), words[stop - 1].end()
        return (start, end) if end - start <= _LONGEST else None

    def _is_compound(self, word: str) -> bool:
        """Whether a single word can name a thing: hyphenated, and a noun by its ending."""
        return "-" in word and word.endswith(self.noun_endings)

    def type_of(self, phrase: str) -> str:
        """The type that a phrase's last word tells."""
        last = singular(phrase.rsplit(None, 1)[-1])
        return self.endings.get(last) or self.endings.get(last.split("-")[-1], "")

    def without_generic(self, words: list[re.Match[str]]) -> list[re.Match[str]]:
        """Words without those in front that are generic, adverbs, or gerunds with which no known name begins ("achieving")."""
        for index, word in enumerate(words):
            lowered = word[0].lower()
            if lowered not in self.generic and not self._is_verbal(lowered):
                return words[index:]
        return []

    def _is_verbal(self, word: str) -> bool:
        return word.endswith(("ing", "ly")) and "-" not in word and word not in self.opening

    def is_bounded(self, text: str, start: int) -> bool:
        """Whether the word before an offset bounds a phrase; quicker than `words_before`."""
        before = text[max(0, start - 20) : start]
        return before[-1:] not in " -" or before.rstrip().rpartition(" ")[2].lower() in self.function

    def words_before(self, text: str, begin: int, end: int) -> tuple[list[re.Match[str]], str]:
        """The last words of a range that may be one phrase, and the word that bounds them."""
        window = max(begin, end - _WINDOW)
        while begin < window < end and not text[window - 1].isspace():  # begin with a whole word
            window += 1
        words: list[re.Match[str]] = []
        at, border = end, ""
        for word in reversed(list(_WORD.finditer(text, window, end))):
            if text[word.end() : at].strip():
                break
            if word[0].lower() in self.function or len(words) > _MOST:
                border = word[0].lower()
                break
            words.insert(0, word)
            at = word.start()
        return words, border


def title_phrases(title: str, folded: str, grammar: Grammar) -> Iterator[Span]:
    """The noun phrases of a title that the abstract, given folded, takes up; one that the title leads with by another rule."""
    for piece in _PIECE.finditer(title):
        first = piece.end() - len(piece[0].lstrip())
        words, reached = list(_WORD.finditer(title, *piece.span())), 0
        for index, word in enumerate(words):
            start = word.start()
            if start < reached or word[0].lower() in grammar.function:
                continue
            found = grammar.phrase_of(title, words[index : index + _MOST + 1])
            if found and start == first:
                found = _without_verb(title, *found)
            reached = found[1] if found else 0
            if found and title.endswith(grammar.noun_endings, 0, reached) and not title.startswith(" of ", reached):
                phrase = title[slice(*found)]
                if next(occurrences(folded, fold(phrase)), None):
                    leads = found[0] == 0 and _LEADS.match(title, reached)
                    rule = "title-lead" if leads else "title-phrase"
                    yield Span(*found, grammar.type_of(phrase) or _type_by_place(title, *found, grammar), phrase, rule)


def _type_by_place(title: str, start: int, end: int, grammar: Grammar) -> str:
    """The type of what stands behind or before a word of a title: what a thing is for is a task, so is what is done with one."""
    before, behind = title[:start].split()[-1:], title[end:].split()[:1]
    return next((grammar.behind[word] for word in before if word in grammar.behind), "") or next(
        (grammar.before[word] for word in behind if word in grammar.before), ""
    )


def _without_verb(title: str, start: int, end: int) -> tuple[int, int] | None:
    """The range without a verb in -ing that a title begins with ("Learning Math Reasoning from …")."""
    first, _, rest = title[start:end].partition(" ")
    if not first.endswith("ing") or "-" in first:
        return start, end
    return (end - len(rest), end) if " " in rest or "-" in rest else None


def listed_phrases(text: str, begin: int, stop: int, cls: str, grammar: Grammar) -> Iterator[Span]:
    """The items of a list behind "tasks such as", typed by the noun before."""
    at = begin
    for _ in range(8):
        found = grammar.phrase(text, at, stop)
        if not found or not text[slice(*found)].islower():
            return
        if text.endswith(grammar.noun_endings, 0, found[1]):
            yield Span(*found, cls, text[slice(*found)], "listed")
        end = found[1]
        if parentheses := _PARENTHESES.match(text, end, stop):
            end = parentheses.end()
        item = _ITEM_BREAK.match(text, end, stop)
        if not item:
            return
        at = item.end()


def phrase_before(text: str, ranges: Sequence[tuple[int, int]], end: int, cls: str, grammar: Grammar) -> Iterator[Span]:
    """The phrase before a noun such as "tasks", given where the noun begins."""
    if grammar.type_of(text[max(0, end - 30) : end].rstrip() or "-") != cls:
        return
    words = grammar.without_generic(grammar.words_before(text, sentence_at(ranges, end)[0], end)[0])
    found = grammar.trimmed(words)
    if found and found[1] == words[-1].end() and grammar.type_of(text[slice(*found)]) == cls:
        yield Span(*found, cls, text[slice(*found)], "before-noun")


def ending_phrase(text: str, begin: int, end: int, grammar: Grammar) -> Iterator[Span]:
    """The phrase that ends with the last word of a task ("for audio content generation"), given where that word ends."""
    words, border = grammar.words_before(text, begin, end)
    words = grammar.without_generic(words)
    if border in grammar.leading and 1 < len(words) < 5 and text[words[0].start() : end].islower():
        phrase = text[words[0].start() : end]
        yield Span(words[0].start(), end, grammar.type_of(phrase), phrase, "task-phrase")
