"""The spaCy side: a tokeniser that keeps names whole, and phrase matchers that carry values for each phrase."""

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Generic, TypeVar

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

T = TypeVar("T")
_WORDS_KEPT = 1 << 16
LONGEST_NAME = 200
"""In characters; a longer word is no name, and is not looked at letter by letter."""
_PREFIX = re.compile(r"^[\[({<\"'“‘`$*_~|#@]+")
_SUFFIX = re.compile(r"(?:['’]s|[\])}>\"'”’`,.;:!?%*_~|$]+)$")
_INFIXES = [r"--+|—|…|\.\.+", r"(?<=[a-z])\.(?=[A-Z])", r"[()\[\]{}<>|,;:\"“”=~]", r"/"]
_NAME_SHAPE = re.compile(r"(?=.*[A-Z])(?:.*[A-Za-z\d][A-Z]|.*[A-Z]\w*\d|.*\d[A-Z]).*|[a-z]+@\d+")
_NO_NAME = re.compile(r"[+~-]\d.*|[a-z][A-Z]|(?:\d+[A-Z]{1,2}[-/]?)+|\d+[.\d]*(?:[A-Za-z]{1,2}|[A-Z])|[IVX]+|\W*")


def make_nlp() -> Language:
    """A blank English pipeline whose tokens keep their hyphens, so that `GPT-4-based` is one.

    Its tokeniser knows no exceptions such as "don't", which no cue holds, and keeps more words than spaCy's 10,000 at hand.
    """
    nlp = spacy.blank("en")
    nlp.max_length = 1 << 30  # its own limit is for parsers, which need memory
    nlp.tokenizer = Tokenizer(
        nlp.vocab,
        prefix_search=_PREFIX.search,
        suffix_search=_SUFFIX.search,
        infix_finditer=compile_infix_regex(_INFIXES).finditer,
        max_cache_size=_WORDS_KEPT,
    )
    return nlp


def has_name_shape(word: str) -> bool:
    """Whether a token looks like a name: a capital behind a letter or digit, letters with digits, or a measure at a depth.

    >>> [word for word in ["GSM8K", "OptFS", "Learning", "7B", "II", "BERT"] if has_name_shape(word)]
    ['GSM8K', 'OptFS', 'BERT']
    """
    return len(word) <= LONGEST_NAME and bool(_NAME_SHAPE.fullmatch(word)) and not _NO_NAME.fullmatch(word)


class Phrases(Generic[T]):
    """Finds phrases in documents, in any case, and says which values each stands for."""

    def __init__(self, nlp: Language, phrases: Iterable[tuple[str, T]]) -> None:
        self._values: dict[int, list[T]] = {}
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        for phrase, value in phrases:
            key = nlp.vocab.strings.add(phrase)
            if key not in self._values:
                self._matcher.add(phrase, [nlp.make_doc(phrase)])
            self._values.setdefault(key, []).append(value)

    def find(self, doc: Doc) -> Iterator[tuple[int, int, T]]:
        """Start and end (code points) of every match, sorted by place, with each value of its phrase."""
        for key, first, last in sorted(self._matcher(doc), key=itemgetter(1, 2)):
            final = doc[last - 1]
            start, end = doc[first].idx, final.idx + len(final)
            for value in self._values[key]:
                yield start, end, value


def offsets_of(doc: Doc, flag: int) -> list[int]:
    """Where those tokens of a document start whose lexeme has a flag (code points)."""
    return [doc[index].idx for index in doc.to_array(flag).nonzero()[0].tolist()]
