"""What a paper says of its own thing and others: relations between the entities of a linked reading, with their sentences."""

import re
from collections.abc import Iterator
from dataclasses import replace

from kgraph.knowledge import Knowledge
from kgraph.model import Claim, Entity, Evidence, Mention, Reading
from kgraph.ontology import INTRODUCED
from kgraph.patterns import RelationPattern

_WORD = re.compile(r"[A-Za-z][\w-]*")


def relate(reading: Reading, knowledge: Knowledge) -> Reading:
    """The linked reading with the thing it is about, and a claim for each statement that a relation pattern reads in it."""
    own = own_thing(reading, knowledge)
    if not own:
        return reading
    role_of = roles_of(reading, knowledge)
    others = [entity for entity in reading.entities if entity.id != own.id]
    claims = [claim for other in others for claim in _claims(reading, own, other, role_of.get(other.id, ""), knowledge)]
    return replace(reading, own=own.id, claims=tuple(sorted({*reading.claims, *claims})))


def own_thing(reading: Reading, knowledge: Knowledge) -> Entity | None:
    """The thing a paper is about, of those it introduces.

    First comes what the title presents, then what a sentence presents; methods before benchmarks, then by place.
    """
    patterns, role_of, title = knowledge.patterns, roles_of(reading, knowledge), len(reading.paper.title)
    mentions: dict[str, list[Mention]] = {}
    for mention in reading.mentions:
        mentions.setdefault(mention.entity, []).append(mention)

    def rank(entity: Entity) -> tuple[bool, bool, int, bool, int]:
        found = mentions[entity.id]
        return (
            all(mention.rule not in patterns.rule_roles for mention in found),
            all(mention.role != INTRODUCED for mention in found),
            patterns.own_types.index(entity.type),
            all(mention.end > title for mention in found),
            found[0].start,
        )

    introduced = [
        entity for entity in reading.entities if role_of.get(entity.id) == INTRODUCED and entity.type in patterns.own_types
    ]
    return min(introduced, key=rank, default=None)


def roles_of(reading: Reading, knowledge: Knowledge) -> dict[str, str]:
    """The role of each entity for the paper, by entity id."""
    relations = knowledge.ontology.relations
    return {claim.tail: relations[claim.relation].role for claim in reading.claims if claim.head == reading.paper.id}


def _claims(reading: Reading, own: Entity, other: Entity, role: str, knowledge: Knowledge) -> Iterator[Claim]:
    mentions = [mention for mention in reading.mentions if mention.entity == other.id]
    for pattern in knowledge.patterns.relations:
        if role in pattern.roles and other.type in pattern.types:
            saying = [mention for mention in mentions if _says(pattern, reading, own, mention)]
            if saying:
                head, tail = (own, other) if pattern.begins_with_own else (other, own)
                for mention in saying:
                    evidence = Evidence(reading.paper.id, *mention.sentence, pattern.rule, pattern.confidence)
                    yield Claim(head.id, pattern.relation, tail.id, evidence)
                return


def _says(pattern: RelationPattern, reading: Reading, own: Entity, mention: Mention) -> bool:
    """Whether a relation pattern holds for one mention of the other thing."""
    if pattern.place == "name":
        return _stands_within(mention, own)
    in_title = mention.end <= len(reading.paper.title)
    if pattern.place == "title" and not in_title:
        return False
    if pattern.place == "own" and not in_title and mention.start < reading.turn:
        sentences = {found.sentence for found in reading.mentions if found.entity == own.id}
        if mention.sentence not in sentences:
            return False
    if pattern.cues and mention.cue not in pattern.cues:
        return False
    if pattern.before:
        words = _WORD.findall(reading.paper.text[mention.sentence[0] : mention.start].lower())[-pattern.reach :]
        said = f" {' '.join(words)} "
        return any(f" {phrase} " in said for phrase in pattern.before)
    return True


def _stands_within(mention: Mention, own: Entity) -> bool:
    """Whether a form of the own name holds the words of the mention, and more."""
    form = f" {_plain(mention.text)} "
    return any(
        form in f" {_plain(alias)} " and form.strip() != _plain(alias) for alias in own.aliases if " " in alias or "-" in alias
    )


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("-", " ").split())
