"""JSON as records: lines, an array, a page of results, one object, or several in a row; one that is broken spoils no other."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kgraph.sources.document import LONGEST_RECORD, Document, undecoded
from kgraph.sources.record import Rejection, WrongRecordError, shown

Items = Iterator[tuple[int, Any] | Rejection]

ENVELOPES = ("results", "data", "papers", "works", "items", "records", "dailyPapers")
"""The keys under which an answer holds its records."""

_ENVELOPE = re.compile(rf'"(?:{"|".join(ENVELOPES)})"\s*:\s*\[')
_RESUME = re.compile(r"\}\s*+,?\s*+(?=\{)|\n[ \t]*+(?=\{)|,\s*+(?=\{\s*+\")")
_BETWEEN = re.compile(r"[ \t\n\r,\ufeff]*+")
_LONE = re.compile("[\ud800-\udfff]")
_DECODER = json.JSONDecoder()
_MOST_TRIES = 200


def looks_like_json(document: Document, *signs: re.Pattern[str]) -> bool:
    """Whether the first character that is no space begins an object or an array of objects, and all signs are near it."""
    if not re.match(r"[\s\ufeff]*(?:\{|\[\s*(?:[\[{\]n]|$))", document.beginning):
        return False
    return all(sign.search(document.beginning) for sign in signs)


def items(document: Document) -> Items:
    """The values that a document holds with the lines they begin in; a page of results is its results."""
    if _is_by_lines(document):
        yield from _by_lines(document)
    else:
        yield from _of_text(document, document.text(), 1)


def _is_by_lines(document: Document) -> bool:
    """Whether each line is a value: by the suffix, or as the first line is a whole object and another follows."""
    first, _, rest = document.beginning.lstrip().partition("\n")
    if first.startswith("["):
        return False
    if document.suffix in (".jsonl", ".ndjson"):
        return True
    return first.rstrip().endswith("}") and rest.lstrip().startswith("{") and _is_value(first)


def _is_value(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _by_lines(document: Document) -> Items:
    for number, line in document.lines():
        if not line.strip():
            continue
        if byte := undecoded(line):
            if _ENVELOPE.search(line):
                yield from _of_text(document, line, number)
            else:
                yield Rejection(document.path, number, f"expected UTF-8 text, but byte {byte} stands there")
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Rejection(document.path, number, f"expected a JSON object on one line ({_reason(error)})")
            continue
        yield from ((number, one) for one in _unpacked(value))


def _of_text(document: Document, text: str, line: int) -> Items:
    """The values of a text that begins in a line, one after the other; after a broken one comes the next that can be read."""
    at, counted = _start(text), 0
    while (at := _skip(text, at)) < len(text):
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield Rejection(document.path, line, f"expected a JSON object ({_reason(error)})")
            at = _resumed(text, at)
            continue
        if end - at > LONGEST_RECORD and not isinstance(value, dict):
            yield Rejection(document.path, line, f"expected a record of at most {LONGEST_RECORD:,} characters")
        elif byte := undecoded(text[at:end]):
            yield Rejection(document.path, line, f"expected UTF-8 text, but byte {byte} stands there")
        else:
            yield from ((line, one) for one in _unpacked(value))
        at = end


def _start(text: str) -> int:
    """Where the first record begins: in an array, or in the array that an answer holds."""
    at = _skip(text, 0)
    if text[at : at + 1] == "[":
        return at + 1
    if text[at : at + 1] == "{" and (found := _ENVELOPE.search(text, at)):
        try:
            _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return found.end()  # what is broken is read record by record
        if undecoded(text):
            return found.end()
    return at


def _skip(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    at = found.end() if found else at
    return len(text) if text[at : at + 1] == "]" else at


def _resumed(text: str, at: int) -> int:
    """Where the next object that can be read begins, after one that cannot; the end if there is none near."""
    for tried, found in enumerate(_RESUME.finditer(text, at + 1)):
        if tried >= _MOST_TRIES:
            break
        try:
            value, _ = _DECODER.raw_decode(text, found.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and ("title" in value or "paper" in value):
            return found.end()
    return len(text)


def _unpacked(value: Any) -> list[Any]:
    """A value with characters in the place of lone surrogates; of an answer that holds records, these."""
    value = _mended(value)
    if isinstance(value, dict) and "title" not in value:
        held = next((value[key] for key in ENVELOPES if isinstance(value.get(key), list)), None)
        return [value] if held is None else held
    return [value]


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value) if not value.isascii() else value
    if isinstance(value, dict):
        return {_mended(key): _mended(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_mended(one) for one in value]
    return value


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]


def as_object(value: Any) -> Mapping[str, Any]:
    """A value as the object that it must be.

    Raises:
        WrongRecordError: it is none.
    """
    if not isinstance(value, dict):
        raise WrongRecordError(f"expected a JSON object, but {shown(value)} stands there")
    return value


def inside(value: Any, *keys: str) -> Any:
    """What is under one key after the other, None where one is missing or what holds it is no object."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def texts(value: Any, *keys: str) -> tuple[str, ...]:
    """The texts in a list, or under keys of its objects; of one text, itself; of anything else, nothing."""
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if not isinstance(value, list):
        return ()
    found = (inside(one, *keys) if keys else one for one in value)
    return tuple(one for one in found if isinstance(one, str) and one.strip())


def text(value: Any) -> str:
    """A text or a number as text, "" for anything else."""
    return value if isinstance(value, str) else str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
