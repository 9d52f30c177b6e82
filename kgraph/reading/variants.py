"""Known names that words before them make into others: "unsupervised object detection", "image and text classification"."""

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile

from kgraph.lexicon import Known, normalise, plural
from kgraph.reading.abbreviations import Definition
from kgraph.reading.heads import singular
from kgraph.reading.names import occurrences
from kgraph.reading.phrases import Grammar
from kgraph.reading.sentences import sentence_at
from kgraph.reading.spans import Span

_BEFORE = re.compile(r"(?:^|(?<=[\s(,]))([A-Za-z][\w-]*)[ -]$")
_CAPITALISED = re.compile(r"(?<= )(?:[A-Z][a-z][\w-]* ){1,3}$")
_NOUN = re.compile(r"(?:[ -]based)?[ -]([a-z]+|[A-Z]{2,6})\b")
_ALSO = re.compile(
    r"[\s)\"'”]*(?:\w+)?,? \(?(?:(?:also|otherwise|formerly) (?:called|known as|named|termed|dubbed|referred to as)|a\.?k\.?a\.?)"
    r" (?:the |as )?[\"'“]*"
)
_NO_MODIFIERS = ("ing", "ly", "'", "’", "'s", "’s")
_MOST_MODIFIERS = 4
_MOST_NOUNS = 4
_SHORT_BEHIND = re.compile(r" \([A-Z][\w-]{1,11}\)")
_SHARED = re.compile(r"([A-Za-z][\w-]*)(?:,? (?:and|or) |, |/)$")


def qualified(
    text: str, spans: Sequence[Span], qualifiers: frozenset[str], suffixes: tuple[str, ...], types: frozenset[str]
) -> Iterator[Span]:
    """The spans, those of the given types reaching back over words that make a special kind of them.

    Only where the name stands at least twice and always with the same words before it: a name that also stands alone is
    meant in general.
    """
    repeated: dict[str, list[Span]] = {}
    for span in spans:
        if span.type in types:
            repeated.setdefault(span.name, []).append(span)
    special: dict[Span, Span] = {}
    for group in repeated.values():
        wider = [_widened(text, span, qualifiers, suffixes) for span in group] if len(group) > 1 else group
        if wider[0] != group[0] and len({normalise(wide.name) for wide in wider}) == 1:
            special.update(zip(group, wider, strict=True))
    return (special.get(span, span) for span in spans)


def proper(
    text: str, spans: Iterable[Span], title: int, ranges: Sequence[tuple[int, int]], types: frozenset[str]
) -> Iterator[Span]:
    """The spans, those of the given types with capitals reaching back over capitalised words of the sentence: another name.

    "Automatic Curriculum Expert Iteration" is not expert iteration. In a title all words have capitals.
    """
    for span in spans:
        before = None
        if span.type in types and span.start > title and text[span.start].isupper() and " " in text[span.start : span.end]:
            before = _CAPITALISED.search(text, sentence_at(ranges, span.start)[0] + 1, span.start)
        yield Span(before.start(), span.end, span.type, text[before.start() : span.end], "qualified") if before else span


def _widened(text: str, span: Span, qualifiers: frozenset[str], suffixes: tuple[str, ...]) -> Span:
    start = span.start
    for _ in range(2):
        before = _BEFORE.search(text, max(0, text.rfind(" ", 0, start - 1)), start)
        if not before or not _qualifies(before[1].lower(), qualifiers, suffixes):
            break
        start = before.start(1)
    return span if start == span.start else Span(start, span.end, span.type, text[start : span.end], "qualified")


def _qualifies(word: str, qualifiers: frozenset[str], suffixes: tuple[str, ...]) -> bool:
    return word in qualifiers or ("-" in word and word.endswith(suffixes))


def shared_heads(text: str, spans: Iterable[Span], by_key: Mapping[str, tuple[Known, ...]]) -> Iterator[Span]:
    """For "A and B head" where "B head" was found, "A head" over the whole range, if it is known."""
    for span in spans:
        if not text.endswith(("and ", "or ", ", ", "/"), 0, span.start):
            continue
        words = text[span.start : span.end].replace("-", " ").split(" ")
        before = _SHARED.search(text, max(0, span.start - 40), span.start) if len(words) > 1 else None
        if before:
            for row in by_key.get(normalise(" ".join([before[1], *words[1:]])), ()):
                if row.type == span.type and row.name != span.name:
                    yield Span(before.start(1), span.end, row.type, row.name, "shared-head")


def with_modifiers(text: str, spans: Iterable[Span], ranges: Sequence[tuple[int, int]], grammar: Grammar) -> Iterator[Span]:
    """For "long-horizon web navigation" where "web navigation" was found, the whole noun phrase as a mention of the same.

    Words that only praise or place ("standard", "novel") stand in the widest form alone.
    """
    for span in spans:
        if span.start and span.type in grammar.modified and not grammar.is_bounded(text, span.start):
            begin = sentence_at(ranges, span.start)[0]
            words, _ = grammar.words_before(text, begin, span.start)
            modifiers = list(takewhile(_modifies, reversed(words)))[:_MOST_MODIFIERS]
            said = [word for word in modifiers if word[0].lower() not in grammar.generic]
            for widest in dict.fromkeys(words[-1] for words in (said, modifiers) if words):
                yield Span(widest.start(), span.end, span.type, span.name, "with-modifier")


