"""The Hugging Face papers page saved as HTML: what the page itself was made of, else its headings and texts."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kgraph.errors import SetupError
from kgraph.sources.document import Document
from kgraph.sources.hf_json import paper_record
from kgraph.sources.json_records import inside
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, mapped

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

SUFFIXES = (".html", ".htm")
_PAPER = re.compile(r"(?:^|huggingface\.co)/papers/(\d{4}\.\d{4,5})(?:v\d+)?(?:[#?].*)?$")
_KEYS = ("dailyPapers", "papers", "trendingPapers")


def recognises(document: Document) -> bool:
    """Whether it is HTML."""
    return (
        re.match(r"[\s\ufeff]*(?:<!--.{0,500}?-->\s*+)*+<(?:!doctype html|html|head|body)\b", document.beginning, re.I | re.S)
        is not None
    )


def read(document: Document, _: Options) -> Records:
    """The listed papers, or the one that the page is about."""
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError as error:
        raise SetupError(f"{document.path} needs selectolax; install it with: pip install 'kgraph[formats]'") from error
    page = LexborHTMLParser(document.text().encode("utf-8", "replace"))
    held = list(_held(page.css("[data-props]")))
    if held:
        return mapped(document, iter(enumerate(held, start=1)), paper_record)
    return mapped(document, iter(enumerate(page.css("article, main"), start=1)), _of_article)


def _held(nodes: "list[LexborNode]") -> Iterator[Any]:
    """The papers in the properties that the page's parts were made of."""
    for node in nodes:
        try:
            properties = json.loads(node.attributes.get("data-props") or "null")
        except (ValueError, RecursionError):
            continue
        for key in _KEYS:
            papers = inside(properties, key)
            if isinstance(papers, list):
                yield from papers
        if isinstance(inside(properties, "paper", "summary"), str):
            yield properties


def _of_article(line: int, node: "LexborNode") -> Record | None:
    """The paper of an article of the list, or of a page about one; None of what has no address of a paper."""
    heading = node.css_first("h3 a, h2 a") or node.css_first("h1")
    if heading is None or (node.tag == "main" and node.css_first("article") is not None):
        return None
    address = heading.attributes.get("href") or ""
    links = [one.attributes.get("href") or "" for one in node.css("a")]
    found = _PAPER.search(address) or next(
        filter(None, (re.search(r"arxiv\.org/abs/(\d{4}\.\d{4,5})", one) for one in links)), None
    )
    if not found:
        return None
    paragraphs = [one.text() for one in node.css("p")]
    return Record(
        line,
        heading.text(),
        max(paragraphs, key=len, default=""),
        ids=(f"arxiv:{found[1]}",),
        links=tuple(link for link in links if re.match(r"https://github\.com/[\w.-]+/[\w.-]+/?$", link))[:1],
        key=found[1],
    )
