"""The answer of Hugging Face's `daily_papers`: its repository and project page are facts, its own summary is not read."""

import re
from collections.abc import Mapping
from typing import Any

from kgraph.sources.document import Document
from kgraph.sources.json_records import as_object, inside, items, looks_like_json, text, texts
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, mapped

SUFFIXES = ()
_SIGN = re.compile(r'"(?:submittedOnDailyBy|submittedOnDailyAt|upvotes|ai_summary|githubRepo|paper)"\s*:')
_SUMMARY = re.compile('"summary"')


def recognises(document: Document) -> bool:
    """Whether it is JSON with a key that only these answers have."""
    return looks_like_json(document, _SIGN, _SUMMARY)


def read(document: Document, _: Options) -> Records:
    """The papers of the answer, or of one paper's own answer."""
    return mapped(document, items(document), paper_record)


def paper_record(line: int, value: Any) -> Record:
    """The record of a listed paper."""
    listed = as_object(value)
    inner = listed.get("paper")
    paper: Mapping[str, Any] = inner if isinstance(inner, dict) else listed
    number = text(paper.get("id"))
    return Record(
        line,
        paper.get("title") or listed.get("title"),
        paper.get("summary") or listed.get("summary"),
        ids=(f"arxiv:{number}",),
        authors=texts(paper.get("authors"), "name") or texts(inside(paper, "authors")),
        date=text(paper.get("publishedAt") or listed.get("publishedAt")),
        links=(*texts(paper.get("githubRepo")), *texts(paper.get("projectPage"))),
        key=number,
    )
