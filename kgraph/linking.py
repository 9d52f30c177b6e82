"""Which entity a mention is, and what the paper says of it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from kgraph.knowledge import Knowledge
from kgraph.lexicon import Known, normalise
from kgraph.model import Claim, Entity, Evidence, Mention, Reading
from kgraph.ontology import BASED_ON, INTRODUCED, PART_OF, VARIANT_OF
from kgraph.patterns import Patterns

_FAMILY_RULE = "family"
_SEVERAL_RULES = frozenset({"model-name", "shared-head"})
"""The rules whose mentions may name several things: "Llama-2-7B/13B" is a form of neither, nor "BLEU and ROUGE scores"."""
_SIZE = re.compile(r"[-_/ \d]S$")
_INNER_CAPITAL = re.compile(r"[A-Z].*[a-z].*[A-Z]")
_MARKUP = re.compile(r"[\\{}$]")


def link(reading: Reading, knowledge: Knowledge) -> Reading:
    """The reading with its mentions grouped to entities, and a claim for each thing the paper says of one."""
    entities: dict[str, Entity] = {}
    mentions: list[Mention] = []
    claims: list[Claim] = []
    openings = _openings_of_own(reading, knowledge.patterns)
    for group in _groups(reading):
        sure = [mention for mention in group if mention.confidence]
        entity = _entity(sure, reading.short_forms, knowledge)
        mentions.extend([_linked(mention, entity) for mention in group])
        claims.extend(_role_claims(reading, entity, sure, openings, knowledge))
        family = [entity, *_family(entity, knowledge)]
        for member, broader in pairwise(family):
            relation = _family_relation(member, broader.name, knowledge.patterns)
            claims.append(Claim(member.id, relation, broader.id, _evidence(reading.paper.id, min(sure), _FAMILY_RULE)))
        for found in family:
            same = [found, entities[found.id]] if found.id in entities else [found]
            entities[found.id] = merge_entities(sorted(same, key=lambda one: not one.is_known)) if same[1:] else found
    return reading._replace(
        mentions=tuple(sorted(mentions)),
        entities=tuple([entities[found] for found in sorted(entities)]),
        claims=tuple(sorted(set(claims))),
    )


def merge_entities(entities: Sequence[Entity]) -> Entity:
    """One entity with the first one's id, type and name, and the forms of all."""
    first = entities[0]
    return Entity(
        first.id,
        first.type,
        first.name,
        aliases=tuple(sorted({alias for entity in entities for alias in entity.aliases})),
        long_form=min((entity.long_form for entity in entities if entity.long_form), default=""),
        broader=min((entity.broader for entity in entities if entity.broader), default=""),
        direction=max(entity.direction for entity in entities),
        is_known=any(entity.is_known for entity in entities),
        notes=tuple(sorted({note for entity in entities for note in entity.notes})),
    )


def combined(confidences: Iterable[float]) -> float:
    """How sure an entity is that several mentions name: the surest mention's doubt, less by a tenth for each further one.

    Wider extents of a mention, which have confidence 0, do not count.

    >>> round(combined([0.8, 0.6]), 2)
    0.82
    """
    sure = sorted(filter(None, confidences))
    return 1 - (1 - sure[-1]) * 0.9 ** (len(sure) - 1)


def _groups(reading: Reading) -> Iterable[list[Mention]]:
    """The mentions of one thing each: those whose names are the same, or a short form and its long form."""
    parent: dict[str, str] = {}

    def find(key: str) -> str:
        while (above := parent.get(key, key)) != key:
            parent[key] = parent.get(above, above)  # half the way the next time
            key = parent[key]
        return key

    for short, long in reading.short_forms:
        parent[find(_key(short))] = find(_key(long))
    groups: dict[str, list[Mention]] = {}
    for mention in reading.mentions:
        groups.setdefault(find(_key(mention.name)), []).append(mention)
    return groups.values()


def _key(name: str) -> str:
    """What two spellings of one name have in common within a paper; the S of a size is no plural ("MViTv2-S")."""
    return f"{normalise(name)} {name[-2:]}" if _SIZE.search(name) else normalise(name)


def _entity(group: Sequence[Mention], short_forms: Sequence[tuple[str, str]], knowledge: Knowledge) -> Entity:
    types = {mention.type for mention in group if mention.type}
    if len(types) > 1:
        types = {max(types, key=lambda cls: (sum(mention.confidence for mention in group if mention.type == cls), cls))}
    cls = next(iter(types), knowledge.patterns.default_type)
    texts = {mention.text for mention in group if mention.rule not in _SEVERAL_RULES or mention.text == mention.name}
    long_form = min([long for short, long in short_forms if short in texts], default="")
    if row := _row(group, cls, long_form, knowledge):
        long_form = ""
        name, broader, direction = row.name, row.broader, row.direction
    else:
        names = Counter(mention.name for mention in group if mention.type in ("", cls))
        name, broader, direction = max(names, key=lambda name: (names[name], name)), "", ""
    aliases = tuple(sorted({name, *[text for text in texts if not _MARKUP.search(text)]}))
    return Entity(knowledge.ontology.id(cls, name), cls, name, aliases, long_form, broader, direction, row is not None)


