"""What is made again and again of the same few things, made once."""

from collections.abc import Callable
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")
_FEW = 1 << 14


class Known(dict[S, T]):
    """What is made of keys, looked up twice as fast as in a cache; all is forgotten whenever there is too much of it."""

    def __init__(self, make: Callable[[S], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: S) -> T:
        if len(self) > _FEW:
            self.clear()
        made = self[key] = self._make(key)
        return made
