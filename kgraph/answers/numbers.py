"""Numbers as abstracts write them → values that can be compared."""

import re
from math import sqrt
from typing import NamedTuple

_GAP = re.compile(r"(?<=\d\.)\s+(?=\d)|(?<=\d),(?=\d{3}\b)|(?<=\d)\s+(?=%)")
_VALUE = re.compile(r"[+\-−]?(?:\d+(?:\.\d+)?|\.\d+)")
_Z = 1.959964
"""Of the normal distribution 95 in 100 lie so many deviations around the mean."""


def plain(value: str) -> str:
    r"""A number as people write it, without the marks of LaTeX.

    >>> plain(r"53. 6\\%"), plain("1,319"), plain(r"3\\times")
    ('53.6%', '1319', '3×')
    """
    return _GAP.sub("", value.replace("\\times", "×").replace("\\pm", "±").replace("\\", ""))


def value_of(value: str) -> float | None:
    """What is compared of a number: of a range the upper end, of a mean with a deviation the mean; None if there is no number.

    >>> value_of("1.4%-19.8%"), value_of("+15 points"), value_of("0.5 ± 0.1"), value_of("-2")
    (19.8, 15.0, 0.5, -2.0)
    """
    mean = re.split("±|\\+/-", plain(value))[0]
    ends = re.sub(r"(?<=[\d%])\s*(?:[-–~]|to)\s*(?=[\d.])", " ", mean)
    return max((float(found[0].replace("−", "-")) for found in _VALUE.finditer(ends)), default=None)


class Share(NamedTuple):
    """So many of so many, and the interval in which the true share lies with 95% confidence (Wilson 1927)."""

    having: int
    of: int

    @property
    def value(self) -> float:
        """The share itself."""
        return self.having / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval.

        >>> [round(end, 3) for end in Share(3, 67).interval]
        [0.015, 0.124]
        """
        if not self.of:
            return 0.0, 1.0
        spread = _Z * sqrt(self.value * (1 - self.value) / self.of + _Z**2 / (4 * self.of**2))
        middle, scale = self.value + _Z**2 / (2 * self.of), 1 + _Z**2 / self.of
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def change(before: Share, after: Share) -> tuple[float, float, float]:
    """By how much a share has risen, and Newcombe's interval of it, which is made of both Wilson's (1998, method 10).

    >>> [round(number, 3) for number in change(Share(56, 70), Share(48, 80))]
    [-0.2, -0.334, -0.052]
    """
    risen = after.value - before.value
    (low, high), (floor, top) = before.interval, after.interval
    down = sqrt((after.value - floor) ** 2 + (high - before.value) ** 2)
    up = sqrt((top - after.value) ** 2 + (before.value - low) ** 2)
    return risen, risen - down, risen + up
