"""What a source knows of one paper, as it stands there; and the paper it becomes, or the sentence that says why it is none."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from kgraph.errors import DataError
from kgraph.model import Listing, Paper
from kgraph.sources.dates import iso_date
from kgraph.sources.document import Document, undecoded
from kgraph.sources.identity import known_identifiers, paper_id, primary
from kgraph.sources.text import legible, plain, sound

T = TypeVar("T")

LONGEST_TITLE = 1_000
LONGEST_ABSTRACT = 50_000
"""In characters; what is longer is no title and no abstract."""

_SHOWN = 60


class Record(NamedTuple):
    """One record: where it begins, what it holds, and the id by which its source calls it.

    `ids` are any texts that may be identifiers; `links` are addresses of code or a project that the source states as such.
    """

    line: int
    title: object
    abstract: object = ""
    ids: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    date: str = ""
    venue: str = ""
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Rejection:
    """A record, or a whole file, that was not read: where it is, what was expected and what stood there."""

    path: str
    line: int
    sentence: str

    @classmethod
    def of(cls, error: DataError) -> "Rejection":
        """What an error says, as a record of it."""
        return cls(error.path, error.line or 0, error.sentence)

    def __str__(self) -> str:
        return str(self.error())

    def error(self) -> DataError:
        """The same as an error to raise."""
        return DataError(self.path, self.line or None, self.sentence)


class WrongRecordError(ValueError):
    """A record is not as it should be; the message says what was expected and what stands there."""


def paper_of(record: Record, document: Document, read: Callable[[str], str] = plain) -> Paper | Rejection:
    """The paper that a record tells of; `read` makes of a raw text what a person reads.

    A record without a title, with one that is no text, or with a byte that cannot be decoded is rejected.
    """
    try:
        title = _text(record.title, "title", LONGEST_TITLE, read)
        abstract = _text(record.abstract, "abstract", LONGEST_ABSTRACT, read)
    except WrongRecordError as error:
        return rejected(document, record, str(error))
    if not title:
        return rejected(document, record, f"expected a title, but {shown(record.title)} stands there")
    identifiers = known_identifiers(one for one in record.ids if one == sound(one))  # what lost a letter is none
    identifier = primary(identifiers)
    return Paper(
        paper_id(title, identifier),
        title,
        abstract,
        (Listing(legible(document.name), record.line, legible(record.date)[:_SHOWN]),),
        identifier,
        identifiers=identifiers,
        authors=_all(record.authors),
        date=iso_date(record.date),
        venues=_all((record.venue,)),
        categories=tuple(sorted(set(_all(record.categories)))),
        keywords=tuple(sorted(set(_all(record.keywords)))),
        links=tuple(sorted({link for link in map(str.strip, record.links) if _is_address(link)})),
    )


def mapped(document: Document, items: Iterator[tuple[int, T] | Rejection], of: Callable[[int, T], Record | None]) -> "Records":
    """The records of raw items with their lines, those that are wrong as rejections; `of` is None of what is no paper at all."""
    for item in items:
        if isinstance(item, Rejection):
            yield item
            continue
        try:
            record = of(*item)
        except WrongRecordError as error:
            yield Rejection(document.path, item[0], str(error))
        else:
            if record is not None:
                yield record


Records = Iterator[Record | Rejection]


def rejected(document: Document, record: Record, sentence: str) -> Rejection:
    """The rejection of a record, which names it by its id if it has one."""
    key = f"record {legible(record.key)[:_SHOWN]}: " if record.key and not undecoded(record.key) else ""
    return Rejection(document.path, record.line, key + sentence)


def shown(value: object) -> str:
    """A value as a message quotes it: short, on one line.

    >>> shown({"a": None}), shown("a" * 100)[-4:]
    ("{'a': None}", "aa…'")
    """
    text = repr(value)
    end = "…'" if isinstance(value, str) else "…"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 2] + end


def _text(value: object, name: str, longest: int, read: Callable[[str], str]) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise WrongRecordError(f"expected a text under “{name}”, but {shown(value)} stands there")
    if byte := undecoded(value):
        raise WrongRecordError(f"expected UTF-8 text under “{name}”, but byte {byte} stands there")
    if len(value) > 4 * longest:
        raise WrongRecordError(f"expected {_one(name)} of at most {longest:,} characters, but {len(value):,} stand there")
    text = read(value)
    if len(text) > longest:
        raise WrongRecordError(f"expected {_one(name)} of at most {longest:,} characters, but {len(text):,} stand there")
    return text


def _one(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _all(values: tuple[str, ...]) -> tuple[str, ...]:
    """Short texts, read as a person reads them, each once and in order."""
    return tuple(dict.fromkeys(text[:500] for value in values if (text := legible(plain(value[:2000])))))


_UCS = "\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd"
_CHARACTER = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?{_UCS}-]|%[0-9A-Fa-f]{{2}})"
_ADDRESS = re.compile(rf"https?://[\w-]+(?:\.[\w-]+)*(?::\d{{1,5}})?(?:[/?]{_CHARACTER}*)?(?:#{_CHARACTER}*)?")
_LONGEST_ADDRESS = 500


def _is_address(link: str) -> bool:
    return len(link) <= _LONGEST_ADDRESS and bool(_ADDRESS.fullmatch(link))
