"""Scores of predicted against annotated papers, and the lines that say where they differ."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from kgraph.errors import DataError
from kgraph.evaluate.matching import Matched, Record, forms, match_entities, mislinked, relation_keys, result_keys
from kgraph.lexicon import normalise

_BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)


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
    """Entity scores by type; over the matched, how many roles agree and how many aliases are found; relations, results.

    `bins` counts right and false predictions by confidence; `split` counts core gold entities that are several predicted ones,
    `merged` predicted ones that are several in the gold; `errors` holds a tab-separated line for each difference.
    """

    papers: int
    types: Mapping[str, Score]
    roles: Score
    aliases: Score
    relations: Mapping[str, Score]
    results: Score
    bins: Mapping[tuple[float, float], Score]
    split: int = 0
    merged: int = 0
    errors: tuple[str, ...] = field(default=(), repr=False)

    @property
    def micro(self) -> Score:
        """The entities of all types together."""
        return sum(self.types.values(), Score())

    @property
    def relation(self) -> Score:
        """The relations of all kinds together."""
        return sum(self.relations.values(), Score())

    @property
    def figures(self) -> Mapping[str, float]:
        """One number for each name that a floor may be set for."""
        by_type = {cls: score.f1 for cls, score in self.types.items()}
        return {
            "micro": self.micro.f1,
            **by_type,
            "roles": self.roles.precision,
            "aliases": self.aliases.recall,
            "relations": self.relation.f1,
            "results": self.results.f1,
            "linking": 1 - (self.split + self.merged) / ((self.micro.right + self.micro.missed) or 1),
        }


def read_records(path: Path) -> list[Record]:
    """The papers of a JSON-lines file, annotated or as `kgraph extract` writes them.

    Raises:
        DataError: the file cannot be read, or a line is no JSON object with a title and entities.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # not splitlines: a text may hold U+2028
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, None, f"cannot be read ({error})") from error
    records = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            for entity in record["entities"]:
                forms(entity), entity["type"], entity["role"]
            normalise(record["title"])
        except (ValueError, TypeError, KeyError) as error:
            raise DataError(path, number, f"expected a paper with title and entities ({error!r})") from error
        records.append(record)
    return records


def evaluate(predicted: Iterable[Record], gold: Sequence[Record]) -> Report:
    """Compare predictions, as `kgraph extract` writes them, with annotated papers; papers pair by normalised title."""
    by_title = {normalise(record["title"]): record for record in predicted}
    kinds = frozenset(one["rel"] for paper in gold for one in paper.get("relations", ()))
    tally = _Tally()
    for wanted in gold:
        found = by_title.get(normalise(wanted["title"]), {"entities": []})
        matched = match_entities(found["entities"], wanted["entities"])
        tally.entities(wanted["title"], matched)
        tally.linking(wanted["title"], *mislinked(found["entities"], wanted["entities"]))
        names = {one["name"]: other["name"] for one, other in matched.pairs}
        ignored = frozenset(one["name"] for one in matched.ignored) - names.keys()
        said, meant = relation_keys(found, names, kinds, ignored), relation_keys(wanted, {}, kinds)
        for key in sorted(said | meant):
            tally.statement(wanted["title"], "relation", key[1], key, key in said, key in meant)
        said_results, meant_results = result_keys(found, names), result_keys(wanted, {})
        for result in sorted(said_results | meant_results):
            tally.statement(wanted["title"], "result", "", result, result in said_results, result in meant_results)
    return tally.report(len(gold))


class _Tally:
    """Counts while papers are compared."""

    def __init__(self) -> None:
        self._count: Counter[tuple[str, str, str]] = Counter()
        self._bins: Counter[tuple[float, bool]] = Counter()
        self._errors: list[str] = []

    def entities(self, title: str, matched: Matched) -> None:
        for one, other in matched.pairs:
            self._count["type", one["type"], "right"] += 1
            self._bins[one.get("confidence", 1.0), True] += 1
            agree = one["role"] == other["role"]
            self._count["role", "", "right" if agree else "false"] += 1
            if not agree:
                self._error(title, "role", other["type"], other["name"], f"{one['role']} for {other['role']}")
            aliases = {normalise(alias) for alias in other["aliases"]}
            self._count["alias", "", "right"] += len(aliases & forms(one))
            self._count["alias", "", "missed"] += len(aliases - forms(one))
        for one in matched.false:
            self._count["type", one["type"], "false"] += 1
            self._bins[one.get("confidence", 1.0), False] += 1
            self._error(title, "false", one["type"], one["name"], ", ".join(sorted(forms(one))))
        for other in matched.missed:
            self._count["type", other["type"], "missed"] += 1
            self._error(title, "missed", other["type"], other["name"], ", ".join(other["aliases"]))

    def linking(self, title: str, split: Sequence[Record], merged: Sequence[Record]) -> None:
        for what, records in (("split", split), ("merged", merged)):
            for one in records:
                self._count["linking", "", what] += 1
                self._error(title, what, one["type"], one["name"], "")

    def statement(self, title: str, what: str, kind: str, key: Sequence[str], said: bool, meant: bool) -> None:
        outcome = "right" if said and meant else "false" if said else "missed"
        self._count[what, kind, outcome] += 1
        if outcome != "right":
            self._error(title, f"{outcome} {what}", kind, " | ".join(key), "")

    def report(self, papers: int) -> Report:
        by_bin = {}
        for low, high in pairwise(_BINS):
            score = Score(self._inside(low, high, True), self._inside(low, high, False))
            if score != Score():
                by_bin[low, min(high, 1.0)] = score
        return Report(
            papers=papers,
            types=self._scores("type"),
            roles=self._scores("role").get("", Score()),
            aliases=self._scores("alias").get("", Score()),
            relations=self._scores("relation"),
            results=self._scores("result").get("", Score()),
            bins=by_bin,
            split=self._count["linking", "", "split"],
            merged=self._count["linking", "", "merged"],
            errors=tuple(self._errors),
        )

    def _inside(self, low: float, high: float, right: bool) -> int:
        return sum(n for (sure, was), n in self._bins.items() if low <= sure < high and was is right)

    def _scores(self, what: str) -> dict[str, Score]:
        kinds = sorted({kind for group, kind, _ in self._count if group == what})
        outcomes = ("right", "false", "missed")
        return {kind: Score(*(self._count[what, kind, outcome] for outcome in outcomes)) for kind in kinds}

    def _error(self, title: str, *cells: str) -> None:
        self._errors.append("\t".join((*cells, title)))
