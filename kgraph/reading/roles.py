"""Which role a sentence gives to a name: cues with direction, reach and end, as ConText has it.

Harkema, Dowling, Thornblade and Chapman, "ConText: an algorithm for determining negation, experiencer, and temporal status
from clinical reports", Journal of Biomedical Informatics 42 (2009).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kgraph.ontology import INTRODUCED
from kgraph.patterns import Cue
from kgraph.reading.sentences import sentence_at
from kgraph.reading.spans import Span

_JOINING = frozenset({"and", "or", "the", "a", "an", "as", "well", "also", "both", "such", "including", "like", "e.g", "g"})
_CALLED = frozenset({"called", "named", "dubbed", "termed"})
_PRESENTING = _CALLED | {"a", "an", "the", "new", "novel", "our"}
_OUR_WAY = re.compile(r" (?:approach|method|framework|algorithm)\b")
_BY_HOW_MUCH = re.compile(r"\bby (?:up to |over |about )?\d[\d.,]*\\?%?")
_WORD = re.compile(r"[A-Za-z][\w'’-]*|[;:]")


class CueHit(NamedTuple):
    """A cue where it stands in a text."""

    start: int
    end: int
    cue: Cue


def roles(
    text: str, spans: Sequence[Span], hits: Iterable[CueHit], ranges: Sequence[tuple[int, int]], is_known: Callable[[Span], bool]
) -> dict[Span, CueHit]:
    """The cue that gives each span its role; the nearest one where several reach it.

    What is known is introduced only where its own paper would put it.
    """
    chosen: dict[Span, tuple[int, int, CueHit]] = {}
    within: dict[tuple[int, int], list[Span]] = {}
    for span in spans:
        within.setdefault(sentence_at(ranges, span.start), []).append(span)
    for order, hit in enumerate(hits):
        sentence = begin, stop = sentence_at(ranges, hit.start)
        inside = within.get(sentence, [])
        if hit.cue.side == "after":
            reached = [span for span in inside if hit.end <= span.start < stop]
        else:
            reached = [span for span in reversed(inside) if begin <= span.start and span.end <= hit.start]
        distance, place, is_first = 0, hit.end if hit.cue.side == "after" else hit.start, True
        for span in reached:
            if span.type and span.type not in hit.cue.types:
                continue
            gap = text[place : span.start] if hit.cue.side == "after" else text[span.end : place]
            words = _WORD.findall((_BY_HOW_MUCH.sub("", gap) if "by " in gap else gap).lower())
            distance += len(words)
            if distance > hit.cue.reach or not hit.cue.stops.isdisjoint(words):
                break
            if not is_first and len([word for word in words if word not in _JOINING]) > hit.cue.chain:
                break
            is_first = False
            if hit.cue.role == INTRODUCED and is_known(span) and not _is_presented(text, hit, span, words):
                break
            if span not in chosen or (distance, order) < chosen[span][:2]:
                chosen[span] = (distance, order, hit)
            place = span.end if hit.cue.side == "after" else span.start
    return {span: hit for span, (_, _, hit) in chosen.items()}


def _is_presented(text: str, hit: CueHit, span: Span, words: list[str]) -> bool:
    """Whether a known name stands where only its own paper puts it.

    That is right behind the cue, or behind "called", with a description behind; or with a capital between "our" and "approach".
    """
    if text[hit.start : hit.end].lower() == "our":
        is_proper = not text[span.start : span.end].islower()
        return not words and is_proper and _OUR_WAY.match(text, span.end) is not None
    is_named = set(words) <= _PRESENTING or words[-1] in _CALLED
    return is_named and text[span.end : span.end + 2].lstrip()[:1] in tuple(",(:-–—")
