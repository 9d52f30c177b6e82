"""The one rule for what a format cannot carry: each such character becomes U+FFFD, one for one, so that offsets stay."""

import re
from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import Any

from kgraph.model import Graph
from kgraph.streamed import Streamed

INSTEAD = "\ufffd"
LONE = re.compile("[\ud800-\udfff]")
"""Halves of a character, which no text in UTF-8 can hold; all else is in Turtle, in JSON and so in the page."""
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold: most control characters, too."""
NO_CELL = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""What a cell of a table by lines cannot hold: what ends a line or a cell, for some reader at least."""


def carried(graph: Graph, unfit: re.Pattern[str]) -> tuple[Graph, int]:
    """The graph without the characters that a format cannot carry, and how many these were."""
    count = sum(_number(record, unfit) for field in fields(graph) for record in getattr(graph, field.name))
    return (_carried(graph, unfit), count) if count else (graph, 0)


def _number(record: object, unfit: re.Pattern[str]) -> int:
    """How many unfit characters the texts of a record hold."""
    texts, rest = [], [record]
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, tuple):
            rest.extend(value)
        elif is_dataclass(value):
            rest.extend([getattr(value, name) for name in value.__dataclass_fields__])
    text = " ".join(texts)
    return 0 if text.isprintable() else len(unfit.findall(text))  # what can be printed is fit for all, and that is soon known


def _carried(value: Any, unfit: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return unfit.sub(INSTEAD, value)
    if isinstance(value, tuple):
        parts = [_carried(one, unfit) for one in value]
        return value._make(parts) if hasattr(value, "_make") else tuple(parts)
    if isinstance(value, Streamed):
        return value.mapped(partial(_carried, unfit=unfit))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _carried(getattr(value, field.name), unfit) for field in fields(value)})
    return value
