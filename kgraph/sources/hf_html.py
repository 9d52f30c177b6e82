"""The Hugging Face papers page saved as HTML: what the page itself was made of, else its headings and texts.

The page is searched by patterns that pass over it once. Parsers build its tree, for which deep nesting, as in no real page, takes
them minutes and gigabytes.
"""

import html
import json
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from kgraph.sources.document import Document
from kgraph.sources.hf_json import paper_record
from kgraph.sources.json_records import inside
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, mapped

SUFFIXES = (".html", ".htm")
_PAPER = re.compile(r"(?:^|huggingface\.co)/papers/(\d{4}\.\d{4,5})(?:v\d+)?(?:[#?].*)?$")
_LONGEST_PAGE = 1 << 24
_KEYS = ("dailyPapers", "papers", "trendingPapers")
_PROPERTIES = re.compile(r"""\bdata-props\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_ARTICLE = re.compile(r"<(article|main)\b", re.IGNORECASE)
_HEADING = re.compile(r"<h([1-3])\b", re.IGNORECASE)
_HEADING_END = re.compile(r"</h[1-3]\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p\b[^<>]*+>", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</?(?:p|div|h[1-6]|section|article|main)\b", re.IGNORECASE)
_LINK = re.compile(r"""<a\b[^<>]*?\bhref\s*+=\s*+(?:"([^"<>]*+)"|'([^'<>]*+)')""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*+>")


def recognises(document: Document) -> bool:
    """Whether it is HTML."""
    return (
        re.match(r"[\s\ufeff]*(?:<!--.{0,500}?-->\s*+)*+<(?:!doctype html|html|head|body)\b", document.beginning, re.I | re.S)
        is not None
    )


def read(document: Document, _: Options) -> Records:
    """The listed papers, or the one that the page is about."""
    text = document.text()
    if len(text) > _LONGEST_PAGE:
        raise document.error(None, f"expected a page of at most {_LONGEST_PAGE:,} characters, but {len(text):,} stand there")
    held = list(_held(text))
    if held:
        return mapped(document, iter(held), paper_record)
    return mapped(document, _articles(text), _of_article)


def _held(text: str) -> Iterator[tuple[int, Any]]:
    """The papers in the properties that the page's parts were made of, with the lines these stand in."""
    line, counted = 1, 0
    for found in _PROPERTIES.finditer(text):
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        try:
            properties = json.loads(html.unescape(found[1] or found[2] or "null"))
        except (ValueError, RecursionError):
            continue
        for key in _KEYS:
            papers = inside(properties, key)
            if isinstance(papers, list):
                yield from ((line, paper) for paper in papers)
        if isinstance(inside(properties, "paper", "summary"), str):
            yield line, properties


def _articles(text: str) -> Iterator[tuple[int, str]]:
    """The source of each article of a list, or of the page's main part if there is none, with its line."""
    begins = list(_ARTICLE.finditer(text))
    begins = [found for found in begins if found[1].lower() == "article"] or begins
    line, counted = 1, 0
    for found, after in zip_longest(begins, begins[1:]):
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        yield line, text[found.start() : after.start() if after else len(text)]


def _of_article(line: int, source: str) -> Record | None:
    """The paper of an article of the list, or of a page about one; None of what has no address of a paper."""
    heading = _HEADING.search(source)
    if not heading:
        return None
    stop = _HEADING_END.search(source, heading.end())
    title = source[heading.start() : stop.start() if stop else heading.end()]
    links = [html.unescape(found[1] or found[2] or "") for found in _LINK.finditer(source)]
    of_title = _LINK.search(title)
    found = _PAPER.search(html.unescape(of_title[1] or of_title[2] or "")) if of_title else None
    found = found or next(filter(None, (re.search(r"arxiv\.org/abs/(\d{4}\.\d{4,5})", one) for one in links)), None)
    if not found:
        return None
    return Record(
        line,
        _text(title),
        max(map(_text, _paragraphs(source)), key=len, default=""),
        ids=(f"arxiv:{found[1]}",),
        links=tuple(link for link in links if re.match(r"https://github\.com/[\w.-]+/[\w.-]+/?$", link))[:1],
        key=found[1],
    )


def _paragraphs(source: str) -> Iterator[str]:
    for found in _PARAGRAPH.finditer(source):
        stop = _PARAGRAPH_END.search(source, found.end())
        yield source[found.end() : stop.start() if stop else len(source)]


def _text(source: str) -> str:
    """What a part of a page says: without tags, with its entities read."""
    return html.unescape(_TAG.sub("", source))
