"""The files of `ontology/patterns/` → patterns."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kgraph.errors import DataError
from kgraph.lexicon import plural
from kgraph.patterns import Cue, Example, PairPattern, Patterns, RelationPattern, ResultPattern


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
            pairs=tuple(_pair(table) for table in relations["pair"]),
            results=_result(relations["results"]),
            examples=tuple(
                example
                for kind, tables in (
                    ("cue", roles["cue"]),
                    ("name", [{"rule": rule, **table} for rule, table in names["rules"].items()]),
                    ("relation", [*relations["relation"], *relations["pair"]]),
                    ("result", [{"rule": "results", **relations["results"]}]),
                )
                for table in tables
                for example in _examples(kind, table)
            ),
            **_words(names),
            **_rules(names),
        )
    except (KeyError, TypeError) as error:
        raise DataError(folder, None, f"the patterns lack {error}") from error


def _examples(kind: Any, table: dict[str, Any]) -> Iterator[Example]:
    for key, wanted in (("yes", True), ("no", False)):
        yield from (Example(kind, table["rule"], text, wanted) for text in table[key])


def _words(names: dict[str, Any]) -> dict[str, Any]:
    """Words and word parts that names are read by."""
    return {
        "qualifiers": frozenset(names["qualifiers"]["words"]),
        "qualifier_suffixes": tuple(names["qualifiers"]["suffixes"]),
        "qualified_types": frozenset(names["qualifiers"]["types"]),
        "shared_types": frozenset(names["lists"]["shared"]),
        "measures_at": frozenset(names["measures"]["at"]),
        "measure_type": names["measures"]["type"],
        "phrase_endings": tuple(names["words"]["phrase_endings"]),
        "leading_words": frozenset(names["words"]["leading"]),
        "modified_types": frozenset(names["modifiers"]["types"]),
        "title_openings": _types(names["title"]["openings"]),
        "title_behind": _types(names["title"]["behind"]),
        "title_before": _types(names["title"]["before"]),
        "noun_endings": tuple(names["words"]["noun_endings"]),
        "list_openers": tuple(names["lists"]["openers"]),
        "before_nouns": frozenset(names["lists"]["before"]),
        "list_nouns": _types(names["lists"]["nouns"]),
        "function_words": frozenset([*names["words"]["function"], *_verb_forms(names["words"]["verbs"])]),
        "generic_words": frozenset(names["words"]["generic"]),
        "called": frozenset(names["called"]["words"]),
        "suffixes": frozenset(names["affixes"]["suffixes"]),
        "model_sizes": names["model"]["sizes"],
        "model_variants": tuple(names["model"]["variants"]),
        "model_type": names["defaults"]["model"],
        "own_words": tuple(names["words"]["own"]),
    }


def _rules(names: dict[str, Any]) -> dict[str, Any]:
    """Types, roles and rules, and how sure each rule is."""
    return {
        "heads": _types(names["heads"]),
        "vague_heads": frozenset(names["modifiers"]["nouns"]),
        "endings": _types(names["endings"]),
        "name_endings": _types(names["name_endings"]),
        "confidence": {rule: table["confidence"] for rule, table in names["rules"].items()},
        "descriptive_rules": frozenset(rule for rule, table in names["rules"].items() if not table.get("names", True)),
        "repeated_rules": frozenset(rule for rule, table in names["rules"].items() if table.get("again", False)),
        "rule_roles": {rule: table["role"] for rule, table in names["rules"].items() if "role" in table},
        "role_order": tuple(names["roles"]["order"]),
        "default_type": names["defaults"]["type"],
        "url_type": names["defaults"]["url"],
        "default_roles": names["defaults"]["role"],
        "new_roles": names["defaults"]["role_of_new"],
        "background_roles": names["defaults"]["role_in_background"],
        "named_types": frozenset(names["roles"]["named"]),
        "studied_roles": frozenset(names["roles"]["studied"]),
        "plain_types": frozenset(names["roles"]["plain"]),
        "own_types": tuple(names["roles"]["own"]),
        "role_types": names["roles"]["type"],
    }


def _types(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: cls for cls, words in table.items() for word in words}


def _verb_forms(verbs: Iterable[str]) -> Iterator[str]:
    return (form for verb in verbs for form in (verb, plural(verb)))


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
        is_background=table.get("background", False),
    )


def _relation(table: dict[str, Any]) -> RelationPattern:
    return RelationPattern(
        rule=table["rule"],
        relation=table["relation"],
        begins_with_own=table["from"] == "own",
        own_types=frozenset(table["own_types"]),
        own_roles=frozenset(table["own_roles"]),
        roles=frozenset(table["roles"]),
        types=frozenset(table["types"]),
        place=table["place"],
        cues=frozenset(table.get("cues", ())),
        before=frozenset(table.get("before", ())),
        not_before=frozenset(table.get("not_before", ())),
        reach=table.get("reach", 0),
        confidence=table["confidence"],
    )


def _pair(table: dict[str, Any]) -> PairPattern:
    return PairPattern(
        rule=table["rule"],
        relation=table["relation"],
        first=frozenset(table["first"]),
        second=frozenset(table["second"]),
        between=frozenset(table["between"]),
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
        own_words=frozenset(table["own_words"]),
        confidence=table["confidence"],
    )