def _modifies(word: re.Match[str]) -> bool:
    return word[0][0].isalpha() and not word[0].endswith(_NO_MODIFIERS)


def with_short_forms(text: str, spans: Iterable[Span], definitions: Iterable[Definition]) -> Iterator[Span]:
    """For "direct preference optimization (DPO)" the whole, and for "DPO (direct preference optimization)", as one more form."""
    inverse = (d for d in definitions if text[d.short[1] : d.long[0]].strip() == "(")
    shorts = {definition.short[0]: definition.long[1] for definition in inverse}
    for span in spans:
        behind = _SHORT_BEHIND.match(text, span.end)
        end = behind.end() if behind else shorts.get(span.start, 0) + 1
        if end > span.end and text[end - 1 : end] == ")":
            yield Span(span.start, end, span.type, span.name, "with-short-form")


def within(text: str, spans: Iterable[Span], found: Iterable[Span]) -> Iterator[Span]:
    """For "chain-of-thought reasoning" the shorter form of the same known thing that stands in it, "chain-of-thought".

    So for "self-supervised contrastive learning" the known thing that it is a kind of and ends with.
    """
    ordered = sorted(found)
    starts = [span.start for span in ordered]
    for span in spans:
        for other in ordered[bisect_left(starts, span.start) : bisect_left(starts, span.end)]:
            if other.end <= span.end and other.end - other.start < span.end - span.start:
                if other.name == span.name:
                    yield Span(other.start, other.end, span.type, span.name, "within")
                elif other.end == span.end and _is_kind(text, span, other):
                    yield Span(other.start, other.end, span.type, span.name, "broader-name")


def _is_kind(text: str, span: Span, other: Span) -> bool:
    """Whether a name of ordinary words is another's with words before it; "image and text classification" is not."""
    are_plain = span.name.islower() and other.name.islower() and span.type == other.type
    return are_plain and span.rule != "shared-head" and text[other.start - 1] == " "


def with_nouns(
    text: str, spans: Iterable[Span], heads: Mapping[str, str], vague: frozenset[str], function: frozenset[str]
) -> Iterator[Span]:
    """For "WebShop environment" where "WebShop" was found, the wider form; a vague noun goes with a name of any type.

    One or two other words of the phrase may stand between: "locate-then-edit knowledge editing methods".
    """
    for span in spans:
        end = span.end
        for _ in range(_MOST_NOUNS):
            noun = _NOUN.match(text, end)
            if not noun or noun[1] in function:
                break
            end, word = noun.end(), singular(noun[1])
            if word in vague or (word in heads and span.type in (heads[word], "")):
                yield Span(span.start, end, span.type, span.name, "with-noun")


def without_nouns(text: str, spans: Iterable[Span], heads: Container[str]) -> Iterator[Span]:
    """For "replay-based methods" the places where "replay-based" stands for it, for "New Loss paradigm" all but the noun."""
    for form, span in {text[span.start : span.end]: span for span in spans}.items():
        first, _, noun = form.partition(" ")
        if "-" in first and noun.isalpha():
            for start, end in occurrences(text, first):
                yield Span(start, end, span.type, span.name, "within")
        elif " " in noun and singular(noun.rpartition(" ")[2].lower()) in heads:
            yield Span(span.start, text.rindex(" ", span.start, span.end), span.type, span.name, "within")


def as_verbs(text: str, spans: Iterable[Span], stems: Mapping[str, str]) -> Iterator[Span]:
    """For "instruction following" the places that say it with the verb ("follow natural language instructions")."""
    lowered = text.lower()
    for name, span in {span.name: span for span in spans}.items():
        thing, _, noun = name.rpartition(" ")
        stem = stems.get(noun, "")
        no_verb = lowered.count(noun) if noun.startswith(stem) and noun.endswith("ion") else 0
        if thing and stem and lowered.count(stem) > no_verb:
            for done in _doing(stem, thing).finditer(text):
                yield Span(done.start(), done.end(), span.type, span.name, "as-verb")


@lru_cache(maxsize=1 << 10)
def _doing(stem: str, thing: str) -> re.Pattern[str]:
    """What does something with a thing: the verb, up to three words, and the thing or several."""
    things = "|".join(re.escape(form) for form in (plural(thing), thing) if form)
    return re.compile(rf"(?<![\w-])(?i:{stem}(?:es?|s|[a-z]?ing|y|ies|ying)?) (?:[A-Za-z][\w-]* ){{0,3}}(?i:{things})(?![\w-])")


def other_names(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    """Pairs of another name and the name it stands behind ("Rich Feature Construction, also called the Bonsai algorithm")."""
    for left, right in pairwise(spans):
        if _ALSO.fullmatch(text, left.end, right.start):
            yield text[right.start : right.end], text[left.start : left.end]
