"""JSON, by lines or whole: objects with a title and, where known, an abstract, an id and more, under known or given keys."""

from typing import Any

from kgraph.sources.document import Document
from kgraph.sources.fields import guessed, record_of
from kgraph.sources.json_records import as_object, items, looks_like_json
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, WrongRecordError, mapped

SUFFIXES = (".jsonl", ".ndjson", ".json")


def recognises(document: Document) -> bool:
    """Whether it begins as JSON does."""
    return looks_like_json(document)


def read(document: Document, options: Options) -> Records:
    """The objects as records."""

    def of(line: int, value: Any) -> Record:
        row = as_object(value)
        columns = guessed(row, options.columns)
        if "title" not in columns:
            raise WrongRecordError(
                f"expected a text under “title”, but there are only the keys {', '.join(map(str, row))[:120] or 'of none'}"
            )
        return record_of(line, row, columns)

    return mapped(document, items(document), of)
