"""Which node each paper's entity is: one thing is one node across papers, and things that only look alike are several."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from kgraph.knowledge import Knowledge
from kgraph.lexicon import Known, Lexicon, normalise
from kgraph.model import Entity, Reading
from kgraph.ontology import APART, INTRODUCED, digest, slug
from kgraph.relating import roles_of

_VERSION = re.compile(r"(?<=[-_ ])[vV](?=\d)")
_SHORTEST = 3
"""Letters of a name that may be taken for the one long form that is found: two letters always mean several things."""


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
    """Every entity of every reading; those that are equal are one record, as many papers say the same of a thing."""
    found: list[Occurrence] = []
    same: dict[Entity, Entity] = {}
    for reading in readings:
        roles, paper = roles_of(reading, knowledge), reading.paper.id
        found += [Occurrence(same.setdefault(one, one), paper, roles.get(one.id) == INTRODUCED) for one in reading.entities]
    return found


def resolve(found: Sequence[Occurrence], knowledge: Knowledge) -> list[Placed]:
    """The node of each occurrence.

    A name of the lexicon is one node, and so is a long form. Another name is one node wherever it stands, also with its long
    form, unless it can mean several things: it has two long forms, the lexicon gives it to something else, two papers introduce
    it, or one is a word and the other a name ("self", "SELF").
    """
    senses: dict[Sense, list[Occurrence]] = defaultdict(list)
    names: dict[Sense, list[Occurrence]] = defaultdict(list)
    types = _types(found)
    for one in found:
        entity = one.entity
        if known := _known(entity, knowledge.lexicon):
            senses[Sense(known.type, "known", known.name)].append(one)
        elif long_form := normalise(entity.long_form):
            senses[Sense(types[long_form], "long form", long_form)].append(one)
        else:
            names[Sense(entity.type, "name", spelling_key(entity.name))].append(one)
    meanings, introducing = _meanings(senses), _introducing_names(names)
    moves: list[tuple[Sense, Sequence[Occurrence]]] = []
    for sense, group in names.items():
        name = normalise(min(one.entity.name for one in group))
        is_ambiguous = len(name) < _SHORTEST or knowledge.lexicon.by_key.get(name)
        meant = [] if is_ambiguous else list(meanings.get((sense.type, name), ()))
        if len(meant) == 1 and len(introducing[sense.type, name] | _introducing(senses[meant[0]])) < 2:
            moves.append((meant[0], group))
        else:
            moves += _told_apart(sense, group)
    for sense, some in moves:
        senses[sense].extend(some)
    return _nodes(senses, knowledge)


def _types(found: Iterable[Occurrence]) -> dict[str, str]:
    """The type that most papers give to what a long form names."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        if one.entity.long_form:
            counts[normalise(one.entity.long_form)][one.entity.type] += 1
    return {form: min(given, key=lambda cls: (-given[cls], cls)) for form, given in counts.items()}


def _known(entity: Entity, lexicon: Lexicon) -> Known | None:
    """The row of the lexicon that an entity is, however spelt; by its long form even if the paper takes it for another type."""
    if entity.is_known:
        return lexicon.by_name[entity.type, entity.name]
    rows = lexicon.by_key.get(normalise(entity.long_form or entity.name), ())
    same = [row for row in rows if row.type == entity.type]
    if entity.long_form:
        return next(iter(same or rows), None)
    # an alias may be short for something else too
    return next((row for row in same if not row.context and spelling_key(row.name) == spelling_key(entity.name)), None)


def spelling_key(name: str) -> str:
    """What two spellings of one name have in common, across papers.

    More strict than `normalise`: an ordinary word is not the name of the same letters, and a capital S makes no plural. Less
    strict: a v before a version and .git behind an address do not count.

    >>> spelling_key("self") == spelling_key("SELF"), spelling_key("DARTS") == spelling_key("DART")
    (False, False)
    >>> spelling_key("LLaVA-v1.5-7B") == spelling_key("LLaVA 1.5 7B")
    True
    """
    if "://" in name:
        return normalise(name).removesuffix(".git")
    key = normalise(_VERSION.sub("", name))
    if name.isalpha() and name[1:].islower():
        return f"{key} as a word"
    return f"{key} with S" if name[-2:].isupper() and name.endswith("S") else key


def _meanings(senses: Mapping[Sense, Sequence[Occurrence]]) -> Mapping[tuple[str, str], set[Sense]]:
    """What a type's normalised name can be short for: what has a long form or is known, and is called so in some paper."""
    found: dict[tuple[str, str], set[Sense]] = defaultdict(set)
    for sense, group in senses.items():
        for one in group:
            for form in (one.entity.name, *one.entity.aliases):
                found[sense.type, normalise(form)].add(sense)
    return found


def _told_apart(sense: Sense, group: Sequence[Occurrence]) -> Iterable[tuple[Sense, Sequence[Occurrence]]]:
    """The senses of a name without long form: one, or, where two papers introduce it, what each introduces and the rest."""
    if len(_introducing(group)) < 2 or "/" in sense.key:  # an address is what it is, whoever gives it
        return [(sense, group)]
    senses: dict[Sense, list[Occurrence]] = defaultdict(list)
    for one in group:
        senses[sense._replace(paper=one.paper) if one.is_introduced else sense].append(one)
    return senses.items()


def _introducing(group: Iterable[Occurrence]) -> set[str]:
    return {one.paper for one in group if one.is_introduced}


def _introducing_names(names: Mapping[Sense, Sequence[Occurrence]]) -> Mapping[tuple[str, str], set[str]]:
    """The papers that introduce each normalised name of a type, however it is spelt."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for sense, group in names.items():
        found[sense.type, normalise(min(one.entity.name for one in group))] |= _introducing(group)
    return found


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
            node = Entity(own, sense.type, name)
            placed += [Placed(one, node) for one in senses[sense]]
    return placed


def _tail(sense: Sense, group: Sequence[Occurrence]) -> str:
    """What tells a sense from others in an id: the long form or the paper, else nothing."""
    if sense.kind == "long form":
        return slug(min(filter(None, (one.entity.long_form for one in group))))
    return slug(sense.paper.partition("/")[2]) if sense.paper else ""
