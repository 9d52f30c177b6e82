"""OpenAlex works: one, a page of results, or lines; the abstract is put together from its inverted index."""

import re
from typing import Any

from kgraph.sources.document import Document
from kgraph.sources.json_records import as_object, inside, items, looks_like_json, text, texts
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, WrongRecordError, mapped, shown

SUFFIXES = ()
_SIGN = re.compile(r'"abstract_inverted_index"\s*:|"id"\s*:\s*"https://openalex\.org/W')
_MOST_WORDS = 20_000


def recognises(document: Document) -> bool:
    """Whether it is JSON with OpenAlex's index of an abstract or its ids."""
    return looks_like_json(document, _SIGN)


def read(document: Document, _: Options) -> Records:
    """The works."""
    return mapped(document, items(document), _record)


def _record(line: int, value: Any) -> Record:
    work = as_object(value)
    ids = inside(work, "ids")
    places = [work.get("primary_location"), *(places if isinstance(places := work.get("locations"), list) else [])]
    return Record(
        line,
        work.get("title") or work.get("display_name"),
        _abstract(work.get("abstract_inverted_index")),
        ids=(
            text(work.get("id")),
            text(work.get("doi")),
            *texts(list(ids.values()) if isinstance(ids, dict) else None),
            *(landing for landing in texts(places, "landing_page_url") if "arxiv.org" in landing),
        ),
        authors=texts(work.get("authorships"), "author", "display_name") or texts(work.get("authorships"), "raw_author_name"),
        date=text(work.get("publication_date")) or text(work.get("publication_year")),
        venue=next(iter(texts(places, "source", "display_name")), "") or text(inside(work, "host_venue", "display_name")),
        categories=texts(work.get("topics"), "display_name") or texts([inside(work, "primary_topic", "display_name")]),
        keywords=texts(work.get("keywords"), "display_name") or texts(work.get("keywords"), "keyword"),
        key=text(work.get("id")),
    )


def _abstract(index: Any) -> str | None:
    """The words of an inverted index, `{"we": [0, 7], "show": [1]}`, in their order."""
    if index is None:
        return None
    if isinstance(index, str):  # some tables hold the index as JSON in a text
        return index
    if not isinstance(index, dict):
        raise WrongRecordError(
            f"expected words with their places under “abstract_inverted_index”, but {shown(index)} stands there"
        )
    if isinstance(index.get("InvertedIndex"), dict):
        index = index["InvertedIndex"]
    placed = [(place, word) for word, places in index.items() if isinstance(places, list) for place in places]
    if len(placed) > _MOST_WORDS or not all(isinstance(place, int) for place, _ in placed):
        raise WrongRecordError(f"expected at most {_MOST_WORDS:,} words with whole numbers under “abstract_inverted_index”")
    return " ".join(word for _, word in sorted(placed))
