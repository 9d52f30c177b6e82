"""Names of models by a grammar: a family the lexicon knows, then version, size and variant, so that no member needs a row."""

import re
from collections.abc import Iterable, Iterator

from kgraph.lexicon import Known, normalise
from kgraph.patterns import Patterns
from kgraph.reading.spans import Span

_SIZE = r"\d+(?:\.\d+)?(?:x\d+)?[BMKbmkT]"
_AND = r"(?:/|,? (?:and|\\?&) |, )"
_SIZES = re.compile(rf"(.*?)({_SIZE})((?:{_AND}{_SIZE})+)(.*)")
_MORE_SIZES = re.compile(rf"(?:{_AND}{_SIZE}\b)+")

_VERSION = re.compile(r" \d(?:\.\d)?\b")
_MEMBER = re.compile(r"[\d._-]")
_SIZE_TAIL = re.compile(r"[-_]\d+(?:\.\d+)?[BM]$")


class ModelGrammar:
    """Recognises members of model families: `Llama-3.1-8B-Instruct`, `Qwen2.5 7B`, `ViT-B/16`."""

    def __init__(self, families: Iterable[Known], patterns: Patterns) -> None:
        families = list(families)
        self._versions = {normalise(form): row for row in families for form in row.forms if form[-1].isdigit()}
        self._families = {form.lower(): row for row in families for form in row.forms if " " not in form}
        self._type = patterns.model_type
        self._variants = frozenset(patterns.model_variants)
        size = rf"\d+(?:\.\d+)?(?:x\d+)?[{patterns.model_sizes}]\b"
        variant = "|".join(sorted(map(re.escape, patterns.model_variants), key=lambda word: (-len(word), word)))
        self._spaced = re.compile(
            rf"(?:[ -](?:v\d+(?:\.\d+)?\b|\d\.\d+|\d(?=[ -](?:\d|{variant})|[,;.)])|{size}|(?:{variant})\b))+"
        )

    def family_of(self, name: str) -> Known | None:
        """The longest family that a name begins with, if a version, size or variant follows it."""
        lowered = name.lower()
        for length in range(len(name) - 1, 0, -1):
            family = self._families.get(lowered[:length])
            if family and self._is_member_tail(name[length:]):
                return family
        return None

    def is_sized(self, name: str) -> bool:
        """Whether a name ends in a number of parameters ("Zork-7B")."""
        return _SIZE_TAIL.search(name) is not None

    def is_named_after_one(self, name: str) -> bool:
        """Whether a new name holds a family's as a word of its own ("LogicLLaMA"); families that are also words do not count."""
        lowered = name.lower()
        for start, char in enumerate(name):
            if char.isupper() and start:
                for end in range(len(name), start + 3, -1):
                    family = self._families.get(lowered[start:end])
                    if family and not family.context and not name[end : end + 1].islower():
                        return True
        return False

    def _is_member_tail(self, tail: str) -> bool:
        if tail[0].isdigit():
            return True
        first = re.split(r"[-_./]", tail[1:])[0]
        return tail[0] in "-_." and (any(c.isdigit() for c in tail) or first in self._variants or first.lower() in self._families)

    def extend(self, text: str, spans: Iterable[Span]) -> Iterator[Span]:
        """The spans, those that are members of a family typed and reaching over what belongs to their name."""
        for span in spans:
            if span.type not in ("", self._type):
                yield span
                continue
            family = self.family_of(span.name) if _MEMBER.search(span.name) else None
            if not family and not span.type:
                yield span
                continue
            spaced = self._spaced.match(text, span.end)
            end = spaced.end() if spaced else span.end
            version = None if spaced else _VERSION.match(text, span.end)
            if version and self._versions.get(normalise(text[span.start : version.end()])):
                end = version.end()
            more = _MORE_SIZES.match(text, end) if text[end - 1] in "Bb" else None
            end = more.end() if more else end
            if family or end > span.end:
                yield Span(span.start, end, self._type, text[span.start : end], "model-name")
            else:
                yield span


def members(name: str) -> list[str]:
    """The models that one string names: `LLaMA-2-7B/13B` are two.

    >>> members("Qwen2.5-1.5B/7B"), members("Llama 2 7B, 13B and 70B")
    (['Qwen2.5-1.5B', 'Qwen2.5-7B'], ['Llama 2 7B', 'Llama 2 13B', 'Llama 2 70B'])
    """
    found = _SIZES.fullmatch(name)
    if not found:
        return [name]
    return [found[1] + size + found[4] for size in re.split(_AND, found[2] + found[3])]
