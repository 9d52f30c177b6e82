"""Phrases that say something of the names beside them, found in one pass."""

from dataclasses import dataclass
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from kgraph.patterns import Cue, Patterns
from kgraph.reading.nlp import Phrases, offsets_of
from kgraph.reading.roles import CueHit


class Noun(NamedTuple):
    """A head noun where it stands, with the type of what it heads."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Found:
    """Cues; ends of announcements ("called"); list nouns and openers; own words; task endings; tokens shaped as names."""

    cues: list[CueHit]
    announcements: list[int]
    nouns: list[Noun]
    openers: list[tuple[int, int]]
    own: list[int]
    endings: list[tuple[int, int]]
    shaped: list[int]


class Signals:
    """Finds the cues, announcements, list openers and list nouns of the patterns."""

    def __init__(self, nlp: Language, patterns: Patterns) -> None:
        values: list[tuple[str, Cue | Noun | str]] = [(phrase, cue) for cue in patterns.cues for phrase in cue.phrases]
        values += [(word, "called") for word in sorted(patterns.called)]
        values += [(word, "own") for word in patterns.own_words]
        values += [(word, "ending") for word in patterns.phrase_endings]
        values += [(opener, "opener") for opener in patterns.list_openers]
        for noun, cls in patterns.list_nouns.items():
            plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
            values += [(form, Noun(0, 0, cls)) for form in (noun, plural)]
        self._phrases = Phrases(nlp, values)

    def find(self, doc: Doc, name_flag: int) -> Found:
        """All of them, each kind sorted by place."""
        found = Found([], [], [], [], [], [], offsets_of(doc, name_flag))
        for start, end, value in self._phrases.find(doc):
            if isinstance(value, Cue):
                found.cues.append(CueHit(start, end, value))
            elif isinstance(value, Noun):
                found.nouns.append(Noun(start, end, value.type))
            elif value == "called":
                found.announcements.append(end)
            elif value == "ending":
                found.endings.append((start, end))
            elif value == "own":
                found.own.append(start)
            else:
                found.openers.append((start, end))
        return found
