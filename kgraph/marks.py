"""Where words stand in a sentence."""

import re
from collections.abc import Iterable


def marks(sentence: str, forms: Iterable[str]) -> list[tuple[int, int]]:
    """Where forms stand in a sentence as whole words, the longest first, in order.

    >>> marks("LoRA and QLoRA", ["LoRA"])
    [(0, 4)]
    """
    longest_first = sorted(filter(None, forms), key=lambda form: (-len(form), form))
    if not longest_first:
        return []
    words = "|".join(map(re.escape, longest_first))
    return [found.span() for found in re.finditer(rf"(?<!\w)(?:{words})(?!\w)", sentence)]
