"""The names of the lexicon in a text: one pass of an Aho-Corasick automaton, whatever their number.

spaCy's PhraseMatcher does the same, but takes seven seconds to be built from 82,000 forms where this takes one.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from kgraph.lexicon import Known, plural
from kgraph.reading.spans import Span

_JOINTS = str.maketrans(dict.fromkeys("-\u2010\u2011\u2012\u2013\u2212_\n\t", " "))
_BORDERS = str.maketrans(dict.fromkeys("([{}])\"'“”‘’/,;:!?<>=|~$*\\%", " "))


@lru_cache(maxsize=16)
def fold(text: str) -> str:
    """The text in lower case with spaces for hyphens, offset for offset.

    >>> fold("Few-Shot")
    'few shot'
    """
    joined = text.translate(_JOINTS)
    lowered = joined.lower()
    if len(lowered) != len(joined):  # a few letters grow in lower case; offsets must not move
        lowered = "".join(c if len(c.lower()) > 1 else c.lower() for c in joined)
    return lowered


class NameFinder:
    """Finds names as whole words, in singular or plural, with spaces or hyphens between their words.

    A form without a capital letter is found in any case, one with a capital only as it is written.
    """

    def __init__(self, rows: Iterable[Known]) -> None:
        table: dict[str, list[tuple[str, Known]]] = {}
        for row in rows:
            for form in row.forms:
                singular = form[:-1] if " " in form and form.endswith("s") and not form.endswith("ss") else ""
                for spelling in filter(None, (form, plural(form), singular)):
                    as_written = "" if form == form.lower() else spelling.translate(_JOINTS)
                    known = table.setdefault(fold(spelling), [])
                    if (as_written, row) not in known:
                        known.append((as_written, row))
        self._forms, self._known = list(table), list(table.values())
        self._automaton = AhoCorasick([f" {form.translate(_BORDERS)} " for form in table])  # so that it finds whole words alone

    def find(self, text: str) -> Iterator[Span]:
        """A span for every name whose context, if it needs one, occurs in the text.

        The rule is "lexicon" for a name with a capital, "lexicon-words" for one of ordinary words.
        """
        joined, lowered = text.translate(_JOINTS), fold(text)
        words: set[str] | None = None
        searched = f" {lowered.translate(_BORDERS)} ".replace(". ", "  ")
        for index, start, after in self._automaton.find_matches_as_indexes(searched, overlapping=True):
            end = after - 2
            if lowered[start:end] != self._forms[index]:
                continue
            for as_written, row in self._known[index]:
                if as_written and joined[start:end] != as_written:
                    continue
                if row.context:
                    words = words or set(searched.split())
                    if words.isdisjoint(row.context) and not _has_phrase(row, lowered):
                        continue
                yield Span(start, end, row.type, row.name, "lexicon" if as_written else "lexicon-words")


def _has_phrase(row: Known, lowered: str) -> bool:
    """Whether a context word written with a hyphen stands in the folded text."""
    return any("-" in word and fold(word) in lowered for word in row.context)
