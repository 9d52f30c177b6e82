"""What a paper says of its own things and others: relations between the entities of a linked reading, with their sentences."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, product

from kgraph.knowledge import Knowledge
from kgraph.model import Claim, Entity, Evidence, Mention, Reading
from kgraph.ontology import INTRODUCED
from kgraph.patterns import COORDINATION, PairPattern, Patterns, RelationPattern

_WORD = re.compile(r"[A-Za-z][\w-]*")
_LONGEST_APPOSITION = 500
_APPOSITION = re.compile(r"[\s)\"'”]*,?(?: is)? (?:an?|the|our) (?:[\w-]+,? ){0,4}")


def relate(reading: Reading, knowledge: Knowledge) -> Reading:
    """The linked reading with the thing it is about, and a claim for each statement that a relation pattern reads in it."""
    patterns, role_of = knowledge.patterns, roles_of(reading, knowledge)
    own = own_thing(reading, role_of, patterns)
    mentions = [mention for mention in reading.mentions if mention.confidence]
    claims = {*reading.claims, *_between_neighbours(reading, mentions, patterns)}
    for subject in [own] if own else _studied(reading, role_of, patterns):
        claims.update(_Statements(reading, mentions, subject).by(patterns, role_of))
    return reading._replace(own=own.id if own else "", claims=tuple(sorted(claims)))


def own_thing(reading: Reading, role_of: Mapping[str, str], patterns: Patterns) -> Entity | None:
    """The thing a paper is about, of those it introduces.

    First comes what the title presents, then what a sentence presents; methods before benchmarks, then by place.
    """
    title = len(reading.paper.title)

    by_entity = _by_entity(reading.mentions)

    def rank(entity: Entity) -> tuple[bool, bool, int, bool, int]:
        found = by_entity[entity.id]
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
    return min(introduced, key=rank) if len(introduced) > 1 else next(iter(introduced), None)


def _studied(reading: Reading, role_of: Mapping[str, str], patterns: Patterns) -> list[Entity]:
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


def _between_neighbours(reading: Reading, mentions: Sequence[Mention], patterns: Patterns) -> Iterator[Claim]:
    """What the words between two things say of them, whoever's they are ("Bayesian optimization for hyperparameter tuning")."""
    text = reading.paper.text
    for at, (first, second) in enumerate(pairwise(mentions)):
        between = text[first.end : second.start].strip().lower() if first.sentence == second.sentence else ""
        for pattern in patterns.pairs if between else ():
            if between in pattern.between and first.type in pattern.first and second.type in pattern.second:
                heads, tails = _listed(text, mentions[at::-1]), _listed(text, mentions[at + 1 :])
                yield from (
                    _claim(reading, head.entity, pattern, tail.entity, first)
                    for head, tail in product(heads, tails)
                    if head.entity != tail.entity
                )


def _listed(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The first mention with those that stand in one list with it, going on from it in either direction."""
    found = [mentions[0]]
    for other in mentions[1:]:
        left, right = sorted((found[-1], other))
        if other.type != found[0].type or not COORDINATION.fullmatch(text, left.end, right.start):
            break
        found.append(other)
    return found


def _claim(reading: Reading, head: str, pattern: RelationPattern | PairPattern, tail: str, mention: Mention) -> Claim:
    start, end = mention.sentence
    return Claim(head, pattern.relation, tail, Evidence(reading.paper.id, start, end, pattern.rule, pattern.confidence))


class _Statements:
    """What the patterns read of a subject and other things, by where the subject stands and what it is called."""

    def __init__(self, reading: Reading, mentions: Sequence[Mention], subject: Entity) -> None:
        self._reading, self._by_entity, self._subject = reading, _by_entity(mentions), subject
        own = self._by_entity.get(subject.id, ())
        self._sentences = {mention.sentence for mention in own}
        self._ends = sorted(mention.end for mention in own if _APPOSITION.match(reading.paper.text, mention.end))
        self._names = [_spaced(alias) for alias in subject.aliases if " " in alias or "-" in alias]

    def by(self, patterns: Patterns, role_of: Mapping[str, str]) -> Iterator[Claim]:
        """The first pattern's claims that hold between the subject and each other thing.

        No other thing stands within a name of one word, nor as an apposition where none begins.
        """
        subject, role = self._subject, role_of.get(self._subject.id, "")
        places = {"name": self._names, "apposition": self._ends}
        own = [
            pattern
            for pattern in patterns.relations
            if subject.type in pattern.own_types and role in pattern.own_roles and places.get(pattern.place, True)
        ]
        for other in self._reading.entities if own else ():
            role = role_of.get(other.id, "")
            both = [pattern for pattern in own if role in pattern.roles and other.type in pattern.types]
            if both and other.id != subject.id:
                yield from self._between(other, both)

    def _between(self, other: Entity, patterns: Sequence[RelationPattern]) -> Iterator[Claim]:
        mentions = self._by_entity.get(other.id, ())
        for pattern in patterns:
            if saying := [mention for mention in mentions if self._says(pattern, mention)]:
                head, tail = (self._subject, other) if pattern.begins_with_own else (other, self._subject)
                for mention in saying:
                    yield _claim(self._reading, head.id, pattern, tail.id, mention)
                return

    def _says(self, pattern: RelationPattern, mention: Mention) -> bool:
        """Whether a relation pattern holds for one mention of the other thing."""
        if (pattern.cues and mention.cue not in pattern.cues) or not self._stands_at(pattern.place, mention):
            return False
        if not (pattern.before or pattern.not_before):
            return True
        words = _WORD.findall(self._reading.paper.text[mention.sentence[0] : mention.start].lower())
        said = f" {' '.join(words[-pattern.reach :])} "
        if pattern.not_before and _one_of(pattern.not_before).search(said):
            return False
        return not pattern.before or _one_of(pattern.before).search(said) is not None

    def _stands_at(self, place: str, mention: Mention) -> bool:
        reading = self._reading
        in_title = mention.end <= len(reading.paper.title)
        match place:
            case "any":
                return True
            case "title":
                return in_title
            case "name":
                words = _spaced(mention.text)
                return any(words in name and words != name for name in self._names)
            case "apposition":
                first = bisect_left(self._ends, mention.start - _LONGEST_APPOSITION)
                near = self._ends[first : bisect_right(self._ends, mention.start)]
                return any(_APPOSITION.fullmatch(reading.paper.text, end, mention.start) for end in near)
            case "own" if in_title or mention.start >= reading.turn:
                return True
            case _:
                return mention.sentence in self._sentences


def _by_entity(mentions: Iterable[Mention]) -> dict[str, list[Mention]]:
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        found.setdefault(mention.entity, []).append(mention)
    return found


@lru_cache(maxsize=256)
def _one_of(phrases: frozenset[str]) -> re.Pattern[str]:
    return re.compile(f" (?:{'|'.join(map(re.escape, sorted(phrases)))}) ")


def _spaced(text: str) -> str:
    """The words of a text, hyphens aside, with a space around each: "zero-shot Learning" → " zero shot learning "."""
    return f" {' '.join(text.lower().replace('-', ' ').split())} "
