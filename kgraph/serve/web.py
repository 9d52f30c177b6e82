"""A request and a response as plain records, and what HTTP says of them: accepted types, forms, entity tags."""

import gzip
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl

from kgraph.errors import QueryError

_SMALLEST = 1_000
"""Bytes below which compressing does not pay."""
HEARD = ("host", "accept", "accept-encoding", "content-type", "if-none-match")
"""The header fields that a response depends on."""
_UNKEPT = ("cache-control", "no-store")
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class Request(NamedTuple):
    """A request: path, query string and body as they came, and those header fields that are heard, names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""

    def packed(self) -> bytes:
        """The request as one line of JSON and the body."""
        return json.dumps([self.method, self.path, self.query, dict(self.headers)]).encode() + b"\n" + self.body


def unpacked_request(message: bytes) -> Request:
    """The request that was packed."""
    head, _, body = message.partition(b"\n")
    method, path, query, headers = json.loads(head)
    return Request(method, path, query, headers, body)


class Response(NamedTuple):
    """A response: status, header fields in order, content."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes

    @property
    def is_unkept(self) -> bool:
        """Whether nobody is to keep it."""
        return _UNKEPT in self.headers

    def packed(self) -> bytes:
        """The response as one line of JSON and the content."""
        return json.dumps([self.status, self.headers]).encode() + b"\n" + self.content


def unpacked_response(message: bytes) -> Response:
    """The response that was packed."""
    head, _, content = message.partition(b"\n")
    status, headers = json.loads(head)
    return Response(status, tuple((name, value) for name, value in headers), content)


def page(content: str | bytes, status: int = 200, policy: str = POLICY) -> Response:
    """A page of HTML in which nothing runs or loads but what a policy allows."""
    body = content.encode() if isinstance(content, str) else content
    return Response(status, (("content-type", "text/html; charset=utf-8"), ("content-security-policy", policy)), body)


def plain(status: int, sentence: str, *headers: tuple[str, str]) -> Response:
    """A sentence."""
    return Response(status, (("content-type", "text/plain; charset=utf-8"), *headers), sentence.encode() + b"\n")


def once(response: Response) -> Response:
    """A response that holds now and that nobody is to keep."""
    return response._replace(headers=(*response.headers, _UNKEPT))


def see(place: str, status: int = 303) -> Response:
    """Elsewhere on this server."""
    return Response(status, (("location", place), ("content-type", "text/plain; charset=utf-8")), b"")


@lru_cache(maxsize=4)  # one request is looked at for several reasons
def fields(text: str) -> tuple[tuple[str, str], ...]:
    """Names and values of a query string or form.

    Raises:
        QueryError: it is no UTF-8, or has too many fields.
    """
    try:
        return tuple(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100))
    except ValueError as error:
        raise QueryError("The request's parameters are no percent-encoded UTF-8.") from error


@lru_cache(maxsize=64)  # few clients, few ways to say what they like
def preferred(accept: str, offered: tuple[str, ...]) -> str | None:
    """The media type that a client likes most, the first where it likes several the same; None if it accepts none.

    >>> preferred("text/html;q=0.5, application/*", ("text/html", "application/json"))
    'application/json'
    """
    ranges = [_range(one) for one in (accept or "*/*").split(",") if one.strip()]
    liked = {}
    for media in offered:
        kind = media.partition("/")[0]
        fits = [(rank, q) for name, q in ranges for rank, form in enumerate(("*/*", f"{kind}/*", media)) if name == form]
        liked[media] = max(fits)[1] if fits else 0.0
    best = max(offered, key=lambda media: liked[media])
    return best if liked[best] > 0 else None


def _range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, min(1.0, max(0.0, float(parameter[2:])))
            except ValueError:
                return name, 0.0
    return name, 1.0


def finished(request: Request, response: Response, tag: str) -> Response:
    """The response with what every response has: its tag, 304 where the client has it, compressed where the client can."""
    headers = (*response.headers, ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"))
    if response.is_unkept:
        return response._replace(headers=headers)
    if response.status != 200:
        return once(response._replace(headers=headers))
    packs = "gzip" in request.headers.get("accept-encoding", "") and len(response.content) >= _SMALLEST
    form = dict(headers).get("content-type", "").partition(";")[0].rpartition("/")[2]
    mark = f'"{tag}-{form}{"-gzip" if packs else ""}"'
    headers += (("etag", mark), ("cache-control", "no-cache"), ("vary", "Accept, Accept-Encoding"))
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if request.method in ("GET", "HEAD") and (mark in known or "*" in known):
        return Response(304, headers, b"")
    if packs:
        return Response(200, (*headers, ("content-encoding", "gzip")), gzip.compress(response.content, 5, mtime=0))
    return response._replace(headers=headers)
