"""What the user decides: rows of a TSV file that merge, split, rename, retype, keep apart or drop nodes, each with a reason.

They are applied to what linking found, so that taking a row out takes back what it did.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from kgraph.errors import DataError
from kgraph.model import Decision, Entity
from kgraph.ontology import APART, Ontology, digest, slug
from kgraph.resolving import Placed

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
    """The rows of a curation file, tab-separated; blank lines and lines that begin with # are passed over.

    Raises:
        DataError: the file cannot be read, a row has not four cells, an unknown action or type, or no reason, or two rows
            contradict each other.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, None, f"cannot be read ({error})") from error
    rows = [(number, line.rstrip("\r").split("\t")) for number, line in enumerate(lines, 1) if line.strip() and line[0] != "#"]
    if not rows:  # as where suggestions are being written to this very file
        return ()
    if tuple(rows[0][1]) != COLUMNS:
        raise DataError(path, rows[0][0], f"expected the columns {', '.join(COLUMNS)}, but they are {', '.join(rows[0][1])}")
    decisions: dict[Decision, int] = {}
    for number, cells in rows[1:]:
        if len(cells) != len(COLUMNS):
            raise DataError(path, number, f"expected {len(COLUMNS)} cells, but there are {len(cells)}")
        decision = Decision(*map(str.strip, cells))
        if wrong := _wrong(decision, ontology):
            raise DataError(path, number, wrong)
        decisions.setdefault(decision, number)
    _contradiction(path, decisions)
    return tuple(decisions)


def _contradiction(path: Path, decisions: Mapping[Decision, int]) -> None:
    apart = {frozenset((one.subject, one.object)) for one in decisions if one.action == "never-merge"}
    for one, number in decisions.items():
        if one.action == "merge" and frozenset((one.subject, one.object)) in apart:
            raise DataError(path, number, f"another row says that {one.subject} and {one.object} are never to be merged")


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
    """Occurrences with their nodes as decided, and the decisions that had something to do."""

    placed: list[Placed]
    applied: list[Decision]


def curate(placed: Iterable[Placed], decisions: Iterable[Decision], ontology: Ontology) -> Curated:
    """The nodes as decided: what sets apart first, then what merges, retypes, renames and drops, each in the order of rows.

    A row whose subject or object is not in the graph does nothing: one file serves many graphs. What is renamed or retyped to the
    id of another node becomes one with it.
    """
    groups: dict[str, list[Placed]] = {}
    for one in placed:
        groups.setdefault(one.node.id, []).append(one)
    became: dict[str, str] = {}
    applied = []
    for decision in sorted(dict.fromkeys(decisions), key=lambda decision: ACTIONS.index(decision.action)):
        subject, other = (_followed(became, node) for node in (decision.subject, decision.object))
        found = groups.get(subject, [])
        moved = _moved(decision, found, other, groups, ontology)
        if not moved:
            continue
        applied.append(decision)
        source, new = moved[0].node.id, _remade(decision, found[0].node, ontology)
        gone = set(map(id, moved))
        groups[source] = [one for one in groups[source] if id(one) not in gone]
        if new:
            there = groups.get(new.id, [])
            groups[new.id] = [one._replace(node=replace(new, notes=one.node.notes)) for one in there]
            groups[new.id] += [_noted(one, new, decision) for one in moved]
            became.pop(new.id, None)
            if not groups[source] and source != new.id:
                became[source] = new.id
    return Curated([one for group in groups.values() for one in group], applied)


def apart_id(decision: Decision) -> str:
    """The id of what a decision sets apart from its subject."""
    tail = slug(decision.object.partition("/")[2]) if decision.action == "split" else digest(decision.object)[:8]
    return f"{decision.subject}{APART}{tail}"


def names_a_node(text: str, ontology: Ontology) -> bool:
    """Whether a text is an id such as `method/lora`, not a spelling."""
    kind, slash, _ = text.partition("/")
    return bool(slash) and kind in ontology.kinds.values()


def _noted(one: Placed, node: Entity, decision: Decision) -> Placed:
    return one._replace(node=replace(node, notes=tuple(sorted({*one.node.notes, decision.note}))))


def _followed(became: Mapping[str, str], node: str) -> str:
    """What a node is now, after the decisions before."""
    while node in became:
        node = became[node]
    return node


def _moved(
    decision: Decision, found: Sequence[Placed], other: str, groups: Mapping[str, Sequence[Placed]], ontology: Ontology
) -> Sequence[Placed]:
    """The occurrences that a decision is about, given those of its subject and what its object is now."""
    match decision.action:
        case "split":
            return [one for one in found if one.occurrence.paper == decision.object]
        case "never-merge" if not names_a_node(decision.object, ontology):
            return [one for one in found if _is_written(one, decision.object)]
        case "never-merge":
            return found if groups.get(other) else []
        case "merge":
            return groups.get(other, []) if found and other != found[0].node.id else []
    return found


def _is_written(one: Placed, spelling: str) -> bool:
    """Whether a paper writes a name so, and not as its node is called."""
    entity = one.occurrence.entity
    return entity.name == spelling or (spelling in entity.aliases and one.node.name not in entity.aliases)


def _remade(decision: Decision, node: Entity, ontology: Ontology) -> Entity | None:
    """What a decision makes of the subject's node for the occurrences it is about; None if they are dropped."""
    match decision.action:
        case "split":
            return replace(node, id=apart_id(decision))
        case "never-merge" if not names_a_node(decision.object, ontology):
            return replace(node, id=apart_id(decision), name=decision.object)
        case "retype":
            own = f"{ontology.kinds[decision.object]}/{node.id.partition('/')[2]}"
            return replace(node, id=own, type=decision.object)
        case "rename":
            return replace(node, id=ontology.id(node.type, decision.object), name=decision.object)
        case "drop":
            return None
    return node
