"""How well readings agree with annotated papers: precision, recall and F1 for entities by type, and roles over the matched.

A predicted entity matches a gold one of its type if any of its forms is among the gold one's, one to one, most shared forms
first. A prediction that meets only gold of the tier `optional` is ignored; one that meets nothing is false.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kgraph.errors import DataError
from kgraph.lexicon import normalise

_OPTIONAL = "optional"
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of right, false and missed, and what follows from them."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.false + other.false, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Right among all that were predicted, 0 where nothing was."""
        return self.right / ((self.right + self.false) or 1)

    @property
    def recall(self) -> float:
        """Right among all that are in the gold, 0 where nothing is."""
        return self.right / ((self.right + self.missed) or 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / ((2 * self.right + self.false + self.missed) or 1)


@dataclass(frozen=True, slots=True)
class Report:
    """Scores by entity type, how many matched entities have the gold's role, and a line for each error."""

    types: Mapping[str, Score]
    roles: Score
    papers: int
    errors: tuple[str, ...] = field(default=(), repr=False)

    @property
    def micro(self) -> Score:
        """All types together."""
        return sum(self.types.values(), Score())


def read_gold(path: Path) -> list[Record]:
    """The annotated papers of a JSON-lines file.

    Raises:
        DataError: a line is no JSON object with a title and entities.
    """
    gold = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            record = json.loads(line)
            record["title"], record["entities"]
        except (ValueError, TypeError, KeyError) as error:
            raise DataError(path, number, f"expected an annotated paper with title and entities ({error!r})") from error
        gold.append(record)
    return gold


def evaluate(predicted: Iterable[Record], gold: Sequence[Record]) -> Report:
    """Compare records as `kgraph extract` writes them with annotated papers; papers pair by normalised title."""
    by_title = {normalise(record["title"]): record for record in predicted}
    types: Counter[tuple[str, str]] = Counter()
    roles: Counter[bool] = Counter()
    errors: list[str] = []
    for paper in gold:
        entities = by_title.get(normalise(paper["title"]), {}).get("entities", [])
        pairs = _match(entities, paper["entities"])
        matched = {id(found) for found, _ in pairs}
        reached = {id(wanted) for _, wanted in pairs}
        for found, wanted in pairs:
            if wanted["tier"] != _OPTIONAL:
                types[found["type"], "right"] += 1
                roles[found["role"] == wanted["role"]] += 1
                if found["role"] != wanted["role"]:
                    errors.append(_line(paper, "role", wanted, f"{found['role']} for {wanted['role']}"))
        for found in entities:
            if id(found) not in matched and not _meets_optional(found, paper["entities"]):
                types[found["type"], "false"] += 1
                errors.append(_line(paper, "false", found, found["mentions"][0]["rule"] if found["mentions"] else ""))
        for wanted in paper["entities"]:
            if wanted["tier"] != _OPTIONAL and id(wanted) not in reached:
                types[wanted["type"], "missed"] += 1
                errors.append(_line(paper, "missed", wanted, ", ".join(wanted["aliases"][:3])))
    scores = {
        cls: Score(types[cls, "right"], types[cls, "false"], types[cls, "missed"]) for cls in sorted({cls for cls, _ in types})
    }
    return Report(scores, Score(roles[True], roles[False], roles[False]), len(gold), tuple(errors))


def _match(found: Sequence[Record], gold: Sequence[Record]) -> list[tuple[Record, Record]]:
    """Pairs of a predicted and a gold entity, core before optional, most shared forms first, one to one."""
    candidates = []
    for i, one in enumerate(found):
        for j, other in enumerate(gold):
            shared = len(_forms(one) & _forms(other)) if one["type"] == other["type"] else 0
            if shared:
                candidates.append((other["tier"] == _OPTIONAL, -shared, i, j))
    pairs, left, right = [], set(), set()
    for _, _, i, j in sorted(candidates):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((found[i], gold[j]))
    return pairs


def _forms(entity: Record) -> set[str]:
    written = entity["aliases"] if "aliases" in entity else [mention["text"] for mention in entity["mentions"]]
    return {normalise(form) for form in (entity["name"], *written)}


def _meets_optional(found: Record, gold: Sequence[Record]) -> bool:
    """Whether a prediction left over shares a form with optional gold of any type, and with no core gold."""
    met = [other["tier"] == _OPTIONAL for other in gold if _forms(found) & _forms(other)]
    return bool(met) and all(met)


def _line(paper: Record, what: str, entity: Record, more: str) -> str:
    return f"{what}\t{entity['type']}\t{entity['name']}\t{more}\t{paper['title']}"
