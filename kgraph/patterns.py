"""How things are phrased: cues of roles and announcements of names from `ontology/patterns/*.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kgraph.errors import DataError


@dataclass(frozen=True, slots=True)
class Cue:
    """Phrases that give a role to a thing beside them, and sentences that prove it.

    `reach` counts words between cue and thing, other names aside; a word of `stops` between them ends it. Further things are
    reached as long as no more than `chain` words beside joining ones ("and", "as well as") stand before the next. Things whose
    type is told and is not among `types` are passed over.
    """

    rule: str
    role: str
    side: Literal["after", "before"]
    reach: int
    chain: int
    phrases: tuple[str, ...]
    stops: frozenset[str]
    types: frozenset[str]
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelationPattern:
    """What holds between a paper's own thing and another thing of these roles and types at this place.

    `place` is "name" (within a form of the own name), "own" (title, or where the paper speaks of itself) or "any". `cues` are
    rules one of which must have given the role, `before` phrases one of which must stand within `reach` words before the thing.
    """

    rule: str
    relation: str
    begins_with_own: bool
    roles: frozenset[str]
    types: frozenset[str]
    place: str
    cues: frozenset[str]
    before: frozenset[str]
    reach: int
    confidence: float


@dataclass(frozen=True, slots=True)
class ResultPattern:
    """What makes a number a result: types of measure, benchmark and subject, and words that say what the number is."""

    metric: str
    benchmark: str
    subjects: frozenset[str]
    reach: int
    no_share: frozenset[str]
    gains: frozenset[str]
    confidence: float


@dataclass(frozen=True, slots=True)
class Patterns:
    """All phrasing knowledge: cues in order, head nouns with the type they tell, and how sure each rule is."""

    cues: tuple[Cue, ...]
    relations: tuple[RelationPattern, ...]
    results: ResultPattern
    heads: Mapping[str, str]
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
    noun_endings: tuple[str, ...]
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
    rule_roles: Mapping[str, str]
    role_order: tuple[str, ...]
    default_type: str
    url_type: str
    model_type: str
    default_roles: Mapping[str, str]
    new_roles: Mapping[str, str]
    background_roles: Mapping[str, str]
    named_types: frozenset[str]
    own_types: tuple[str, ...]
    own_words: tuple[str, ...]
    role_types: Mapping[str, str]


def read_patterns(folder: Path) -> Patterns:
    """Read `roles.toml`, `names.toml` and `relations.toml`.

    Raises:
        DataError: a file is no TOML or lacks something.
    """
    roles, names, relations = (_load(folder / name) for name in ("roles.toml", "names.toml", "relations.toml"))
    try:
        return Patterns(
            cues=tuple(_cue(table) for table in roles["cue"]),
            relations=tuple(_relation(table) for table in relations["relation"]),
            results=_result(relations["results"]),
            heads=_types(names["heads"]),
            endings=_types(names["endings"]),
            qualifiers=frozenset(names["qualifiers"]["words"]),
            qualifier_suffixes=tuple(names["qualifiers"]["suffixes"]),
            qualified_types=frozenset(names["qualifiers"]["types"]),
            shared_types=frozenset(names["lists"]["shared"]),
            name_endings=_types(names["name_endings"]),
            measures_at=frozenset(names["measures"]["at"]),
            measure_type=names["measures"]["type"],
            phrase_endings=tuple(names["words"]["phrase_endings"]),
            leading_words=frozenset(names["words"]["leading"]),
            noun_endings=tuple(names["words"]["noun_endings"]),
            list_openers=tuple(names["lists"]["openers"]),
            before_nouns=frozenset(names["lists"]["before"]),
            list_nouns=_types(names["lists"]["nouns"]),
            function_words=frozenset(names["words"]["function"]),
            generic_words=frozenset(names["words"]["generic"]),
            called=frozenset(names["called"]["words"]),
            suffixes=frozenset(names["affixes"]["suffixes"]),
            model_sizes=names["model"]["sizes"],
            model_variants=tuple(names["model"]["variants"]),
            confidence={rule: table["confidence"] for rule, table in names["rules"].items()},
            descriptive_rules=frozenset(rule for rule, table in names["rules"].items() if not table.get("names", True)),
            rule_roles={rule: table["role"] for rule, table in names["rules"].items() if "role" in table},
            role_order=tuple(names["roles"]["order"]),
            default_type=names["defaults"]["type"],
            url_type=names["defaults"]["url"],
            model_type=names["defaults"]["model"],
            default_roles=names["defaults"]["role"],
            new_roles=names["defaults"]["role_of_new"],
            background_roles=names["defaults"]["role_in_background"],
            named_types=frozenset(names["roles"]["named"]),
            own_types=tuple(names["roles"]["own"]),
            own_words=tuple(names["words"]["own"]),
            role_types=names["roles"]["type"],
        )
    except (KeyError, TypeError) as error:
        raise DataError(folder, None, f"the patterns lack {error}") from error


def _types(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: cls for cls, words in table.items() for word in words}


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DataError(path, None, f"is no TOML ({error})") from error


def _cue(table: dict[str, Any]) -> Cue:
    return Cue(
        rule=table["rule"],
        role=table["role"],
        side=table["side"],
        reach=table["reach"],
        chain=table["chain"],
        phrases=tuple(table["phrases"]),
        stops=frozenset(table["stops"]),
        types=frozenset(table["types"]),
        yes=tuple(table["yes"]),
        no=tuple(table["no"]),
    )


def _relation(table: dict[str, Any]) -> RelationPattern:
    return RelationPattern(
        rule=table["rule"],
        relation=table["relation"],
        begins_with_own=table["from"] == "own",
        roles=frozenset(table["roles"]),
        types=frozenset(table["types"]),
        place=table["place"],
        cues=frozenset(table.get("cues", ())),
        before=frozenset(table.get("before", ())),
        reach=table.get("reach", 0),
        confidence=table["confidence"],
    )


def _result(table: dict[str, Any]) -> ResultPattern:
    return ResultPattern(
        metric=table["metric"],
        benchmark=table["benchmark"],
        subjects=frozenset(table["subjects"]),
        reach=table["reach"],
        no_share=frozenset(table["no_share"]),
        gains=frozenset(table["gains"]),
        confidence=table["confidence"],
    )
