"""A walk over all pages of a server: which addresses they lead to, and whether they are HTML without a fault."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urldefrag

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"


class Page(NamedTuple):
    path: str
    status: int
    body: bytes


def tree_of(body: bytes) -> Any:
    """The elements of a page that has no fault at all; what scripts hold is nobody's HTML."""
    return html5lib.HTMLParser(strict=True).parse(re.sub(rb"(<script[^>]*>).*?</script>", rb"\1</script>", body, flags=re.DOTALL))


def links_of(body: bytes) -> set[str]:
    """The addresses on this server that a page leads to or loads."""
    found = (unescape(link.decode()) for link in re.findall(rb'\b(?:href|src|action)="([^"]*)"', body))
    return {urldefrag(link)[0] for link in found if link.startswith("/")}


def crawl(get: Callable[[str], tuple[int, bytes]], is_wanted: Callable[[str], bool]) -> Iterator[Page]:
    """All pages that can be reached from the first over links that are wanted, each once."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop()
        status, body = get(path)
        yield Page(path, status, body)
        if body.startswith(b"<!doctype html>") and not path.startswith("/view/"):
            new = {link for link in sorted(links_of(body) - seen) if is_wanted(link)}
            seen |= new
            waiting += sorted(new)
