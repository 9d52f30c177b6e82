"""What the user decides: rows of a TSV file that merge, split, rename, retype, keep apart or drop nodes, each with a reason."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from kgraph.errors import DataError
from kgraph.model import Decision
from kgraph.ontology import Ontology

DEFAULT_FILE = Path("curation.tsv")
"""The file of the working folder that is read if no other is given."""
COLUMNS = ("action", "subject", "object", "reason")
ACTIONS = ("split", "never-merge", "retype", "merge", "rename", "drop")
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
    lines = read_text(path).split("\n")
    rows = [(number, line.rstrip("\r").split("\t")) for number, line in enumerate(lines, 1) if line.strip() and line[0] != "#"]
    if not rows:  # as where suggestions are being written to this very file
        return ()
    if tuple(rows[0][1]) != COLUMNS:
        raise DataError(path, rows[0][0], f"expected the columns {', '.join(COLUMNS)}, but they are {', '.join(rows[0][1])}")
    decisions: dict[Decision, int] = {}
    for number, cells in rows[1:]:
        if tuple(cells) == COLUMNS:  # as where another file was added to this one
            continue
        if len(cells) != len(COLUMNS):
            raise DataError(path, number, f"expected {len(COLUMNS)} cells, but there are {len(cells)}")
        decision = Decision(*map(str.strip, cells))
        if wrong := _wrong(decision, ontology):
            raise DataError(path, number, wrong)
        decisions.setdefault(decision, number)
    _contradictions(path, decisions, ontology)
    return tuple(decisions)


def read_text(path: Path) -> str:
    """The text of a curation file.

    Raises:
        DataError: it cannot be read, or is no UTF-8 (with the line).
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(path, None, f"cannot be read ({error.strerror or error})") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(path, line, f"expected UTF-8 text, but byte 0x{error.object[error.start]:02X} stands there") from error


def _contradictions(path: Path, decisions: Mapping[Decision, int], ontology: Ontology) -> None:
    """Refuse merges of what other rows say are never to be merged, also by way of others, and of things of two types."""
    types = {one.subject: one.object for one in decisions if one.action == "retype"}
    merges: dict[str, list[tuple[str, int]]] = {}
    for one, number in decisions.items():
        if one.action != "merge":
            continue
        merges.setdefault(one.subject, []).append((one.object, number))
        merges.setdefault(one.object, []).append((one.subject, number))
        kinds = [type_of(node, ontology) for node in (one.subject, one.object)]
        if (
            kinds[0] != kinds[1]
            and (was := [types.get(node, kind) for node, kind in zip(one[1:3], kinds, strict=True)])[0] != was[1]
        ):
            raise DataError(path, number, f"{one.subject} and {one.object} are of two types; a row must retype one of them first")
    for one, number in decisions.items():
        if one.action == "never-merge" and (lines := _way(one.subject, one.object, merges)):
            said = f"line{'s' * (len(lines) > 1)} {' and '.join(map(str, lines))}"
            raise DataError(
                path, number, f"{one.subject} and {one.object} are never to be merged, but {said} would make them one"
            )


def type_of(node: str, ontology: Ontology) -> str:
    """The type that the id of a node names, "" if it is none's."""
    return next((cls for cls, kind in ontology.kinds.items() if node.startswith(f"{kind}/")), "")


def _way(start: str, end: str, merges: Mapping[str, Sequence[tuple[str, int]]]) -> list[int]:
    """The lines of the merges that make two nodes one, none if nothing does."""
    ways: dict[str, list[int]] = {start: []}
    for node in (waiting := [start]):
        for other, line in merges.get(node, ()):
            if other not in ways:
                ways[other] = sorted([*ways[node], line])
                waiting.append(other)
    return ways.get(end, [])


def _wrong(decision: Decision, ontology: Ontology) -> str:
    """What is wrong with a row, "" if nothing is."""
    if decision.action not in ACTIONS:
        return f"expected one of {', '.join(ACTIONS)}, but “{decision.action}” stands there"
    if not decision.subject or bool(decision.object) == (decision.action == "drop"):
        return f"{decision.action} needs a subject and {'no' if decision.action == 'drop' else 'an'} object"
    if decision.action == "retype" and decision.object not in ontology.things:
        return f"expected a type, one of {', '.join(ontology.things)}, but “{decision.object}” stands there"
    return "" if decision.reason else "the reason is missing"