def _row(group: Sequence[Mention], cls: str, long_form: str, knowledge: Knowledge) -> Known | None:
    """The row of the lexicon that mentions name, with no other's long form.

    Where a name needs a context, its shape alone does not make it the row, unless capitals stand within it ("STaR").
    """
    by_name, by_shape = knowledge.lexicon.by_name, knowledge.patterns.shape_rules
    found = {
        mention.name: row
        for mention in group
        if mention.type == cls
        and (row := by_name.get((cls, mention.name)))
        and (not row.context or mention.rule not in by_shape or _INNER_CAPITAL.search(row.name))
    }
    return next((found[name] for name in sorted(found) if found[name].may_be(long_form)), None)


def _linked(mention: Mention, entity: Entity) -> Mention:
    start, end, text, _, name, rule, confidence, sentence, role, cue, _ = mention
    return Mention(start, end, text, entity.type, name, rule, confidence, sentence, role, cue, entity.id)


def _role_claims(
    reading: Reading, entity: Entity, group: Sequence[Mention], openings: tuple[str, ...], knowledge: Knowledge
) -> list[Claim]:
    """The claim of the weightiest role that a sentence gives, with all sentences that give it."""
    patterns, paper = knowledge.patterns, reading.paper.id
    title = len(reading.paper.title)
    roles = [
        INTRODUCED if mention.end - mention.start == title else patterns.rule_roles.get(mention.rule) or mention.role
        for mention in group
    ]
    if "" in roles:
        default = _default_role(reading, entity, group, openings, knowledge)
        roles = [role or default for role in roles]
    role = min(roles, key=patterns.role_order.index)
    relation = knowledge.ontology.relation_for(role, entity.type)
    return [
        Claim(paper, relation, entity.id, _evidence(paper, mention, mention.cue or mention.rule))
        for mention, said in zip(group, roles, strict=True)
        if said == role
    ]


def _default_role(
    reading: Reading, entity: Entity, group: Sequence[Mention], openings: tuple[str, ...], knowledge: Knowledge
) -> str:
    """The role where sentences say nothing: by type, by novelty, and by whether only the background names the thing."""
    patterns, title, ends = knowledge.patterns, len(reading.paper.title), [mention.end for mention in group]
    default = patterns.default_roles[entity.type]
    if min(ends) > title and max(ends) <= reading.turn:
        return patterns.background_roles.get(entity.type) or default
    if entity.is_known or patterns.descriptive_rules.issuperset([mention.rule for mention in group]):
        return default
    if entity.name.startswith(openings):
        return INTRODUCED
    in_background = any(title < end <= reading.turn for end in ends)
    return default if in_background or _is_of_others(entity) else patterns.new_roles.get(entity.type) or default


def _openings_of_own(reading: Reading, patterns: Patterns) -> tuple[str, ...]:
    """What the names begin with that go on from one that the paper presents ("SSR-Zero-7B" where it presents "SSR-Zero")."""
    presented = {mention.name for mention in reading.mentions if patterns.rule_roles.get(mention.rule) == INTRODUCED}
    return tuple(f"{name}{joint}" for name in presented for joint in "- ")


def _is_of_others(entity: Entity) -> bool:
    """Whether a short form is one of a whole class: of ordinary words, or in the plural ("vision-language models (VLMs)")."""
    return entity.long_form.islower() or (entity.name[-1:] == "s" and entity.name[-2:-1].isupper())


def _evidence(paper: str, mention: Mention, rule: str) -> Evidence:
    start, end = mention.sentence
    return Evidence(paper, start, end, rule, mention.confidence)


def _family_relation(member: Entity, broader: str, patterns: Patterns) -> str:
    """How a member is related to the broader thing: "miniF2F-test" is a part of miniF2F, "PPO-Lagrangian" is based on PPO."""
    tail = member.name.removeprefix(broader).lstrip("-_ ").lower() if member.name.startswith(broader) else ""
    if member.type == patterns.subset_type and tail in patterns.subset_words:
        return PART_OF
    return BASED_ON if member.type in patterns.derived_types and tail and not member.is_known else VARIANT_OF


def _family(entity: Entity, knowledge: Knowledge) -> list[Entity]:
    """The broader things of an entity, nearest first, as the lexicon and the parts of its name tell."""
    by_name: Mapping[tuple[str, str], Known] = knowledge.lexicon.by_name
    row = by_name.get((entity.type, entity.name)) if entity.is_known else None  # another thing of that name has another family
    broader = row.broader if row else next(knowledge.lexicon.ancestors(entity.name, entity.type), "")
    names = [entity.name]
    while broader and broader not in names:
        names.append(broader)
        row = by_name.get((entity.type, broader))
        broader = row.broader if row else ""
    return [Entity(knowledge.ontology.id(entity.type, name), entity.type, name, (name,), is_known=True) for name in names[1:]]
