"""Short forms and their long forms.

After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text" (Pacific Symposium
on Biocomputing 2003).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from kgraph.lexicon import SMALL_WORDS
from kgraph.reading.sentences import sentence_at

_PARENTHESES = re.compile(r"\(([^()\n]{2,120})\)")
_SHORT = re.compile(r"[A-Za-z0-9][\w*+&./-]{1,14}(?: [\w*+-]{1,8})?")
_INNER_END = re.compile(r"[;,:]")
_WINDOW = 200  # no long form is longer
_WORD_BEFORE = re.compile(r"[A-Za-z][\w*+&-]{1,14}$")

_WORD = re.compile(r"[A-Za-z0-9]+")
_COMPOUND = re.compile(r"[A-Za-z0-9][\w-]*")

_PLAIN_WORD = re.compile(r"[A-Z]?[a-z]+")
_BREAK = re.compile(r", |^[^(]*\)")
_VERB = re.compile(r"[a-z]+ (?:an?|the|our) ")
_MARKUP = re.compile(r"\\[a-z]+ ?|[{}$*_\\]")
_BEFORE_MARK = re.compile(r"\b([A-Z](?=\w*[A-Z])[\w]{2,10})(?:: | [-–—] )(?=[A-Za-z])")
_MARKS = (": ", " - ", " – ", " — ")
_MARK = re.compile(r"[,.;:()](?!\w)|\n")
_TITLE_TAIL = re.compile(r"([^:]+?)\s*:\s*([\w*+&.-]{2,16})$")
_TITLE_REST = re.compile(
    r"(?: (?!(?:for|in|of|on|with|via|by|from|to|and|using|through|as|at|under)\b)[\w-]+){1,2}$", re.IGNORECASE
)
_TITLE = re.compile(r"([\w*+&.-]{2,16})\s*:\s")


class Definition(NamedTuple):
    """Where a short form and its long form stand, as half-open ranges of code points."""

    short: tuple[int, int]
    long: tuple[int, int]


def without_markup(text: str) -> str:
    r"""A text without the marks of LaTeX and Markdown.

    >>> without_markup(r"\textbf{D}ynamic **L**oss")
    'Dynamic Loss'
    """
    return _MARKUP.sub("", text)


def find_definitions(text: str, ranges: list[tuple[int, int]]) -> list[Definition]:
    """Each `long form (SF)`, `SF (long form)` and `SF: Long Form` in the sentences given by their ranges, in order."""
    in_title = title_definition(text[slice(*ranges[0])]) if ranges else None
    found = [in_title] if in_title else []
    if any(map(text.__contains__, _MARKS)):  # found much faster than what stands before one
        found += filter(None, (_behind_mark(text, match) for match in _BEFORE_MARK.finditer(text, ranges[0][1] if ranges else 0)))
    for match in _PARENTHESES.finditer(text):
        begin, _ = sentence_at(ranges, match.start())
        definition = _long_before(text, begin, match) or _short_before(text, begin, match)
        if definition:
            found.append(definition)
    return found


def _behind_mark(text: str, match: re.Match[str]) -> Definition | None:
    """A short form before a colon or dash with the words behind it that spell it out ("RISE: Recursive IntroSpEction, …").

    They end before a mark, and, if they can, with a word that begins with the short form's last letter.
    """
    start, short = match.end(), match[1]
    mark = _MARK.search(text, start, start + _WINDOW)
    words = list(_COMPOUND.finditer(text, start, mark.start() if mark else start + _WINDOW))[: 2 * len(short)]
    ends = [word.end() for word in words if word[0][0].lower() == short[-1].lower()] + [word.end() for word in words[-1:]]
    end = next((end for end in ends if match_long_form(short, text[start:end]) == 0), None)
    return Definition(match.span(1), (start, end)) if end else None


def spelled_out_elsewhere(text: str, short: str) -> Definition | None:
    """A short form of capitals with words that begin with them, wherever both stand ("… Policy Iteration. … ICPI iterates").

    Three letters need capitalised words: three small words with the right initials are often chance. Between four capitalised
    ones others may stand ("Dynamically Refining tool documentation through the Analysis of Feedback and Trails").
    """
    letters = short.replace("-", "")
    if len(letters) < 3 or not letters.isalpha() or not letters.isupper():
        return None
    found = _initialism(letters).search(text) or (len(letters) > 3 and _capitals(letters).search(text))
    at = text.find(short)
    return Definition((at, at + len(short)), found.span()) if found and at >= 0 else None


@lru_cache(maxsize=1 << 12)
def _initialism(short: str) -> re.Pattern[str]:
    first, *others = list(short) if len(short) < 4 else [f"[{letter}{letter.lower()}]" for letter in short]
    gap = rf"[\w*]*(?:[ -](?:{'|'.join(sorted(SMALL_WORDS))}))?[ -]"
    return re.compile(rf"{first}(?<!\w.){gap}{gap.join(others)}[a-z][\w*]*")  # a letter in front is searched faster than \b


@lru_cache(maxsize=1 << 12)
def _capitals(short: str) -> re.Pattern[str]:
    """Capitalised words, the short form's letters in order, with at most four others between two of them."""
    return re.compile(r"(?:[ -][a-z]+){0,4}[ -]".join(rf"{letter}(?<!\w.)\w*" for letter in short))


