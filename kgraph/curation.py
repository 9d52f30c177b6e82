"""Nodes as the user decides: merged, split, renamed, retyped, kept apart or dropped.

Decisions are applied to what linking found, so that taking a row out takes back what it did.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from kgraph.decisions import ACTIONS, type_of
from kgraph.model import Decision, Entity
from kgraph.ontology import APART, Ontology, digest, slug
from kgraph.resolving import Placed


class Curated(NamedTuple):
    """Occurrences with their nodes as decided, and the decisions that had something to do."""

    placed: list[Placed]
    applied: list[Decision]


def curate(placed: Iterable[Placed], decisions: Iterable[Decision], ontology: Ontology) -> Curated:
    """The nodes as decided: what sets apart first, then what retypes, merges, renames and drops, each in the order of rows.

    A row whose subject or object is not in the graph does nothing: one file serves many graphs. New names and types are given at
    once, so that two nodes can swap theirs; what gets the id of a node that keeps it becomes one with it.
    """
    nodes = _Nodes(placed, ontology)
    ordered = sorted(dict.fromkeys(decisions), key=lambda decision: ACTIONS.index(decision.action))
    for action, rows in groupby(ordered, key=lambda decision: decision.action):
        late = list(rows)
        if action in ("retype", "rename"):
            late = nodes.apply_at_once(late)
        for decision in late:
            nodes.put(nodes.take(decision), decision)
    return Curated([one for group in nodes.groups.values() for one in group], nodes.applied)


class _Nodes:
    """Occurrences by their node's id, what became of ids, and the decisions that had something to do."""

    def __init__(self, placed: Iterable[Placed], ontology: Ontology) -> None:
        self.groups: dict[str, list[Placed]] = {}
        self.applied: list[Decision] = []
        self._became: dict[str, str] = {}
        self._ontology = ontology
        for one in placed:
            self.groups.setdefault(one.node.id, []).append(one)

    def apply_at_once(self, rows: Sequence[Decision]) -> list[Decision]:
        """Take all that the rows are about, then put it in place; the rows that are left speak of what others made."""
        taken = [(self.take(decision), decision) for decision in rows]
        for found, decision in taken:
            self.put(found, decision)
        return [decision for found, decision in taken if not found]

    def take(self, decision: Decision) -> list[Placed]:
        """Remove the occurrences that a decision is about, the subject's node first among their nodes."""
        subject, other = self._now(decision.subject), self._now(decision.object)
        moved = list(_moved(decision, self.groups.get(subject, []), self.groups.get(other, []), self._ontology))
        gone = set(map(id, moved))
        for node in dict.fromkeys(one.node.id for one in moved):
            self.groups[node] = [one for one in self.groups[node] if id(one) not in gone]
        return moved

    def put(self, moved: Sequence[Placed], decision: Decision) -> None:
        """Place what a decision is about where it says."""
        if not moved:
            return
        self.applied.append(decision)
        source, is_merge = moved[0].node.id, decision.action == "merge"
        subject = self.groups[self._now(decision.subject)] if is_merge else moved
        new = _remade(decision, subject[0].node, self._ontology)
        if not new:
            return
        there = self.groups.get(new.id, [])
        self.groups[new.id] = [one._replace(node=replace(new, notes=one.node.notes)) for one in there]
        self.groups[new.id] += [_noted(one, new, decision) for one in moved]
        self._became.pop(new.id, None)
        if not self.groups[source] and source != new.id:
            self._became[source] = new.id

    def _now(self, node: str) -> str:
        """What a node is now, after the decisions before."""
        while node in self._became:
            node = self._became[node]
        return node


def apart_id(decision: Decision) -> str:
    """The id of what a decision sets apart from its subject."""
    tail = slug(decision.object.partition("/")[2]) if decision.action == "split" else digest(decision.object)[:8]
    return f"{decision.subject}{APART}{tail}"


def _noted(one: Placed, node: Entity, decision: Decision) -> Placed:
    return one._replace(node=replace(node, notes=tuple(sorted({*one.node.notes, decision.note}))))


def _moved(decision: Decision, found: Sequence[Placed], others: Sequence[Placed], ontology: Ontology) -> Sequence[Placed]:
    """The occurrences that a decision is about, given those of its subject and of its object, if that is a node.

    What is written in one way alone, or stands in one paper, cannot be set apart from itself.
    """
    match decision.action:
        case "split":
            return _some([one for one in found if one.occurrence.paper == decision.object], found)
        case "never-merge" if not type_of(decision.object, ontology):
            return _some([one for one in found if _is_written(one, decision.object)], found)
        case "never-merge":
            return found if others else []
        case "merge" if found and others and found[0].node.id != others[0].node.id:
            is_one_type = found[0].node.type == others[0].node.type
            return others if is_one_type or type_of(decision.subject, ontology) == type_of(decision.object, ontology) else []
        case "merge":
            return []
    return found


def _some(part: Sequence[Placed], found: Sequence[Placed]) -> Sequence[Placed]:
    return part if len(part) < len(found) else []


def _is_written(one: Placed, spelling: str) -> bool:
    """Whether a paper writes a name so, and not as its node is called."""
    entity = one.occurrence.entity
    return entity.name == spelling or (spelling in entity.aliases and one.node.name not in entity.aliases)


def _remade(decision: Decision, node: Entity, ontology: Ontology) -> Entity | None:
    """What a decision makes of the subject's node for the occurrences it is about; None if they are dropped."""
    match decision.action:
        case "split":
            return replace(node, id=apart_id(decision))
        case "never-merge" if not type_of(decision.object, ontology):
            return replace(node, id=apart_id(decision), name=decision.object)
        case "retype":
            own = f"{ontology.kinds[decision.object]}/{node.id.partition('/')[2]}"
            return replace(node, id=own, type=decision.object)
        case "rename":
            return replace(node, id=ontology.id(node.type, decision.object), name=decision.object)
        case "drop":
            return None
    return node
