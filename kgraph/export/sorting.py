"""Lines in order, also where they are more than memory should hold."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import TextIO

_BETWEEN = "\0"
"""What stands between the lines of a group in a file; no line has it."""
_AT_ONCE = 1 << 26
"""Characters that are sorted in memory."""


def sorted_groups(groups: Iterable[str], at_once: int = _AT_ONCE) -> Iterator[str]:
    """The distinct lines of groups, sorted, some at a time.

    A group holds sorted lines that begin with the same word. What is too much for memory is sorted part by part in files that
    no other process sees and that are gone afterwards.
    """
    with ExitStack() as opened:
        parts: list[TextIO] = []
        found: list[str] = []
        size = 0
        for group in groups:
            if group:
                found.append(group)
                size += len(group)
            if size > at_once:
                parts.append(opened.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")))
                parts[-1].writelines(_in_one_line(one) for one in sorted(found))
                parts[-1].seek(0)
                found, size = [], 0
        found.sort()
        yield from _united(heapq.merge(*(map(_in_lines, part) for part in parts), found) if parts else found)


def _in_one_line(group: str) -> str:
    return group[:-1].replace("\n", _BETWEEN) + "\n"


def _in_lines(group: str) -> str:
    return group.replace(_BETWEEN, "\n")


def _united(groups: Iterable[str]) -> Iterator[str]:
    """Sorted groups, those that begin with one word as one."""
    word, before = " ", ""
    for group in groups:
        if group.startswith(word):
            before = "".join(sorted({f"{line}\n" for line in f"{before}{group}".split("\n") if line}))
        else:
            yield before
            word, before = group[: group.index(" ") + 1], group
    yield before
