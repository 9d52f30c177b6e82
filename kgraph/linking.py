"""Which entity a mention is, and what the paper says of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kgraph.knowledge import Knowledge
from kgraph.lexicon import Known, normalise
from kgraph.model import Claim, Entity, Evidence, Mention, Reading
from kgraph.ontology import INTRODUCED, VARIANT_OF
from kgraph.patterns import Patterns

_FAMILY_RULE = "family"
_MARKUP = frozenset("\\{}$")


def link(reading: Reading, knowledge: Knowledge) -> Reading:
    """The reading with its mentions grouped to entities, and a claim for each thing the paper says of one."""
    entities: dict[str, Entity] = {}
    mentions: list[Mention] = []
    claims: list[Claim] = []
    for group in _groups(reading, knowledge):
        entity = _entity([mention for mention in group if mention.confidence], reading.short_forms, knowledge)
        group = [mention._replace(entity=entity.id, type=entity.type) for mention in group]
        mentions.extend(group)
        group = [mention for mention in group if mention.confidence]
        claims.extend(_role_claims(reading, entity, group, knowledge))
        family = list(_family(entity, knowledge))
        for member, broader in zip([entity, *family], family, strict=False):
            evidence = _evidence(reading.paper.id, min(group), _FAMILY_RULE)
            claims.append(Claim(member.id, VARIANT_OF, broader.id, evidence))
        for found in (entity, *family):
            entities[found.id] = merge_entities([found, entities[found.id]]) if found.id in entities else found
    return replace(
        reading,
        mentions=tuple(sorted(mentions)),
        entities=tuple(sorted(entities.values())),
        claims=tuple(sorted(set(claims))),
    )


def merge_entities(entities: Sequence[Entity]) -> Entity:
    """One entity with the first one's id, type and name, and the forms of all."""
    first = entities[0]
    aliases = tuple(sorted({alias for entity in entities for alias in entity.aliases}))
    long_forms = sorted(entity.long_form for entity in entities if entity.long_form)
    broader = sorted(entity.broader for entity in entities if entity.broader)
    notes = tuple(sorted({note for entity in entities for note in entity.notes}))
    return replace(
        first,
        aliases=aliases,
        long_form=long_forms[0] if long_forms else "",
        broader=broader[0] if broader else "",
        notes=notes,
    )


def combined(confidences: Iterable[float]) -> float:
    """How sure an entity is that several mentions name: the surest mention's doubt, less by a tenth for each further one.

    Wider extents of a mention, which have confidence 0, do not count.

    >>> round(combined([0.8, 0.6]), 2)
    0.82
    """
    sure = sorted(filter(None, confidences))
    return 1 - (1 - sure[-1]) * 0.9 ** (len(sure) - 1)


def _groups(reading: Reading, knowledge: Knowledge) -> Iterator[list[Mention]]:
    """The mentions of one thing each: those whose names are the same, or a short form and its long form."""
    parent: dict[object, object] = {}

    def find(key: object) -> object:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    rows: dict[tuple[str, str], list[Mention]] = {}
    for mention in reading.mentions:
        rows.setdefault((mention.type, mention.name), []).append(mention)
    keys: dict[tuple[str, str], object] = {}
    for row in rows:
        name = normalise(row[1])
        keys[row] = name
        if row in knowledge.lexicon.by_name:
            keys[row] = row
            parent[find(name)] = find(row)
    for short, long in reading.short_forms:
        parent[find(normalise(short))] = find(normalise(long))
    groups: dict[object, list[Mention]] = {}
    for row, mentions in rows.items():
        groups.setdefault(find(keys[row]), []).extend(mentions)
    yield from groups.values()