def title_definition(title: str) -> Definition | None:
    """A title's short form with the long form on the other side of the colon ("TAG: Task-based Accumulated Gradients for …")."""
    if ":" not in title:
        return None
    tail = _TITLE_TAIL.match(title)
    if tail and _is_short_form(tail[2]) and match_long_form(tail[2], tail[1]) == 0:
        return Definition(tail.span(2), tail.span(1))
    found = _TITLE.match(title)
    if not found or not _is_short_form(found[1]):
        return None
    start = len(title) - len(title[found.end() :].lstrip())
    end = _spelled_out(found[1], title, start) or _spelled_out(found[1].partition("-")[0], title, start)
    if end and (rest := _TITLE_REST.match(title, end)):  # "FILM: Following Instructions in Language with Modular Methods"
        end = rest.end()
    return Definition(found.span(1), (start, end)) if end else None


def _spelled_out(short: str, title: str, start: int) -> int | None:
    """Where words that spell a short form out end: its capitals begin words, in order, its other letters stand between."""
    letters = [c for c in short if c.isalnum()]
    words = list(_WORD.finditer(title, start))
    starts = {word.start() for word in words}
    at, used = start, 0
    for letter in letters:
        while at < len(title) and (title[at].lower() != letter.lower() or (letter.isupper() and at not in starts)):
            at += 1
        if at >= len(title) or (used == 0 and at != start):
            return None
        at, used = at + 1, used + 1
    last = next(word for word in words if word.start() < at <= word.end())
    skipped = sum(word[0].lower() not in SMALL_WORDS for word in words if word.end() <= last.end()) - len(letters)
    return last.end() if len(letters) > 2 and skipped <= 3 else None


def _long_before(text: str, begin: int, match: re.Match[str]) -> Definition | None:
    inner = _INNER_END.split(match[1], maxsplit=1)[0].strip()
    if not _is_short_form(inner):
        return None
    begin = max(begin, match.start() - _WINDOW)
    before = text[begin : match.start()].rstrip(" ,")
    most = min(len(inner) + 5, len(inner) * 2)
    more, *words = before.rsplit(None, most) or [""]
    window = before.index(words[0], len(more)) if len(words) == most else 0
    start = match_long_form(inner, before[window:])
    if start is None:
        return None
    at = match.start(1) + text[match.start(1) : match.end(1)].index(inner)
    return Definition((at, at + len(inner)), (begin + window + start, begin + len(before)))


