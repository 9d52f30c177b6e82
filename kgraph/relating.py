"""What a paper says of its own things and others: relations between the entities of a linked reading, with their sentences."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kgraph.knowledge import Knowledge
from kgraph.model import Claim, Entity, Evidence, Mention, Reading
from kgraph.ontology import INTRODUCED
from kgraph.patterns import Patterns, RelationPattern

_WORD = re.compile(r"[A-Za-z][\w-]*")
_APPOSITION = re.compile(r"[\s)\"'”]*,?(?: is)? (?:an?|the|our) (?:[\w-]+,? ){0,4}")


def relate(reading: Reading, knowledge: Knowledge) -> Reading:
    """The linked reading with the thing it is about, and a claim for each statement that a relation pattern reads in it."""
    role_of = roles_of(reading, knowledge)
    own = own_thing(reading, knowledge)
    subjects = [own] if own else _studied(reading, role_of, knowledge.patterns)
    statements = _Statements(reading, role_of, knowledge.patterns)
    claims = {claim for subject in subjects for claim in statements.of(subject)}
    claims |= set(_between_neighbours(reading, knowledge.patterns))
    return reading._replace(own=own.id if own else "", claims=tuple(sorted({*reading.claims, *claims})))


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


def _studied(reading: Reading, role_of: dict[str, str], patterns: Patterns) -> list[Entity]:
    """What a paper that introduces nothing is about: the methods and models of its title, else the models it uses."""
    in_title = {mention.entity for mention in reading.mentions if mention.end <= len(reading.paper.title)}
    candidates = [
        entity
        for entity in reading.entities
        if entity.type in patterns.results.subjects and role_of.get(entity.id) in patterns.studied_roles
    ]
    return [entity for entity in candidates if entity.id in in_title] or [
        entity for entity in candidates if entity.type == patterns.model_type
    ]


def roles_of(reading: Reading, knowledge: Knowledge) -> dict[str, str]:
    """The role of each entity for the paper, by entity id."""
    relations = knowledge.ontology.relations
    return {claim.tail: relations[claim.relation].role for claim in reading.claims if claim.head == reading.paper.id}


def _between_neighbours(reading: Reading, patterns: Patterns) -> Iterator[Claim]:
    """What the words between two things say of them, whoever's they are ("Bayesian optimization for hyperparameter tuning")."""
    text, mentions = reading.paper.text, [mention for mention in reading.mentions if mention.confidence]
    for first, second in pairwise(mentions):
        between = text[first.end : second.start].strip().lower() if first.sentence == second.sentence else ""
        for pattern in patterns.pairs if between else ():
            if between in pattern.between and first.type in pattern.first and second.type in pattern.second:
                evidence = Evidence(reading.paper.id, *first.sentence, pattern.rule, pattern.confidence)
                yield Claim(first.entity, pattern.relation, second.entity, evidence)


class _Statements:
    """What the patterns read of a subject and another thing."""

    def __init__(self, reading: Reading, role_of: dict[str, str], patterns: Patterns) -> None:
        self._reading, self._role_of, self._patterns = reading, role_of, patterns
        self._mentions: dict[str, list[Mention]] = {}
        for mention in reading.mentions:
            if mention.confidence:
                self._mentions.setdefault(mention.entity, []).append(mention)

    def of(self, subject: Entity) -> Iterator[Claim]:
        """The first pattern's claims that hold between a subject and each other thing."""
        role = self._role_of.get(subject.id, "")
        patterns = [
            pattern for pattern in self._patterns.relations if subject.type in pattern.own_types and role in pattern.own_roles
        ]
        for other in self._reading.entities:
            if other.id != subject.id:
                yield from self._between(subject, other, patterns)

    def _between(self, subject: Entity, other: Entity, patterns: Sequence[RelationPattern]) -> Iterator[Claim]:
        role = self._role_of.get(other.id, "")
        for pattern in patterns:
            if role in pattern.roles and other.type in pattern.types:
                saying = [mention for mention in self._mentions.get(other.id, ()) if self._says(pattern, subject, mention)]
                if saying:
                    head, tail = (subject, other) if pattern.begins_with_own else (other, subject)
                    for mention in saying:
                        evidence = Evidence(self._reading.paper.id, *mention.sentence, pattern.rule, pattern.confidence)
                        yield Claim(head.id, pattern.relation, tail.id, evidence)
                    return

    def _says(self, pattern: RelationPattern, subject: Entity, mention: Mention) -> bool:
        """Whether a relation pattern holds for one mention of the other thing."""
        if (pattern.cues and mention.cue not in pattern.cues) or not self._stands_at(pattern.place, subject, mention):
            return False
        if not (pattern.before or pattern.not_before):
            return True
        words = _WORD.findall(self._reading.paper.text[mention.sentence[0] : mention.start].lower())[-pattern.reach :]
        said = f" {' '.join(words)} "
        if any(f" {phrase} " in said for phrase in pattern.not_before):
            return False
        return not pattern.before or any(f" {phrase} " in said for phrase in pattern.before)

    def _stands_at(self, place: str, subject: Entity, mention: Mention) -> bool:
        reading, of_subject = self._reading, self._mentions.get(subject.id, [])
        in_title = mention.end <= len(reading.paper.title)
        match place:
            case "any":
                return True
            case "title":
                return in_title
            case "name":
                return _stands_within(mention, subject)
            case "apposition":
                return any(_APPOSITION.fullmatch(reading.paper.text, own.end, max(mention.start, own.end)) for own in of_subject)
            case "own" if in_title or mention.start >= reading.turn:
                return True
            case _:
                return any(own.sentence == mention.sentence for own in of_subject)


def _stands_within(mention: Mention, own: Entity) -> bool:
    """Whether a form of the own name holds the words of the mention, and more."""
    form = f" {_plain(mention.text)} "
    return any(form in f" {_plain(alias)} " and form.strip() != _plain(alias) for alias in _compounds(own.aliases))


def _compounds(aliases: Sequence[str]) -> Iterator[str]:
    return (alias for alias in aliases if " " in alias or "-" in alias)


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("-", " ").split())
