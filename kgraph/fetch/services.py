"""What each service wants to be asked, and what its answers say of the records that they hold."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from kgraph.sources.json_records import inside

Order = Literal["newest", "oldest", "relevance"]
MOST_ON_A_PAGE = 100
"""How many records one question asks for: OpenAlex gives no more, and arXiv answers small pages more reliably."""

_ENTRY = re.compile(rb"<entry[\s>]")
_TOTAL = re.compile(rb"<(?:\w+:)?totalResults[^>]*>\s*(\d+)")
_SUMMARY = re.compile(rb"<summary[^>]*>(.*?)</summary>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: which service, its own words, papers since when (ISO date), OpenAlex's filter, and which come first."""

    service: str
    text: str
    since: str = ""
    filter: str = ""
    order: Order = "newest"


class Page(NamedTuple):
    """What an answer holds: how many records, how many there are in all, and where the next begins, "" after the last."""

    records: int
    total: int
    next: str


class WrongAnswerError(ValueError):
    """An answer is none; `passes` says whether asking again may help."""

    def __init__(self, sentence: str, *, passes: bool = True) -> None:
        super().__init__(sentence)
        self.passes = passes


@dataclass(frozen=True, slots=True)
class Service:
    """A service: where it is, its name, the suffix of its answers, the seconds that it wants between questions, and both ways.

    `parameters` makes a question of a query, the place where to begin and the most records; `page` reads the answer to it.
    """

    address: str
    name: str
    suffix: str
    pause: float
    parameters: Callable[[Query, str, int], Mapping[str, str]]
    page: Callable[[bytes, str], Page]


def _ask_arxiv(query: Query, place: str, most: int) -> Mapping[str, str]:
    day = (query.since + "0000-01-01"[len(query.since) :]).replace("-", "")
    text = f"({query.text}) AND submittedDate:[{day}0000 TO 999912312359]" if query.since else query.text
    order = {"newest": "descending", "oldest": "ascending", "relevance": "descending"}[query.order]
    by = "relevance" if query.order == "relevance" else "submittedDate"
    return {"search_query": text, "start": place or "0", "max_results": str(most), "sortBy": by, "sortOrder": order}


def _arxiv_page(content: bytes, place: str) -> Page:
    if b"/api/errors" in content:
        said = _SUMMARY.search(content)
        raise WrongAnswerError(f"it says: {_short(said[1] if said else content)}", passes=False)
    total = _TOTAL.search(content)
    if not total or b"</feed>" not in content:
        raise WrongAnswerError(f"expected a whole Atom feed, but it begins with {_short(content)}")
    records, start = len(_ENTRY.findall(content)), int(place or 0)
    if not records and start < int(total[1]):
        raise WrongAnswerError(f"expected records from {start + 1:,} on, but the page is empty")
    following = start + records
    return Page(records, int(total[1]), str(following) if following < int(total[1]) else "")


def _ask_openalex(query: Query, place: str, most: int) -> Mapping[str, str]:
    day = query.since + "0000-01-01"[len(query.since) :]
    filters = ",".join(filter(None, (query.filter, f"from_publication_date:{day}" if query.since else "")))
    order = {"newest": "publication_date:desc", "oldest": "publication_date:asc", "relevance": "relevance_score:desc"}
    asked = {"search": query.text, "filter": filters, "sort": order[query.order]}
    return {**{key: value for key, value in asked.items() if value}, "per_page": str(most), "cursor": place or "*"}


def _openalex_page(content: bytes, place: str) -> Page:
    try:
        answer: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise WrongAnswerError(f"expected JSON, but it begins with {_short(content)}") from error
    if message := inside(answer, "error"):
        raise WrongAnswerError(f"it says: {_short(str(inside(answer, 'message') or message).encode())}", passes=False)
    works, total, following = inside(answer, "results"), inside(answer, "meta", "count"), inside(answer, "meta", "next_cursor")
    if not isinstance(works, list) or not isinstance(total, int):
        raise WrongAnswerError(f"expected results and their count, but it begins with {_short(content)}")
    if not works and not place and total:
        raise WrongAnswerError(f"expected the first of {total:,} records, but the page is empty")
    return Page(len(works), total, following if isinstance(following, str) and works else "")


def _short(content: bytes) -> str:
    """How an answer begins, on one line."""
    text = " ".join(content[:2000].decode("utf-8", "replace").split())
    return f"“{text[:160]}{'…' if len(text) > 160 else ''}”"


SERVICES: Mapping[str, Service] = {
    "arxiv": Service("https://export.arxiv.org/api/query", "arXiv", ".xml", 3.0, _ask_arxiv, _arxiv_page),
    "openalex": Service("https://api.openalex.org/works", "OpenAlex", ".json", 1.0, _ask_openalex, _openalex_page),
}
"""The services by name; a new one is two functions and a line here."""
