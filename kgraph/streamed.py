"""Records that are made each time they are gone through, so that few of them are in memory at a time."""

from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from typing import TypeVar

T = TypeVar("T")


class Streamed(Collection[T]):
    """Records that stand elsewhere, on disk for instance, in their order."""

    def __init__(self, records: Callable[[], Iterator[T]]) -> None:
        self._records = records

    def __iter__(self) -> Iterator[T]:
        return self._records()

    def mapped(self, make: Callable[[T], T]) -> "Streamed[T]":
        """Other records, made of each as it comes."""
        return Streamed(lambda: map(make, self))

    @cached_property
    def _number(self) -> int:
        return sum(1 for _ in self)

    def __len__(self) -> int:
        return self._number

    def __contains__(self, record: object) -> bool:
        return any(one == record for one in self)
