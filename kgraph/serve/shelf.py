"""Responses that were given and may be given again: the graph does not change, so neither does what is said of it."""

from collections import OrderedDict

from kgraph.serve.web import Response

_LARGEST = 1 << 20
_KEPT = 32 << 20
"""Bytes of a response, and of all, that are kept."""
_ROW = 3_000
"""Bytes that keeping one takes besides its content, rather too many than too few."""


class Shelf:
    """The responses given last, by their packed requests, as many as fit."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._responses: OrderedDict[bytes, Response] = OrderedDict()
        self._kept, self._size = kept, 0

    def get(self, message: bytes) -> Response | None:
        """The response to a request, if it is kept."""
        if message not in self._responses:
            return None
        self._responses.move_to_end(message)
        return self._responses[message]

    def put(self, message: bytes, response: Response) -> None:
        """Keep a response, unless it says that it holds only once."""
        size = _size(message, response)
        if size > _LARGEST or message in self._responses or response.is_unkept:
            return
        self._responses[message] = response
        self._size += size
        while self._size > self._kept:
            self._size -= _size(*self._responses.popitem(last=False))


def _size(message: bytes, response: Response) -> int:
    return len(message) + len(response.content) + _ROW
