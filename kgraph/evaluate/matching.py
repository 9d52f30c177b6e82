"""Which predicted entity, relation and result is which annotated one.

An entity matches a gold one of its type if any of its forms is among the gold one's, one to one, core before optional, most
shared forms first. A prediction that meets only gold of the tier `optional` counts neither as right nor as false.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kgraph.lexicon import normalise

Record = Mapping[str, Any]
OPTIONAL = "optional"
_EXTENTS = ("with-", "broader-")
"""What the rules begin with that give a mention another extent."""


class Matched(NamedTuple):
    """Pairs of predicted and core gold entities, predictions that are false or meet only optional gold, missed core gold."""

    pairs: list[tuple[Record, Record]]
    false: list[Record]
    ignored: list[Record]
    missed: list[Record]


def forms(entity: Record) -> set[str]:
    """The normalised name and surface forms of a gold entity (`aliases`) or a predicted one (`mentions`)."""
    written = entity["aliases"] if "aliases" in entity else [mention["text"] for mention in entity["mentions"]]
    return {normalise(form) for form in (entity["name"], *written)}


def match_entities(predicted: Sequence[Record], gold: Sequence[Record]) -> Matched:
    """Match a paper's entities."""
    predicted_forms, gold_forms = [forms(entity) for entity in predicted], [forms(entity) for entity in gold]
    candidates = sorted(
        (_is_optional(wanted), -shared, i, j)
        for i, found in enumerate(predicted)
        for j, wanted in enumerate(gold)
        if found["type"] == wanted["type"] and (shared := len(predicted_forms[i] & gold_forms[j]))
    )
    taken: dict[int, int] = {}
    for _, _, i, j in candidates:
        if i not in taken and j not in taken.values():
            taken[i] = j
    false: list[Record] = []
    ignored: list[Record] = []
    for i, found in enumerate(predicted):
        met = [gold[taken[i]]] if i in taken else [wanted for j, wanted in enumerate(gold) if predicted_forms[i] & gold_forms[j]]
        if i not in taken or _is_optional(gold[taken[i]]):
            (ignored if met and all(map(_is_optional, met)) else false).append(found)
    return Matched(
        pairs=[(predicted[i], gold[j]) for i, j in taken.items() if not _is_optional(gold[j])],
        false=false,
        ignored=ignored,
        missed=[wanted for j, wanted in enumerate(gold) if not _is_optional(wanted) and j not in taken.values()],
    )


def mislinked(predicted: Sequence[Record], gold: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """The core gold entities that are split over several predictions, and the predictions that merge several core gold ones.

    Mentions that only reach further than another, or less far, tie nothing together.
    """
    wanted = [(one, forms(one)) for one in gold if not _is_optional(one)]
    found = [
        (one, forms({**one, "mentions": [m for m in one["mentions"] if not m.get("rule", "").startswith(_EXTENTS)]}))
        for one in predicted
        if "mentions" in one
    ]
    split = [one for one, names in wanted if sum(not names.isdisjoint(others) for _, others in found) > 1]
    merged = [one for one, names in found if sum(not names.isdisjoint(others) for _, others in wanted) > 1]
    return split, merged


def relation_keys(
    record: Record, names: Mapping[str, str], kinds: frozenset[str], ignored: frozenset[str] = frozenset()
) -> set[tuple[str, str, str]]:
    """Relations as (head, rel, tail), of the given kinds; `names` says as which entity a name counts.

    Those with an end of an ignored name are left out: relations are annotated between core entities only.
    """
    return {
        (names.get(one["head"], one["head"]), one["rel"], names.get(one["tail"], one["tail"]))
        for one in record.get("relations", ())
        if one["rel"] in kinds and ignored.isdisjoint((one["head"], one["tail"]))
    }


def result_keys(record: Record, names: Mapping[str, str]) -> set[tuple[str, ...]]:
    """Results as (subject, benchmark, metric, value), all normalised; `names` says as which entity a name counts."""
    return {
        (*(normalise(names.get(one[part], one[part])) for part in ("subject", "benchmark", "metric")), _value(one["value"]))
        for one in record.get("results", ())
    }


def _is_optional(entity: Record) -> bool:
    return bool(entity.get("tier") == OPTIONAL)


def _value(text: str) -> str:
    r"""A value as it is compared: `15\%`, as some texts have it, is 15%."""
    return "".join(text.lower().replace("\\", "").replace("percent", "%").replace("×", "x").split()).lstrip("+")
