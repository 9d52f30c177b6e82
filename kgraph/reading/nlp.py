"""The spaCy side: a tokeniser that keeps names whole, and phrase matchers that carry a value for each phrase."""

import re
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar, cast

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

T = TypeVar("T")
_INFIXES = [r"--+|—|…|\.\.+", r"(?<=[a-z])\.(?=[A-Z])", r"[()\[\]{}<>|,;:\"“”=~]", r"/"]
_NAME_SHAPE = re.compile(r"(?=.*[A-Z])(?:.*[A-Za-z\d][A-Z]|.*[A-Z]\w*\d|.*\d[A-Z]).*")
_NO_NAME = re.compile(r"[a-z][A-Z]|(?:\d+[A-Z]{1,2}[-/]?)+|\d+[.\d]*(?:[A-Za-z]{1,2}|[A-Z])|[IVX]+|\W*")


def make_nlp() -> Language:
    """A blank English pipeline whose tokens keep their hyphens, so that `GPT-4-based` is one."""
    nlp = spacy.blank("en")
    tokenizer = cast(Tokenizer, nlp.tokenizer)
    tokenizer.infix_finditer = compile_infix_regex(_INFIXES).finditer
    tokenizer.url_match = None
    return nlp


def has_name_shape(word: str) -> bool:
    """Whether a token looks like a name: a capital behind a letter or digit, or letters with digits.

    >>> [word for word in ["GSM8K", "OptFS", "Learning", "7B", "II", "BERT"] if has_name_shape(word)]
    ['GSM8K', 'OptFS', 'BERT']
    """
    return bool(_NAME_SHAPE.fullmatch(word)) and not _NO_NAME.fullmatch(word)


class Phrases(Generic[T]):
    """Finds phrases in documents, in any case, and says which value each stands for."""

    def __init__(self, nlp: Language, phrases: Iterable[tuple[str, T]]) -> None:
        self._values: dict[int, T] = {}
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        for phrase, value in phrases:
            self._matcher.add(phrase, [nlp.make_doc(phrase)])
            self._values[nlp.vocab.strings[phrase]] = value

    def find(self, doc: Doc) -> Iterator[tuple[int, int, T]]:
        """Start and end (code points) of every match, with the value of its phrase, in no order."""
        for key, first, last in self._matcher(doc):
            end_token = doc[last - 1]
            yield doc[first].idx, end_token.idx + len(end_token), self._values[key]


def flagged(doc: Doc, flag: int) -> list[int]:
    """Offsets of the tokens whose lexeme has a flag."""
    return [doc[int(index)].idx for index in doc.to_array([flag]).nonzero()[0]]
