"""Names that no lexicon knows: by their shape, by their place in the title, by the word that announces them."""

import re
from collections.abc import Iterable, Iterator

from kgraph.lexicon import Known, Lexicon, normalise
from kgraph.patterns import Patterns
from kgraph.reading.heads import noun_behind
from kgraph.reading.nlp import LONGEST_NAME
from kgraph.reading.spans import Span

_BORDERS = ' \t\n()[]{}"“”‘`|<>=~,;:!?—–'
_CHUNK = re.compile(rf"(?:[^{re.escape(_BORDERS)}/\\]|/(?=\d))*")
_TITLE_HEAD = re.compile(r"(?:Introducing )?([^:]{2,60}?)\s*:\s")
_TITLE_TAIL = re.compile(r":\s*([A-Za-z][\w*+.-]*)$")
_CAPITALS = re.compile(
    r"[\"'“‘]?((?:[A-Z][\w*+'’-]*|[a-z]+[A-Z]\w*)(?: (?:(?:of|for|and|the|to|with|in|via|on|from|by|as) )?[A-Z0-9][\w*+-]*){0,7})"
)
_RUN = re.compile(
    r"[A-Z](?<=[a-z0-9,;:)] [A-Z])(?:[a-z]+(?:-[A-Za-z]+)*(?: (?:(?:of|for|with) )?[A-Z][a-z]*(?:-[A-Za-z]+)*){1,5}"
    r"(?: [vV]\d[\d.]*\d)?"
    r"|[a-z]+(?:-[A-Z0-9][a-z0-9]+)+)(?![\w-])"
)
_POSSESSIVES = ("'s", "’s", "s'", "s’")
_DIGIT = re.compile(r"\d")
_NOUN = re.compile(r" ([a-z]+)\b")
_SPACED = re.compile(r"[,:]?\s+(?:the\s+|a\s+|an\s+|as\s+)?")


def chunk_at(text: str, offset: int, suffixes: frozenset[str]) -> tuple[int, int]:
    """The range of the name around an offset: to the next white space or bracket, without lower-case words that hyphens join.

    >>> text = "a GPT-4-based and non-LoRA way"
    >>> [text[slice(*chunk_at(text, offset, frozenset()))] for offset in (2, 22)]
    ['GPT-4', 'LoRA']
    """
    chunk = _CHUNK.match(text, offset)
    start, end = offset, chunk.end() if chunk else offset
    while start > 0 and text[start - 1] not in _BORDERS and not _is_joining_slash(text, start - 1):
        start -= 1
    if text.endswith(_POSSESSIVES, start, end):
        end -= 1 if text[end - 2] == "s" else 2
    if (dashes := text.find("--", offset, end)) >= 0:
        end = dashes
    while end > start and text[end - 1] in ".'’-/\\%^_$&#":
        end -= 1
    while start < end and text[start] in "'’-/.\\$^_&#*":
        start += 1
    if text.endswith("**", start, end):  # marked up as bold
        end = start + len(text[start:end].rstrip("*"))
    return _without_joined_words(text, start, end, suffixes) if "-" in text[start:end] else (start, end)


def _is_joining_slash(text: str, at: int) -> bool:
    """A slash joins two names unless a digit follows ("ViT-B/16", "7B/13B")."""
    return text[at] in "/\\" and not (text[at] == "/" and text[at + 1 : at + 2].isdigit())


def _without_joined_words(text: str, start: int, end: int, suffixes: frozenset[str]) -> tuple[int, int]:
    pieces = text[start:end].split("-")
    while (
        len(pieces) > 1 and pieces[-1].isalpha() and pieces[-1].islower() and len(pieces[-1]) > 1 and pieces[-1] not in suffixes
    ):
        end -= len(pieces.pop()) + 1
    while len(pieces) > 1 and pieces[0].isalpha() and pieces[0].islower() and len(pieces[0]) > 1:
        start += len(pieces.pop(0)) + 1
    return start, end


