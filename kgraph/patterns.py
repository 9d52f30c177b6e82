"""How things are phrased: records of cues of roles, of announcements of names, of relations and of results."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

COORDINATION = re.compile(r"[\s\"'”“)]*(?:,|,?\s*(?:and|or|&)|/)[\s\"'“]*(?:the )?")
"""What stands between two items of a list."""


class Example(NamedTuple):
    """A text with brackets around what a rule must read in it, or, where it is not wanted, must not."""

    kind: Literal["cue", "name", "relation", "result"]
    rule: str
    text: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """Phrases that give a role to a thing beside them.

    `reach` counts words between cue and thing, other names aside; a word of `stops` between them ends it. Further things are
    reached as long as no more than `chain` words beside joining ones ("and", "as well as") stand before the next. Things whose
    type is told and is not among `types` are passed over. A background cue counts only before the paper speaks of itself.
    """

    rule: str
    role: str
    side: Literal["after", "before"]
    reach: int
    chain: int
    phrases: tuple[str, ...]
    stops: frozenset[str]
    types: frozenset[str]
    is_background: bool


@dataclass(frozen=True, slots=True)
class RelationPattern:
    """What holds between a thing that a paper is about and another thing of these roles and types at this place.

    `place` is "name" (within a form of the own name), "apposition" (right behind it: "X, a genetic algorithm"), "beside" (in a
    sentence with it), "title", "own" (title, or where the paper speaks of itself) or "any".
    `cues` are rules one of which must have given the role, `before` phrases one of which must stand within `reach` words before
    the thing, `not_before` phrases of which none may.
    """

    rule: str
    relation: str
    begins_with_own: bool
    own_types: frozenset[str]
    own_roles: frozenset[str]
    roles: frozenset[str]
    types: frozenset[str]
    place: str
    confidence: float
    cues: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()
    reach: int = 0


@dataclass(frozen=True, slots=True)
class PairPattern:
    """What the words between two neighbouring names say of them: the first thing has the relation to the second."""

    rule: str
    relation: str
    first: frozenset[str]
    second: frozenset[str]
    between: frozenset[str]
    confidence: float


@dataclass(frozen=True, slots=True)
class ResultPattern:
    """What makes a number a result: types of measure, benchmark and subject, and words that say what the number is."""

    metric: str
    benchmark: str
    subjects: frozenset[str]
    reach: int
    of_others: frozenset[str]
    no_share: frozenset[str]
    gains: frozenset[str]
    own_words: frozenset[str]
    confidence: float


@dataclass(frozen=True, slots=True)
class Patterns:
    """All phrasing knowledge: cues in order, head nouns with the type they tell, and how sure each rule is."""

    cues: tuple[Cue, ...]
    relations: tuple[RelationPattern, ...]
    pairs: tuple[PairPattern, ...]
    examples: tuple[Example, ...]
    results: ResultPattern
    heads: Mapping[str, str]
    vague_heads: frozenset[str]
    endings: Mapping[str, str]
    qualifiers: frozenset[str]
    qualifier_suffixes: tuple[str, ...]
    qualified_types: frozenset[str]
    shared_types: frozenset[str]
    name_endings: Mapping[str, str]
    measures_at: frozenset[str]
    measure_type: str
    phrase_endings: tuple[str, ...]
    leading_words: frozenset[str]
    modified_types: frozenset[str]
    title_openings: Mapping[str, str]
    title_behind: Mapping[str, str]
    title_before: Mapping[str, str]
    noun_endings: tuple[str, ...]
    stems: Mapping[str, str]
    list_openers: tuple[str, ...]
    list_nouns: Mapping[str, str]
    before_nouns: frozenset[str]
    function_words: frozenset[str]
    generic_words: frozenset[str]
    called: frozenset[str]
    suffixes: frozenset[str]
    model_sizes: str
    model_variants: tuple[str, ...]
    confidence: Mapping[str, float]
    descriptive_rules: frozenset[str]
    known_rules: frozenset[str]
    shape_rules: frozenset[str]
    repeated_rules: frozenset[str]
    rule_roles: Mapping[str, str]
    role_order: tuple[str, ...]
    default_type: str
    url_type: str
    model_type: str
    default_roles: Mapping[str, str]
    new_roles: Mapping[str, str]
    background_roles: Mapping[str, str]
    named_types: frozenset[str]
    plain_types: frozenset[str]
    own_types: tuple[str, ...]
    studied_roles: frozenset[str]
    own_words: tuple[str, ...]
    subset_type: str
    subset_words: frozenset[str]
    derived_types: frozenset[str]
    role_types: Mapping[str, str]
