"""What the user decides: rows of a TSV file that merge, split, rename, retype, keep apart or drop nodes, each with a reason.

They are applied to what linking found, so that taking a row out takes back what it did.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from kgraph.errors import DataError
from kgraph.model import Decision, Entity
from kgraph.ontology import Ontology, digest, slug
from kgraph.resolving import APART, Placed

DEFAULT_FILE = Path("curation.tsv")
"""The file of the working folder that is read if no other is given."""
COLUMNS = ("action", "subject", "object", "reason")
ACTIONS = ("split", "never-merge", "merge", "retype", "rename", "drop")
"""In the order in which they are applied."""


def decisions_of(path: Path | None, ontology: Ontology) -> tuple[Decision, ...]:
    """The decisions of a file, or, where none is given, of the one in the working folder, if it is there."""
    if path or DEFAULT_FILE.exists():
        return read_curation(path or DEFAULT_FILE, ontology)
    return ()


def read_curation(path: Path, ontology: Ontology) -> tuple[Decision, ...]:
    """The rows of a curation file; blank lines and lines that begin with # are passed over.

    Raises:
        DataError: the file cannot be read, or a row has not four cells, an unknown action or type, or no reason.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return tuple(_decisions(path, lines, ontology))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, None, f"cannot be read ({error})") from error


def _decisions(path: Path, lines: Iterable[str], ontology: Ontology) -> Iterable[Decision]:
    rows = enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1)
    _, head = next(rows, (1, []))
    if tuple(head) != COLUMNS:
        raise DataError(path, 1, f"expected the columns {', '.join(COLUMNS)}, but they are {', '.join(head)}")
    for number, cells in rows:
        if not any(cells) or cells[0].startswith("#"):
            continue
        if len(cells) != len(COLUMNS):
            raise DataError(path, number, f"expected {len(COLUMNS)} cells, but there are {len(cells)}")
        decision = Decision(*map(str.strip, cells))
        if wrong := _wrong(decision, ontology):
            raise DataError(path, number, wrong)
        yield decision


def _wrong(decision: Decision, ontology: Ontology) -> str:
    """What is wrong with a row, "" if nothing is."""
    if decision.action not in ACTIONS:
        return f"expected one of {', '.join(ACTIONS)}, but “{decision.action}” stands there"
    if not decision.subject or bool(decision.object) == (decision.action == "drop"):
        return f"{decision.action} needs a subject and {'no' if decision.action == 'drop' else 'an'} object"
    if decision.action == "retype" and decision.object not in ontology.things:
        return f"expected a type, one of {', '.join(ontology.things)}, but “{decision.object}” stands there"
    return "" if decision.reason else "the reason is missing"


class Curated(NamedTuple):
    """Occurrences with their nodes as decided, and the decisions that found nothing to do."""

    placed: list[Placed]
    idle: list[Decision]


def curate(placed: Iterable[Placed], decisions: Sequence[Decision], ontology: Ontology) -> Curated:
    """The nodes as decided: what sets apart first, then what merges, retypes, renames and drops, each in the order of rows.

    A row whose subject or object is not in the graph is idle: one file serves many graphs.
    """
    groups: dict[str, list[Placed]] = {}
    for one in placed:
        groups.setdefault(one.node.id, []).append(one)
    became: dict[str, str] = {}
    idle = []
    for action in ACTIONS:
        for decision in (decision for decision in decisions if decision.action == action):
            subject, other = (_followed(became, node) for node in (decision.subject, decision.object))
            found = groups.get(subject, [])
            moved = _moved(decision, found, other, groups)
            if not moved:
                idle.append(decision)
                continue
            source, new = moved[0].node.id, _remade(decision, found[0].node, ontology)
            groups[source] = [one for one in groups[source] if one not in moved]
            if new and not groups[source] and source != new.id:
                became[source] = new.id
            if new:
                groups.setdefault(new.id, []).extend(_noted(one, new, decision) for one in moved)
    return Curated([one for group in groups.values() for one in group], idle)


def _noted(one: Placed, node: Entity, decision: Decision) -> Placed:
    return one._replace(node=replace(node, notes=tuple(sorted({*one.node.notes, decision.note}))))


def _followed(became: Mapping[str, str], node: str) -> str:
    """What a node is now, after the decisions before."""
    while node in became:
        node = became[node]
    return node


def _moved(decision: Decision, found: Sequence[Placed], other: str, groups: Mapping[str, Sequence[Placed]]) -> Sequence[Placed]:
    """The occurrences that a decision is about, given those of its subject and what its object is now."""
    match decision.action:
        case "split":
            return [one for one in found if one.occurrence.paper == decision.object]
        case "never-merge" if other not in groups:
            return [one for one in found if one.occurrence.entity.name == decision.object]
        case "merge":
            return groups.get(other, []) if found and other != found[0].node.id else []
    return found


def _remade(decision: Decision, node: Entity, ontology: Ontology) -> Entity | None:
    """What a decision makes of the subject's node for the occurrences it is about; None if they are dropped."""
    match decision.action:
        case "split":
            return replace(node, id=f"{node.id}{APART}{slug(decision.object.partition('/')[2])}")
        case "never-merge" if decision.object.partition("/")[0] not in ontology.kinds.values():
            return replace(node, id=f"{node.id}{APART}{digest(decision.object)[:8]}", name=decision.object)
        case "retype":
            return replace(node, id=ontology.id(decision.object, node.name), type=decision.object)
        case "rename":
            return replace(node, id=ontology.id(node.type, decision.object), name=decision.object)
        case "drop":
            return None
    return node
