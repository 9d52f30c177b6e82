"""Which node each paper's entity is: one thing is one node across papers, and things that only look alike are several."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from kgraph.knowledge import Knowledge
from kgraph.lexicon import Lexicon, normalise
from kgraph.model import Entity, Reading
from kgraph.ontology import INTRODUCED, digest, slug
from kgraph.relating import roles_of

_SHORTEST = 3
"""Letters of a name that may be taken for the one long form that is found: two letters always mean several things."""
APART = "~"
"""Stands in an id before what tells a node from others of its name; no slug contains it."""


class Sense(NamedTuple):
    """What makes occurrences one thing: their type, what tells it (the lexicon, a long form, the name alone), and its key.

    `paper` is the only one that means it, if there are others that mean something else by the name.
    """

    type: str
    kind: Literal["known", "long form", "name"]
    key: str
    paper: str = ""


class Occurrence(NamedTuple):
    """A paper's entity, and whether the paper introduces it."""

    entity: Entity
    paper: str
    is_introduced: bool


class Placed(NamedTuple):
    """An occurrence and its node."""

    occurrence: Occurrence
    node: Entity


def occurrences(readings: Iterable[Reading], knowledge: Knowledge) -> list[Occurrence]:
    """Every entity of every reading."""
    found = []
    for reading in readings:
        roles = roles_of(reading, knowledge)
        found += [Occurrence(one, reading.paper.id, roles.get(one.id) == INTRODUCED) for one in reading.entities]
    return found


def resolve(found: Sequence[Occurrence], knowledge: Knowledge) -> list[Placed]:
    """The node of each occurrence.

    A name of the lexicon is one node, and so is a long form. Another name is one node wherever it stands, also with its long
    form, unless it can mean several things: it has two long forms, the lexicon gives it to something else, two papers introduce
    it, or one is a word and the other a name ("self", "SELF").
    """
    senses: dict[Sense, list[Occurrence]] = defaultdict(list)
    names: dict[Sense, list[Occurrence]] = defaultdict(list)
    for one in found:
        entity = one.entity
        if known := _known(entity, knowledge.lexicon):
            senses[Sense(entity.type, "known", known)].append(one)
        elif entity.long_form:
            senses[Sense(entity.type, "long form", normalise(entity.long_form))].append(one)
        else:
            key = normalise(entity.name) + (" as a word" if _is_word(entity.name) else "")
            names[Sense(entity.type, "name", key)].append(one)
    meanings = _meanings(senses)
    for sense, group in names.items():
        name = normalise(group[0].entity.name)
        is_ambiguous = len(name) < _SHORTEST or knowledge.lexicon.by_key.get(name)
        others = set() if is_ambiguous else meanings.get((sense.type, name), set())
        for meaning, part in _told_apart(sense, group, {other: senses[other] for other in others}):
            senses[meaning].extend(part)
    return _nodes(senses, knowledge)


def _known(entity: Entity, lexicon: Lexicon) -> str:
    """The name under which the lexicon knows an entity, however it is spelt; "" if it does not."""
    if (entity.type, entity.name) in lexicon.by_name:
        return entity.name
    key = normalise(entity.long_form or entity.name)
    rows = [row for row in lexicon.by_key.get(key, ()) if row.type == entity.type]
    if not entity.long_form:  # an alias may be short for something else too
        rows = [row for row in rows if normalise(row.name) == key and _is_word(row.name) == _is_word(entity.name)]
    return rows[0].name if rows else ""


def _is_word(name: str) -> bool:
    """Whether a name is written as an ordinary word, small or at the beginning of a sentence."""
    return name.isalpha() and name[1:].islower()


def _meanings(senses: Mapping[Sense, Sequence[Occurrence]]) -> Mapping[tuple[str, str], set[Sense]]:
    """What a type's normalised name can be short for: what has a long form or is known, and is called so in some paper."""
    found: dict[tuple[str, str], set[Sense]] = defaultdict(set)
    for sense, group in senses.items():
        for one in group:
            for form in (one.entity.name, *one.entity.aliases):
                found[sense.type, normalise(form)].add(sense)
    return found


def _told_apart(
    sense: Sense, group: Sequence[Occurrence], others: Mapping[Sense, Sequence[Occurrence]]
) -> Iterable[tuple[Sense, Sequence[Occurrence]]]:
    """The senses of a name without long form, given the long forms it may stand for.

    It is the only long form, or a thing of its own; where two papers introduce it, what each introduces is a thing of its own.
    """
    if len(others) == 1:
        (other, spelt_out), *_ = others.items()
        if _introducing([*group, *spelt_out]) < 2:
            return [(other, group)]
    if _introducing(group) < 2:
        return [(sense, group)]
    senses: dict[Sense, list[Occurrence]] = defaultdict(list)
    for one in group:
        senses[sense._replace(paper=one.paper) if one.is_introduced else sense].append(one)
    return senses.items()


def _introducing(group: Iterable[Occurrence]) -> int:
    return len({one.paper for one in group if one.is_introduced})


def _nodes(senses: Mapping[Sense, Sequence[Occurrence]], knowledge: Knowledge) -> list[Placed]:
    """A node for each sense, named as the lexicon or most papers name it, with an id that no other has."""
    nodes: dict[str, list[tuple[str, Sense, str]]] = defaultdict(list)
    for sense, group in senses.items():
        names = Counter(one.entity.name for one in group)
        name = sense.key if sense.kind == "known" else min(names, key=lambda name: (-names[name], name))
        nodes[knowledge.ontology.id(sense.type, name)].append((_tail(sense, group), sense, name))
    placed = []
    for plain, same in nodes.items():
        for place, (tail, sense, name) in enumerate(sorted(same)):
            is_plain = len(same) == 1 or (place == 0 and not tail)
            own = plain if is_plain else f"{plain}{APART}{tail or digest(name)[:8]}"
            placed += [Placed(one, Entity(own, sense.type, name)) for one in senses[sense]]
    return placed


def _tail(sense: Sense, group: Sequence[Occurrence]) -> str:
    """What tells a sense from others in an id: the long form or the paper, else nothing."""
    if sense.kind == "long form":
        return slug(min(one.entity.long_form for one in group))
    return slug(sense.paper.partition("/")[2]) if sense.paper else ""
