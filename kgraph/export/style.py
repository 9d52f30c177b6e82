"""How classes and relations look wherever they are drawn: the colours, shapes and lines of `ontology/style.toml`."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kgraph.knowledge import Knowledge

Look = Mapping[str, str]
"""Colours, shapes and lines by what they are for."""


class Looks(dict[str, Look]):
    """Looks by name, in the order of the file; what has no row looks like `other`."""

    def __missing__(self, name: str) -> Look:
        return self["other"]


class Style(NamedTuple):
    """The looks of classes and of relations by their names."""

    classes: Looks
    relations: Looks


def load_style(knowledge: Knowledge) -> Style:
    """The looks of a folder of knowledge, read once."""
    return _style(knowledge.folder)


@lru_cache
def _style(folder: Path) -> Style:
    rows = tomllib.loads((folder / "style.toml").read_text(encoding="utf-8"))
    return Style(Looks(rows["classes"]), Looks(rows["relations"]))
