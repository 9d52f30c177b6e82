"""How columns and keys are called by those who export papers, and the record that a row or an object with such names is."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kgraph.sources.identity import known_identifier
from kgraph.sources.json_records import inside, text, texts
from kgraph.sources.names import people
from kgraph.sources.record import Record

NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "article title", "paper title", "document title", "primary title", "display name", "ti"),
    "abstract": ("abstract", "abstract note", "abstract text", "summary", "paper abstract", "ab"),
    "id": ("id", "arxiv id", "arxiv", "paper id", "identifier", "eprint", "entry id", "key", "paperid"),
    "doi": ("doi",),
    "url": ("url", "abs", "link", "paper url", "pdf", "pdf url", "uri"),
    "extra": ("extra",),
    "pmid": ("pmid", "pubmed id", "pubmedid"),
    "authors": ("authors", "author", "author full names", "author names", "creators", "creator", "author s"),
    "date": ("date", "published", "publication date", "publish date", "created", "publication year", "year", "update date"),
    "venue": (
        "venue",
        "publication title",
        "source title",
        "journal",
        "conference",
        "booktitle",
        "container title",
        "conference name",
    ),
    "categories": ("categories", "category", "subjects", "fields of study", "arxiv categories"),
    "keywords": ("keywords", "author keywords", "keyword", "manual tags", "tags"),
    "links": ("code", "code url", "repository", "github", "github repo", "githubrepo", "project page", "repo url"),
}
"""What a record holds, and the names it goes by, the best first."""

_BARE_ARXIV = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")
_IN_EXTRA = re.compile(r"(?:arxiv:\s*(?:\d{4}\.\d{4,5}|[a-z.-]+/\d{7})(?:v\d+)?|PMID:\s*\d{1,9})", re.IGNORECASE)


def simplified(name: str) -> str:
    """A column's name as it is compared: lower case, words apart by a space.

    >>> simplified("Abstract_Note"), simplified(" DOI "), simplified("githubRepo")
    ('abstract note', 'doi', 'githubrepo')
    """
    return " ".join(re.findall(r"[^\W_]+", name.lower()))


def guessed(names: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Which of the names holds what: as given, else the best known one that is among them."""
    present: dict[str, str] = {}
    for name in names:
        present.setdefault(simplified(name), name)
    known = {field: next((present[one] for one in goes_by if one in present), "") for field, goes_by in NAMES.items()}
    return {field: name for field, name in {**known, **given}.items() if name}


def record_of(line: int, row: Mapping[str, Any], columns: Mapping[str, str]) -> Record:
    """The record in a row or an object whose columns hold what is said of them."""

    def under(field: str) -> Any:
        return row.get(columns[field]) if field in columns else None

    key, url = text(under("id")), texts(under("url"))
    bare = f"arxiv:{key}" if _BARE_ARXIV.fullmatch(key) else key
    pmid = text(under("pmid"))
    extra = _IN_EXTRA.findall(text(under("extra"))[:2000])
    return Record(
        line,
        under("title"),
        under("abstract"),
        ids=(bare, text(under("doi")), f"pmid:{pmid}" if pmid else "", *url, *extra),
        authors=_people(under("authors")),
        date=text(under("date")),
        venue=text(under("venue")) or text(inside(under("venue"), "name")),
        categories=_split(under("categories"), r"[\s;,]+"),
        keywords=_split(under("keywords"), r"[;,|]"),
        links=texts(under("links")),
        key=key or known_identifier(text(under("doi"))),
    )


def _people(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(name for one in value for name in texts([text(one) or inside(one, "name")]))
    return people(text(value))


def _split(value: Any, separator: str) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(name for one in value for name in texts([text(one) or inside(one, "name")]))
    return tuple(part.strip() for part in re.split(separator, text(value)) if part.strip())
