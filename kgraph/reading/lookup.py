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


@lru_cache(maxsize=1 << 12)
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
        table: dict[str, list[tuple[str, bool, bool, Known]]] = {}
        for row in rows:
            for form in row.forms:
                has_capital = form != form.lower()
                singular = form[:-1] if " " in form and form.endswith("s") and not form.endswith("ss") else ""
                for spelling in filter(None, (form, plural(form), singular)):
                    folded = fold(spelling)
                    needs_context = bool(row.context) and not (has_capital and " " in folded)
                    entry = (spelling.translate(_JOINTS) if has_capital else folded, has_capital, needs_context, row)
                    known = table.setdefault(folded, [])
                    if entry not in known:
                        known.append(entry)
        self._known = list(table.values())
        self._automaton = AhoCorasick([f" {form.translate(_BORDERS)} " for form in table])  # so that it finds whole words alone

    def find(self, text: str) -> Iterator[Span]:
        """A span for every name whose context, if it needs one, occurs in the text; a proper name of several words needs none.

        The rule is "lexicon" for a name with a capital, "lexicon-words" for one of ordinary words.
        """
        lowered = fold(text)
        searched = f" {lowered.translate(_BORDERS)} ".replace(". ", "  ")
        for index, start, after in self._automaton.find_matches_as_indexes(searched, overlapping=True):
            end = after - 2
            for spelling, has_capital, needs_context, row in self._known[index]:
                written = text[start:end].translate(_JOINTS) if has_capital else lowered[start:end]
                if " " in written and text[start - 1 : start] == "-":
                    continue  # "real-world models" are no world models
                if spelling == written and (not needs_context or _is_in_context(row, searched, lowered)):
                    yield Span(start, end, row.type, row.name, "lexicon" if has_capital else "lexicon-words")


def _is_in_context(row: Known, searched: str, lowered: str) -> bool:
    """Whether a context word of a row stands in the text; one with a hyphen may be part of a word."""
    return any(f" {word} " in searched or ("-" in word and fold(word) in lowered) for word in row.context)
