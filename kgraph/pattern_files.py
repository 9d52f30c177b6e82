"""The files of `ontology/patterns/` → patterns."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kgraph.errors import DataError
from kgraph.lexicon import plural
from kgraph.patterns import Cue, Example, PairPattern, Patterns, RelationPattern, ResultPattern

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


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
            pairs=tuple(_record(PairPattern, table) for table in relations["pair"]),
            results=_record(ResultPattern, relations["results"]),
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
        "stems": names["stems"],
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
        "subset_type": names["family"]["subset_of"],
        "subset_words": frozenset(names["family"]["subsets"]),
        "derived_types": frozenset(names["family"]["derived"]),
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
        "known_rules": frozenset(rule for rule, table in names["rules"].items() if table.get("known", False)),
        "shape_rules": frozenset(rule for rule, table in names["rules"].items() if table.get("shape", False)),
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


def _record(kind: type[T], table: Mapping[str, Any], **given: object) -> T:
    """A record with a table's values for its fields, lists as sets, and those given besides."""
    named = {field.name: table[field.name] for field in fields(kind) if field.name in table and field.name not in given}
    return kind(**{name: frozenset(value) if isinstance(value, list) else value for name, value in named.items()}, **given)


def _cue(table: Mapping[str, Any]) -> Cue:
    return _record(Cue, table, phrases=tuple(table["phrases"]), is_background=table.get("background", False))


def _relation(table: Mapping[str, Any]) -> RelationPattern:
    return _record(RelationPattern, table, begins_with_own=table["from"] == "own")
