"""Work in batches, without what would slow it down."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")
_SIZE = 128


def in_batches(work: Callable[[list[S]], Iterable[T]], items: Iterable[S], size: int = 0) -> Iterator[T]:
    """The results of a function of many items, called for so many at a time that few are held at once."""
    remaining = iter(items)
    while batch := list(islice(remaining, size or _SIZE)):
        with uncollected():
            results = list(work(batch))
        yield from results


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the garbage collector, which for a tenth of the time would look for cycles among records that have none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
