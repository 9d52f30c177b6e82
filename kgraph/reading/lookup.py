"""The names of the lexicon in a text: one pass of an Aho-Corasick automaton, whatever their number.

spaCy's PhraseMatcher does the same, but takes ten seconds to be built from 90,000 forms where this takes half a second.
"""

import re
from collections.abc import Iterable, Iterator

from ahocorasick_rs import AhoCorasick

from kgraph.lexicon import Known, plural

_JOINTS = str.maketrans(dict.fromkeys("-\u2010\u2011\u2012\u2013\u2212_\n\t", " "))
_WORD = re.compile(r"[a-z0-9]+")


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
        any_case: dict[str, list[Known]] = {}
        as_written: dict[str, list[Known]] = {}
        for row in rows:
            for form in row.forms:
                table = any_case if form == form.lower() else as_written
                singular = form[:-1] if " " in form and form.endswith("s") and not form.endswith("ss") else ""
                for spelling in filter(None, (form, plural(form), singular)):
                    known = table.setdefault(spelling.translate(_JOINTS), [])
                    if row not in known:
                        known.append(row)
        self._tables = [(AhoCorasick(list(table)), list(table.values())) for table in (any_case, as_written)]

    def find(self, text: str) -> Iterator[tuple[int, int, Known]]:
        """Start, end (code points) and row of every name whose context, if it needs one, occurs in the text."""
        joined, lowered = text.translate(_JOINTS), fold(text)
        words: set[str] | None = None
        for (automaton, rows), searched in zip(self._tables, (lowered, joined), strict=True):
            for index, start, end in automaton.find_matches_as_indexes(searched, overlapping=True):
                if (start and text[start - 1].isalnum()) or text[end : end + 1].isalnum():
                    continue
                for row in rows[index]:
                    if row.context:
                        words = words or set(_WORD.findall(lowered))
                        if words.isdisjoint(row.context) and not any(
                            " " in (phrase := fold(word)) and phrase in lowered for word in row.context
                        ):
                            continue
                    yield start, end, row
