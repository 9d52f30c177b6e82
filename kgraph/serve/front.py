"""The process that clients speak to: it reads requests, lets pass those meant for it, and has workers answer them.

It runs no query and renders no page, so that nothing a request asks can stop or delay it.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from kgraph.errors import LimitError
from kgraph.serve.pool import Pool
from kgraph.serve.protocol import refusal
from kgraph.serve.shelf import Shelf
from kgraph.serve.web import HEARD, Request, Response, once, plain, unpacked_response

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
LARGEST = 1_000_000
"""Bytes of the largest body that is read."""
_LOCAL = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?", re.IGNORECASE)


class Front:
    """An ASGI application before a pool of workers."""

    def __init__(self, pool: Pool, origin: str = "") -> None:
        self._pool, self._origin, self._shelf = pool, origin, Shelf()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        response = await self._response(scope, headers, receive)
        allowed = self._allowed(headers, scope["method"])
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (*response.headers, *allowed)]
        fields.append((b"content-length", str(len(response.content)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": fields})
        body = b"" if scope["method"] == "HEAD" else response.content
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._pool.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _response(self, scope: Message, headers: dict[str, str], receive: Receive) -> Response:
        if not _LOCAL.fullmatch(headers.get("host", "")):
            return plain(403, "This server answers under the name localhost only.")
        if scope["method"] == "OPTIONS" and self._origin:
            return plain(200, "GET, HEAD and POST are allowed.", ("allow", "GET, HEAD, POST, OPTIONS"))
        body = await _body(receive)
        if body is None:
            return once(plain(413, f"The request has more than {LARGEST:,} bytes.", ("connection", "close")))
        request = Request(
            scope["method"],
            scope["raw_path"].decode("latin-1"),
            scope["query_string"].decode("latin-1"),
            {name: headers[name] for name in HEARD if name in headers},
            body,
        )
        message = request.packed()
        response = self._shelf.get(message) or await self._answered(message, receive)
        self._shelf.put(message, response)
        return response

    async def _answered(self, message: bytes, receive: Receive) -> Response:
        asking = asyncio.ensure_future(self._pool.ask(message))
        leaving = asyncio.ensure_future(_gone(receive))
        await asyncio.wait((asking, leaving), return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if not asking.done():  # nobody waits for the answer any more
            asking.cancel()
            return once(plain(499, "The client has gone."))
        try:
            return unpacked_response(asking.result())
        except LimitError as error:
            response = refusal(error)
            wait = (("retry-after", "5"),) if response.status == 503 else ()
            return once(response._replace(headers=(*response.headers, *wait)))

    def _allowed(self, headers: dict[str, str], method: str) -> tuple[tuple[str, str], ...]:
        """What another site's page may do: read, if it is the one that was named, and never with credentials."""
        if not self._origin or headers.get("origin") not in (
            (self._origin,) if self._origin != "*" else (headers.get("origin"),)
        ):
            return ()
        allowed: tuple[tuple[str, str], ...] = (
            ("access-control-allow-origin", self._origin),
            ("access-control-expose-headers", "X-Rows, ETag"),
        )
        if method == "OPTIONS":
            allowed += (
                ("access-control-allow-methods", "GET, HEAD, POST"),
                ("access-control-allow-headers", "Accept, Content-Type"),
            )
        return allowed


async def _body(receive: Receive) -> bytes | None:
    """The body of a request, None if it is too large: then it is still read for a while, so that its sender reads the answer."""
    body, size, goes_on = b"", 0, True
    while goes_on and size <= LARGEST * 64:
        part = await receive()
        chunk, goes_on = part.get("body", b""), part.get("more_body", False)
        size += len(chunk)
        body = body + chunk if size <= LARGEST else b""
    return body if size <= LARGEST else None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
