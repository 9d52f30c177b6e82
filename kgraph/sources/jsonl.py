"""JSON lines: one object a line with `title`, `abstract` and, where known, `id` and `date`."""

import json
from collections.abc import Iterator

from kgraph.model import Listing, Paper
from kgraph.sources.document import Document
from kgraph.sources.identity import known_identifier, paper_id


def recognises(document: Document) -> bool:
    """Whether the first line that is not blank begins an object."""
    return next((line.lstrip() for line in document.lines if line.strip()), "").startswith("{")


def read(document: Document) -> Iterator[Paper]:
    """The papers, a line each.

    Raises:
        DataError: a line is no JSON object, or lacks a title or an abstract.
    """
    for number, line in enumerate(document.lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise document.error(number, f"expected a JSON object on one line ({error})") from error
        if not isinstance(record, dict):
            raise document.error(number, f"expected a JSON object, but “{line.strip()[:60]}” stands there")
        title, abstract = (_text(document, number, record, key) for key in ("title", "abstract"))
        identifier = known_identifier(str(record.get("id", "")))
        listing = Listing(document.name, number, str(record.get("date") or ""))
        yield Paper(paper_id(title, identifier), title, abstract, (listing,), identifier)


def _text(document: Document, number: int, record: dict[str, object], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value.strip():
        raise document.error(number, f"expected a text under “{key}”, but {value!r} stands there"[:200])
    return " ".join(value.split())