def _entity(group: Sequence[Mention], short_forms: Iterable[tuple[str, str]], knowledge: Knowledge) -> Entity:
    sureness: dict[str, float] = defaultdict(float)
    for mention in group:
        if mention.type:
            sureness[mention.type] += mention.confidence
    cls = max(sureness, key=lambda cls: (sureness[cls], cls), default=knowledge.patterns.default_type)
    by_name = knowledge.lexicon.by_name
    known = sorted({mention.name for mention in group if (cls, mention.name) in by_name and mention.type == cls})
    names = [mention.name for mention in group if mention.type in ("", cls)]
    name = known[0] if known else max(set(names), key=lambda name: (names.count(name), name))
    texts = {mention.text for mention in group}
    long_forms = sorted(long for short, long in short_forms if short in texts)
    aliases = tuple(sorted({text for text in texts if _MARKUP.isdisjoint(text)} | {name}))
    long_form = long_forms[0] if long_forms and not known else ""
    broader = by_name[cls, name].broader if known else ""
    return Entity(knowledge.ontology.id(cls, name), cls, name, aliases, long_form, broader)


def _role_claims(reading: Reading, entity: Entity, group: Sequence[Mention], knowledge: Knowledge) -> Iterator[Claim]:
    """The claim of the weightiest role that a sentence gives, with all sentences that give it."""
    patterns = knowledge.patterns
    default = _default_role(reading, entity, group, knowledge)
    roles = [patterns.rule_roles.get(mention.rule) or mention.role or default for mention in group]
    role = min(roles, key=patterns.role_order.index)
    relation = knowledge.ontology.relation_for(role, entity.type)
    for mention, said in zip(group, roles, strict=True):
        if said == role:
            evidence = _evidence(reading.paper.id, mention, mention.cue or mention.rule)
            yield Claim(reading.paper.id, relation, entity.id, evidence)


def _default_role(reading: Reading, entity: Entity, group: Sequence[Mention], knowledge: Knowledge) -> str:
    """The role where sentences say nothing: by type, by novelty, and by whether only the background names the thing."""
    patterns, is_known = knowledge.patterns, (entity.type, entity.name) in knowledge.lexicon.by_name
    title = len(reading.paper.title)
    behind_title = [mention for mention in group if mention.end > title]
    in_background = any(mention.end <= reading.turn for mention in behind_title)
    if len(behind_title) == len(group) and all(mention.end <= reading.turn for mention in group):
        return patterns.background_roles.get(entity.type) or patterns.default_roles[entity.type]
    is_named = not is_known and any(mention.rule not in patterns.descriptive_rules for mention in group)
    is_own = is_named and not in_background and not _is_of_others(entity)
    if is_named and _is_member_of_own(entity, reading, patterns):
        return INTRODUCED
    return (is_own and patterns.new_roles.get(entity.type)) or patterns.default_roles[entity.type]


def _is_member_of_own(entity: Entity, reading: Reading, patterns: Patterns) -> bool:
    """Whether a new name goes on from one that the paper presents ("SSR-Zero-7B" where the title begins with "SSR-Zero")."""
    presented = {mention.name for mention in reading.mentions if patterns.rule_roles.get(mention.rule) == INTRODUCED}
    return any(entity.name.startswith((f"{name}-", f"{name} ")) for name in presented)


def _is_of_others(entity: Entity) -> bool:
    """Whether a short form is one of a whole class: of ordinary words, or in the plural ("vision-language models (VLMs)")."""
    return entity.long_form.islower() or (entity.name[-1:] == "s" and entity.name[-2:-1].isupper())


def _evidence(paper: str, mention: Mention, rule: str) -> Evidence:
    return Evidence(paper, *mention.sentence, rule, mention.confidence)


def _family(entity: Entity, knowledge: Knowledge) -> Iterator[Entity]:
    """The broader things of an entity, nearest first, as the lexicon and the parts of its name tell."""
    by_name: Mapping[tuple[str, str], Known] = knowledge.lexicon.by_name
    row = by_name.get((entity.type, entity.name))
    broader = row.broader if row else next(knowledge.lexicon.ancestors(entity.name, entity.type), None)
    seen = {entity.name}
    while broader and broader not in seen:
        seen.add(broader)
        yield Entity(knowledge.ontology.id(entity.type, broader), entity.type, broader, (broader,))
        parent = by_name.get((entity.type, broader))
        broader = parent.broader if parent else None
