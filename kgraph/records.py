"""Papers and readings as bytes and back: what the work folder holds.

JSON, as nothing that is read from a folder may run, made small by zlib: a reading takes 1.5 kB so.
"""

import json
import zlib
from typing import Any

from kgraph.model import Claim, Entity, Evidence, Listing, Mention, Paper, Reading, Result

_LEVEL = 1


def packed(value: Any) -> bytes:
    """A record of any kind."""
    text = json.dumps(value, default=_fields, separators=(",", ":"))
    return zlib.compress(text.encode("ascii"), _LEVEL)


def packed_reading(reading: Reading) -> bytes:
    """A reading without its paper."""
    return packed(reading[1:])


def paper_of(content: bytes) -> Paper:
    """The paper that was packed."""
    identifier, title, abstract, listings, *others = _unpacked(content)
    return Paper(identifier, title, abstract, tuple(Listing(*one) for one in listings), *map(_tuple, others))


def packed_paper(paper: Paper) -> bytes:
    """A paper."""
    return packed(_fields(paper))


def reading_of(paper: Paper, content: bytes) -> Reading:
    """The reading of a paper that was packed, or of one of which nothing could be read."""
    if not content:
        return Reading(paper)
    mentions, short_forms, turn, own, entities, claims, results = _unpacked(content)
    return Reading(
        paper,
        tuple(Mention._make([*one[:7], tuple(one[7]), *one[8:]]) for one in mentions),
        tuple((short, long) for short, long in short_forms),
        turn,
        own,
        tuple(Entity(*map(_tuple, one)) for one in entities),
        tuple(Claim(head, relation, tail, Evidence(*said)) for head, relation, tail, said in claims),
        tuple(Result._make([*one[:5], Evidence(*one[5])]) for one in results),
    )


def _unpacked(content: bytes) -> Any:
    return json.loads(zlib.decompress(content))


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _fields(record: Any) -> list[Any]:
    """The fields of a record that is no tuple, in order."""
    return [getattr(record, name) for name in type(record).__dataclass_fields__]
