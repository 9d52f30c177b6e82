"""What one graph says and another does not: papers, things, statements and numbers, and by which rule or decision."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import NamedTuple

from kgraph.answers.numbers import plain
from kgraph.model import Decision, Entity, Evidence, Graph, Listing, Paper

SORTS = ("papers", "things", "statements", "numbers")
"""What can change."""
HOWS = ("added", "lost", "changed")
"""How it can."""
_UNTOLD = frozenset({"id", "title", "name", "type", "long_form", "broader", "is_known", "notes"})
"""What is told otherwise, or does not stand in a graph file."""


class Change(NamedTuple):
    """What has changed and how, its id, what it is called, what of it differs, and the decisions and rules behind it."""

    what: str
    how: str
    id: str
    name: str
    detail: str
    why: tuple[str, ...]


class Diff(NamedTuple):
    """The changes in order, and how many statements and numbers each rule added and lost."""

    changes: tuple[Change, ...]
    rules: tuple[tuple[str, int, int], ...]

    def number(self, what: str, how: str) -> int:
        """How many of a sort have so changed."""
        return sum((one.what, one.how) == (what, how) for one in self.changes)


class _Stated(NamedTuple):
    """A statement or number in words, the nodes it speaks of, and its evidence."""

    words: str
    ends: frozenset[str]
    evidence: frozenset[Evidence]


def diff(old: Graph, new: Graph, decisions: Iterable[Decision] = ()) -> Diff:
    """What has changed from one graph to another; decisions tell why what they took out is gone, as no node remembers that."""
    before, after = ({note for entity in graph.entities for note in entity.notes} for graph in (old, new))
    notes = (before ^ after) | {one.note for one in decisions if one.action == "drop"}
    moved = became(old, new, notes)
    things, others = _by_id(old.entities), _by_id(new.entities)
    kept = {node: thing for node, thing in things.items() if node not in moved}
    fresh = {node: thing for node, thing in others.items() if node in things or node not in moved.values()}
    changes = [
        *_of_nodes("papers", _by_id(old.papers), _by_id(new.papers), {}, notes),
        *_of_nodes("things", kept, fresh, {**_readers(old), **_readers(new)}, notes),
        *(
            Change("things", "changed", node, _called(things[node]), f"is now {_called(others[to])}", _naming(notes, {node, to}))
            for node, to in moved.items()
        ),
        *_of_statements("statements", _statements(old, moved), _statements(new, {}), notes),
        *_of_statements("numbers", _numbers(old, moved), _numbers(new, {}), notes),
    ]
    rules: dict[str, Counter[str]] = {}
    for one in changes:
        for rule in one.why if one.what in ("statements", "numbers") and one.how != "changed" else ():
            rules.setdefault(rule, Counter())[one.how] += 1
    counted = [(rule, count["added"], count["lost"]) for rule, count in rules.items()]
    return Diff(tuple(changes), tuple(sorted(counted, key=lambda row: (-row[1] - row[2], row[0]))))


def became(old: Graph, new: Graph, notes: Collection[str]) -> dict[str, str]:
    """The things that another node has taken in, by id: by a decision that names both, or as one of its type has their name."""
    here = {entity.id for entity in new.entities}
    forms: dict[tuple[str, str], set[str]] = {}
    named: dict[str, set[str]] = {}
    for entity in new.entities:
        for form in entity.aliases:
            forms.setdefault((entity.type, form), set()).add(entity.id)
        for note in set(notes).intersection(entity.notes):
            for node in _nodes(note) - {entity.id}:
                named.setdefault(node, set()).add(entity.id)
    found = {}
    for entity in old.entities:
        if entity.id not in here:
            decided = named.get(entity.id, set()).union(*(_nodes(note) & here for note in set(notes).intersection(entity.notes)))
            likely = decided or forms.get((entity.type, entity.name), set())
            if len(likely) == 1:
                found[entity.id] = min(likely)
    return found


def _nodes(note: str) -> set[str]:
    """What a decision names."""
    return set(note.partition(": ")[0].split())


def _by_id(nodes: Iterable[Paper] | Iterable[Entity]) -> Mapping[str, Paper | Entity]:
    return {node.id: node for node in nodes}


def _readers(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    """The rules that read each thing where a paper names it."""
    found: dict[str, set[str]] = {}
    for link in graph.links:
        found.setdefault(link.tail, set()).update(one.rule for one in link.evidence)
    return {thing: tuple(sorted(rules)) for thing, rules in found.items()}


def _of_nodes(
    what: str,
    old: Mapping[str, Paper | Entity],
    new: Mapping[str, Paper | Entity],
    readers: Mapping[str, tuple[str, ...]],
    notes: Collection[str],
) -> Iterator[Change]:
    for how, nodes in (("added", _only(new, old)), ("lost", _only(old, new))):
        for node in sorted(nodes, key=lambda one: (_called(one), one.id)):
            why = (*_naming(notes, {node.id}), *readers.get(node.id, ())) or _places(node)
            yield Change(what, how, node.id, _called(node), "", why)
    for key in sorted(old.keys() & new.keys()):
        if detail := "; ".join(_differing(old[key], new[key])):
            yield Change(what, "changed", key, _called(new[key]), detail, _naming(notes, {key}))


def _only(held: Mapping[str, Paper | Entity], other: Collection[str]) -> list[Paper | Entity]:
    return [node for key, node in held.items() if key not in other]


def _called(node: Paper | Entity) -> str:
    return node.title if isinstance(node, Paper) else f"{node.name} ({node.type})"


def _places(node: Paper | Entity) -> tuple[str, ...]:
    """Where a paper is listed."""
    return tuple(f"{one.file}:{one.line}" for one in node.listings) if isinstance(node, Paper) else ()


def _differing(old: Paper | Entity, new: Paper | Entity) -> Iterator[str]:
    """Which fields of a record differ, and how, if a line can hold it."""
    if _called(old) != _called(new):
        yield f"was “{_called(old)}”"
    for field in fields(old):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if field.name in _UNTOLD or before == after:
            continue
        if isinstance(before, tuple):
            parts = [f"+{one}" for one in _words(after) if one not in _words(before)]
            parts += [f"−{one}" for one in _words(before) if one not in _words(after)]
            yield f"{field.name} {', '.join(parts) or 'in another order'}"
        else:
            yield f"{field.name} differs" if len(before + after) > 100 else f"{field.name} {before or '–'} → {after or '–'}"


def _words(values: Iterable[object]) -> list[str]:
    return [f"{one.file}:{one.line} {one.date}".rstrip() if isinstance(one, Listing) else str(one) for one in values]


def _of_statements(what: str, old: Mapping[str, _Stated], new: Mapping[str, _Stated], notes: Collection[str]) -> Iterator[Change]:
    for how, held, other in (("added", new, old), ("lost", old, new)):
        for key in sorted(held.keys() - other.keys(), key=lambda key: (held[key].words, key)):
            rules = sorted({one.rule for one in held[key].evidence})
            yield Change(what, how, key, held[key].words, "", (*_naming(notes, held[key].ends), *rules))
    for key in sorted(old.keys() & new.keys()):
        if detail := ", ".join(_resting(old[key].evidence, new[key].evidence)):
            yield Change(what, "changed", key, new[key].words, detail, _naming(notes, new[key].ends))


def _statements(graph: Graph, moved: Mapping[str, str]) -> dict[str, _Stated]:
    """The statements by their ends, these as they are called now."""
    names, found = _names(graph), dict[str, _Stated]()
    for link in graph.links:
        head, tail = moved.get(link.head, link.head), moved.get(link.tail, link.tail)
        if head != tail:
            words = f"{names[link.head]} {link.relation} {names[link.tail]}"
            _add(found, f"{head} {link.relation} {tail}", _Stated(words, frozenset({head, tail}), frozenset(link.evidence)))
    return found


def _add(found: dict[str, _Stated], key: str, stated: _Stated) -> None:
    if key in found:
        stated = stated._replace(evidence=stated.evidence | found[key].evidence)
    found[key] = stated


def _numbers(graph: Graph, moved: Mapping[str, str]) -> dict[str, _Stated]:
    """The numbers by what they say and in which paper."""
    names, found = _names(graph), dict[str, _Stated]()
    for one in graph.results:
        words = f"{names[one.subject]}: {plain(one.value)}"
        words += f" {names[one.metric]}" * bool(one.metric) + f" on {names[one.benchmark]}" * bool(one.benchmark)
        ends = [moved.get(end, end) for end in one[:3]]
        key = " ".join((*ends, *one[3:5], one.evidence.paper))
        _add(found, key, _Stated(f"{words} ({one.kind})", frozenset(ends) - {""}, frozenset({one.evidence})))
    return found


def _names(graph: Graph) -> dict[str, str]:
    names = {paper.id: paper.title for paper in graph.papers}
    return {"": "", **names, **{entity.id: entity.name for entity in graph.entities}}


def _resting(old: Iterable[Evidence], new: Iterable[Evidence]) -> Iterator[str]:
    """How the evidence of a statement has changed: sentences by their rule, then how sure they are."""
    before, after = ({one[:4]: one.confidence for one in evidence} for evidence in (old, new))
    for sign, rules in (("+", _rules(after, before)), ("−", _rules(before, after))):
        yield from (f"{sign}{count} {rule}" for rule, count in sorted(rules.items()))
    for place in sorted(before.keys() & after.keys()):
        if before[place] != after[place]:
            yield f"{place[3]} {before[place]:g} → {after[place]:g}"


def _rules(places: Collection[tuple[str, int, int, str]], others: Collection[tuple[str, int, int, str]]) -> Counter[str]:
    return Counter(place[3] for place in places if place not in others)


def _naming(notes: Iterable[str], nodes: Collection[str]) -> tuple[str, ...]:
    """The decisions that name one of the nodes and that only one of the graphs rests on."""
    return tuple(sorted(note for note in notes if not _nodes(note).isdisjoint(nodes)))
