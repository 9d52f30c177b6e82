"""What the words around a name say it is: a noun behind it, a phrase in apposition, a noun before it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

_BEHIND = re.compile(r"(?:['’]s)?[ -]((?:[A-Za-z][\w-]*[ -]){0,3}[A-Za-z][\w-]*)")
_APPOSITION = re.compile(
    r"[\"'”’]?(?:\s*\([^)]*\))?(?:\s*[,:]|\s*--?-?|\s*—|\s+is|\s+are|\s+as)\s*(?:(?:also|indeed)\s+)?"
    r"(?:(?:an?|the|our|one of the|the first|this)\s+)([^.;:]{3,160})",
    re.IGNORECASE,
)
_TITLE_REST = re.compile(r"\s*:\s*([^:?]{3,160})")
_STOP = re.compile(
    r"(?<![\w-])(?:for|of|that|which|to|with|in|on|from|by|where|whose|via|using|based|designed|and|or|is|are|was|were|can|has|have|"
    r"consisting|comprising|containing|built|trained|aimed|tailored|as|into|towards?|through|over|at|under|dedicated|capable|outperforms?|achieves?|"
    r"does|do|not|also|we|shows?|its?|their|when|while|but|than|without|significantly|consistently|covering|featuring|encompassing|"
    r"integrating|combining|leveraging|enabling|spanning|curated|collected|generated|constructed|derived|annotated|created|developed|"
    r"extracted|sourced|composed|equipped|driven|grounded|inspired|augmented|powered)(?![\w-])|[,;(—]|--"
)  # in lower case: to ignore case would take five times as long
_SEVERAL = re.compile(r"(?:[\w-]+ ){0,3}(?:suite|set|family|series|collection|range|class|group|pair|combination) of ")
_QUALITY = re.compile(r"(?:[\w-]+ ){0,2}([\w-]+), (?:and )?")  # "large-scale, " before the noun that counts
_LIST_OPENED = re.compile(r"([^.;:()]{0,120})(?::|,? \(?(?:namely|such as|including|like|e\.g\.,?)) (?:\(\w+\) )?$")
_OPENERS = (":", "namely", "such as", "including", "like", "e.g.", "e.g.,", ")")
_LAST_OF_TWO = re.compile(r"[\"'”’]? and [\"'“]?[A-Z][\w+-]*[\"'”’]?(?=[.,;:]|$)")
_OF = frozenset({"of", "for", "with", "on", "from"})
_VERBAL = re.compile(r"[a-z](?:(?<![sui])s|ed)$")
_WORD = re.compile(r"[A-Za-z][\w-]*")
_COUNT = re.compile(r"[-_]\d+[kKM]$")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


class Told(NamedTuple):
    """A type and the rule that told it; both "" where nothing did."""

    type: str
    rule: str


NOTHING = Told("", "")


@lru_cache(maxsize=1 << 14)
def singular(word: str) -> str:
    """A noun without its plural ending, in lower case.

    >>> [singular(word) for word in ["Datasets", "strategies", "losses", "corpus", "tasks"]]
    ['dataset', 'strategy', 'loss', 'corpus', 'task']
    """
    word = word.lower()
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _before_stop(text: str) -> str:
    stop = _STOP.search(text.lower())
    return text[: stop.start()] if stop else text


def _noun_phrase(text: str) -> list[str]:
    """The words of a text before a preposition, a verb, its adverb or a comma."""
    words = _WORD.findall(_before_stop(text))
    return words[:-1] if len(words) > 1 and words[-1].endswith("ly") else words


def head_type(phrase: str, heads: Mapping[str, str]) -> str:
    """The type that the head of a noun phrase tells: its last words before a preposition, a verb or a comma.

    A suite or a family is what it is one of ("a suite of 20 environments").
    """
    if several := _SEVERAL.match(phrase):
        phrase = phrase[several.end() :]
    while (quality := _QUALITY.match(phrase)) and singular(quality[1]) not in heads:
        phrase = phrase[quality.end() :]
    words = [singular(word) for word in _noun_phrase(phrase)]
    if not words:
        return ""
    last = words[-1].rpartition("-")[2]
    return heads.get(" ".join(words[-2:])) or heads.get(words[-1]) or heads.get(last) or ""


def name_ending(name: str, endings: Mapping[str, str]) -> str:
    """The type that the last part of a name tells ("ZorkBench", "PlanQA").

    >>> name_ending("ZorkBench", {"bench": "x"})
    'x'
    """
    if _COUNT.search(name):
        return endings.get("#", "")
    parts = _CAMEL.findall(name)
    return endings.get(parts[-1].lower(), "") if len(parts) > 1 and name.endswith(parts[-1]) else ""


def _is_plural(phrase: str) -> bool:
    """Whether a noun phrase speaks of several things, and so not of the one named before it."""
    words = _noun_phrase(phrase)
    return bool(words) and singular(words[-1]) != words[-1].lower()


def noun_behind(after: str, heads: Mapping[str, str]) -> str:
    """The type told by the noun directly behind a name ("the ProcBench dataset", "the QWeb agent")."""
    found = _BEHIND.match(after)
    if not found:
        return ""
    words = _before_stop(found[1]).replace("-", " ").split()
    for first, word in enumerate(words[:3]):
        pair = f"{singular(word)} {singular(words[first + 1])}" if first + 1 < len(words) else ""
        told = heads.get(pair) or heads.get(singular(word))
        if told:
            return told
        if _VERBAL.search(word) and (word.islower() or (first == 0 and pair)):
            return ""  # a verb: what comes behind it is another thing
    return ""


def told_by_apposition(after: str, in_title: bool, heads: Mapping[str, str]) -> str:
    """The type told by a phrase in apposition behind a name (", a dataset of …"), or behind the colon of a title."""
    found = _APPOSITION.match(after) or (_TITLE_REST.match(after) if in_title else None)
    return head_type(found[1], heads) if found and not _is_plural(found[1]) else ""


def told_by_title(after: str, openings: Mapping[str, str]) -> str:
    """The type told by the word with which a title goes on behind a name and a colon ("REM: Evaluating …")."""
    found = _TITLE_REST.match(after)
    return openings.get(found[1].split()[0].lower(), "") if found else ""


def told_by_context(before: str, after: str, in_title: bool, called: frozenset[str], heads: Mapping[str, str]) -> Told:
    """What the text of a sentence on both sides of a name says it is."""
    if told := noun_behind(after, heads):
        return Told(told, "head-noun")
    is_part = before.endswith("of ")  # "the key component of X is a model" says nothing of X
    if not is_part and (told := told_by_apposition(after, in_title, heads)):
        return Told(told, "apposition")
    words = _WORD.findall(before[-120:])
    if words and words[-1].lower() in called:
        phrase = re.sub(r"[\s,\"'“:]*$", "", before[: before.rindex(words[-1])])
        phrase = re.split(r"\b(?:an?|the|our|new|novel)\b", phrase)[-1]
        return Told(head_type(phrase, heads), "called")
    if told := _told_before(before, after, words, heads):
        return Told(told, "apposition")
    return NOTHING


def _told_before(before: str, after: str, words: list[str], heads: Mapping[str, str]) -> str:
    """The type told by the noun right before a name, before the list it stands in, or before its parenthesis.

    "the datasets ", "four datasets for retrieval: ", "a dataset of court decisions (", "two datasets, " before "A and B."
    """
    plain = before.rstrip(" \"'“")
    if words and plain.endswith(f"{words[-1]},") and singular(words[-1]) != words[-1] and _LAST_OF_TWO.match(after):
        return heads.get(singular(words[-1]), "")
    if words and words[-1].islower() and plain.endswith(words[-1]):
        return heads.get(singular(words[-1]), "")
    if before.rstrip(" (").endswith(_OPENERS) and (opened := _LIST_OPENED.search(before[-140:])):
        plurals = (word for word in reversed(_WORD.findall(opened[1])[-8:]) if singular(word) != word)
        return next((heads[singular(word)] for word in plurals if singular(word) in heads), "")
    if plain.endswith("("):
        for at, word in reversed(list(enumerate(words[-10:]))):
            if singular(word) in heads and (at + 1 == len(words[-10:]) or words[-10:][at + 1] in _OF):
                return heads[singular(word)]
    return ""
