"""Lines in order, also where they are more than memory should hold."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import BinaryIO

_AT_ONCE = 1 << 26
"""Bytes of lines that are sorted in memory."""


def sorted_lines(contents: Iterable[bytes], at_once: int = _AT_ONCE) -> Iterator[bytes]:
    """The distinct lines of contents that end with a line each, sorted, many at a time.

    What is too much for memory is sorted part by part in files that no other process sees and that are gone afterwards.
    """
    with ExitStack() as opened:
        parts: list[BinaryIO] = []
        lines: list[bytes] = []
        size = 0
        for content in contents:
            lines += content.splitlines(keepends=True)
            size += len(content)
            if size > at_once:
                parts.append(opened.enter_context(tempfile.TemporaryFile()))
                parts[-1].writelines(sorted(set(lines)))
                parts[-1].seek(0)
                lines, size = [], 0
        lines = sorted(set(lines))
        yield from _joined(_distinct(heapq.merge(*parts, lines)) if parts else lines)


def _distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    before = b""
    for line in lines:
        if line != before:
            yield line
        before = line


def _joined(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines, a thousand at a time."""
    remaining = iter(lines)
    while some := b"".join(islice(remaining, 1000)):
        yield some