def _short_before(text: str, begin: int, match: re.Match[str]) -> Definition | None:
    long_form = match[1].strip()
    if len(long_form.split()) < 2:
        return None
    end = begin + len(text[begin : match.start()].rstrip())
    word = _WORD_BEFORE.search(text, max(begin, end - 15), end)
    if not word or not _is_short_form(word[0]) or len(long_form) < 2 * len(word[0]):
        return None
    start = match_long_form(word[0], long_form)
    if start is None or 2 * start > len(long_form):
        return None
    at = match.start(1) + match[1].index(long_form)
    return Definition(word.span(), (at, at + len(long_form)))


def _is_short_form(text: str) -> bool:
    """Two to ten characters or so, at most two words, at least one capital, not a number."""
    return bool(_SHORT.fullmatch(text)) and text != text.lower()


def match_long_form(short: str, candidate: str) -> int | None:
    """Where the long form begins in `candidate`, which ends with it; None if it holds none.

    It is the words whose initials are the short form; else the shortest end that holds all letters of the short form in order,
    the first of them at the beginning of a word, and no comma; an ordinary word in parentheses is no short form of such words.
    A plural s of the short form need not stand in the long form.

    >>> match_long_form("EDNN", "use early-exiting dynamic neural networks")
    4
    """
    for form in dict.fromkeys((short, short[:-1] if short.endswith("s") and short[:-1].isupper() else short)):
        start = _initials(form, candidate)
        start = _match(form, candidate) if start is None else start
        if start is not None and len(candidate) - start > len(form) and form not in candidate[start:].split():
            return start
    return None


def ambiguous_shorts(text: str, definitions: Iterable[Definition]) -> frozenset[str]:
    """The short forms of a text that are defined twice, as long forms that do not share most of their words.

    >>> text = "masked autoencoders (MAE) with low mean absolute error (MAE)"
    >>> sorted(ambiguous_shorts(text, find_definitions(text, [(0, len(text))])))
    ['MAE']
    """
    words: dict[str, set[frozenset[str]]] = {}
    for definition in definitions:
        long = without_markup(text[slice(*definition.long)]).lower()
        words.setdefault(text[slice(*definition.short)], set()).add(
            frozenset(word[:4] for word in _WORD.findall(long)) - SMALL_WORDS
        )
    return frozenset(
        short
        for short, found in words.items()
        if any(2 * len(one & other) <= max(len(one), len(other)) for one, other in combinations(found, 2))
    )


def is_initialism(short: str, long: str) -> bool:
    """Whether a short form is the initials of its long form, small words aside."""
    return _initials(short, long) == 0


def _initials(short: str, candidate: str) -> int | None:
    """Where words begin whose initials are the short form, small words aside or not ("Tree of Thoughts (ToT)"); else None."""
    letters = "".join([c.lower() for c in short if c.isalnum()])
    for pattern in (_WORD, _COMPOUND):
        words = [(word.start(), word[0].lower()) for word in pattern.finditer(candidate)]
        for skipped in (SMALL_WORDS, frozenset[str]()):
            taken = [(start, word[0]) for start, word in words if word not in skipped][-len(letters) :]
            if "".join([initial for _, initial in taken]) == letters:
                return candidate.rfind(" ", 0, taken[0][0]) + 1
    return None


def _match(short: str, candidate: str) -> int | None:
    """Where the shortest end begins that holds the letters and no break; a verb and article before it are not of it."""
    if _PLAIN_WORD.fullmatch(short):
        return None
    at = len(candidate)
    letters = [c.lower() for c in short if c.isalnum()]
    lowered = candidate.lower()
    for index in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (lowered[at] != letters[index] or (index == 0 and at > 0 and lowered[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    while at > 0 and not candidate[at - 1].isspace() and candidate[at - 1] not in "([{\"'“":
        at -= 1
    verb = _VERB.match(candidate, at)
    return None if _BREAK.search(candidate[at:]) else verb.end() if verb else at