def shaped_names(text: str, offsets: Iterable[int], lexicon: Lexicon, patterns: Patterns) -> Iterator[Span]:
    """A span for the chunk around each offset of a token with the shape of a name, known ones in another spelling included."""
    reached = 0
    for offset in offsets:
        if offset < reached:
            continue
        start, end = chunk_at(text, offset, patterns.suffixes)
        if end - start > LONGEST_NAME:
            reached = end
            continue
        if start <= offset < end and end - start > 1:
            yield _shaped(text, start, end, lexicon, patterns)
            reached = end


def _shaped(text: str, start: int, end: int, lexicon: Lexicon, patterns: Patterns) -> Span:
    name = text[start:end]
    measure, _, depth = name.lower().partition("@")
    if depth and measure in patterns.measures_at:
        return Span(start, end, patterns.measure_type, f"{measure}@{depth}", "measure-at")
    rows = lexicon.by_key.get(normalise(name), ())
    is_spelling = len(name) > 3 and not (name[0].islower() and name.isalpha()) and not lexicon.is_ignored(name)
    if len(rows) == 1 and is_spelling and not rows[0].context and not _is_plural_of_another(name, rows[0]):
        return Span(start, end, rows[0].type, rows[0].name, "lexicon")
    noun = _NOUN.match(text, end)
    cls = patterns.endings.get(noun[1], "") if noun else ""
    if (
        noun
        and cls in patterns.before_nouns
        and not lexicon.is_ignored(name)
        and not noun_behind(text[noun.end() : noun.end() + 60], patterns.heads)
    ):
        return Span(start, noun.end(), cls, text[start : noun.end()], "name-task")
    return Span(start, end, "", name, "name-shape")


def _is_plural_of_another(name: str, row: Known) -> bool:
    """Whether the s behind a capital makes a plural, but stands for a word in the row's forms ("PLMs" are no PLMS)."""
    return name[-1] == "s" and name[-2].isupper() and name.upper() in row.forms


def capitalised_names(text: str, begin: int, end: int) -> Iterator[Span]:
    """Runs of capitalised words in a part of a sentence ("Advantage Model and Selective Rehearsal")."""
    for found in _RUN.finditer(text, begin, end):
        rule = "name-shape" if _DIGIT.search(found[0]) else "capitalised"
        yield Span(*found.span(), "", found[0], rule)


def title_names(title: str, abstract: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Ranges of the names that a title gives before a colon or behind its last ("OptFS: …", "… : JEI-DNN")."""
    head = _TITLE_HEAD.match(title)
    known = head and any(not row.name.islower() for row in lexicon.by_key.get(normalise(head[1]), ()))
    if head and (known or _is_title_name(head[1], abstract)):
        yield head.span(1)
    tail = _TITLE_TAIL.search(title)
    if tail and sum(c.isupper() for c in tail[1]) > 1:
        yield tail.span(1)


def _is_title_name(name: str, abstract: str) -> bool:
    words = name.split()
    if len(words) == 1:
        return name[0].isupper() or any(c.isupper() for c in name)
    if len(words) > 4 or not all(word[0].isupper() or word[0].isdigit() or len(word) < 4 for word in words):
        return False
    return name in abstract and re.search(rf"(?<![.!?] ){re.escape(name)}(?!\w)", abstract[1:]) is not None


def announced_names(text: str, announcement_ends: list[int]) -> Iterator[tuple[int, int]]:
    """Ranges of the capitalised names behind "called", "named", "termed" …, given where these words end."""
    for end in announcement_ends:
        if not text[:end].rsplit(None, 1)[-1].islower():  # "Named Entity Recognition"
            continue
        spaced = _SPACED.match(text, end)
        found = _CAPITALS.match(text, spaced.end()) if spaced else None
        if found:
            yield found.span(1)


def occurrences(text: str, form: str) -> Iterator[tuple[int, int]]:
    """Where a form stands as a whole word, letter for letter, a plural s included."""
    at = text.find(form)
    while at >= 0:
        end = at + len(form)
        plural = end + 1 if text[end : end + 1] == "s" and form[-1:] != "s" else end
        if not (at and (text[at - 1].isalnum() or text[at - 1] == "_")) and not text[plural : plural + 1].isalnum():
            yield at, plural
        at = text.find(form, end)
