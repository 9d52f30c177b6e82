"""A graph held against its shapes: that part of SHACL Core in which `ontology/shapes.ttl` is written, and its SPARQL constraints.

pyshacl knows all of SHACL and takes twenty seconds for the graph of the seeds, this two. The tests hold both to one answer for
every graph that they break, and a shape that asks for what is not known here is an error, so that nothing goes unchecked.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from kgraph.errors import OntologyError
from kgraph.ontology import PREFIXES, text_of

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Values = Mapping[Term, None]

_SH, _RDF, _XSD = "http://www.w3.org/ns/shacl#", PREFIXES["rdf"], PREFIXES["xsd"]
_NONE: Values = {}
_SHAPES = (ox.NamedNode(_SH + "NodeShape"), ox.NamedNode(_SH + "PropertyShape"))
_DAY = r"-?\d{4,}-\d\d-\d\d"
_ZONE = r"(?:Z|[+-]\d\d:\d\d)?"
_FORMS = {
    "string": re.compile(r".*", re.DOTALL),
    "date": re.compile(_DAY + _ZONE),
    "gYearMonth": re.compile(r"-?\d{4,}-\d\d" + _ZONE),
    "gYear": re.compile(r"-?\d{4,}" + _ZONE),
    "decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"),
    "nonNegativeInteger": re.compile(r"\+?\d+|-0+"),
}
"""How the values of a datatype are written."""
_NO_CONSTRAINT = {"targetClass", "targetNode", "targetSubjectsOf", "path", "message", "property", "closed", "sparql"}


class Refused(NamedTuple):
    """What a shape refuses: the node, the property and the value ("" if none), and the shape's message."""

    node: str
    path: str
    value: str
    message: str


class Triples:
    """Triples by their subject and predicate, and by their object and predicate."""

    def __init__(self, path: Path) -> None:
        self.out: dict[Term, dict[str, dict[Term, None]]] = {}
        self.into: dict[Term, dict[str, dict[Term, None]]] = {}
        self.subjects: dict[str, dict[Term, None]] = {}
        for triple in ox.parse(path=str(path)):
            predicate = triple.predicate.value
            self.out.setdefault(triple.subject, {}).setdefault(predicate, {})[triple.object] = None
            self.into.setdefault(triple.object, {}).setdefault(predicate, {})[triple.subject] = None
            self.subjects.setdefault(predicate, {})[triple.subject] = None

    def all(self, node: Term, predicate: str) -> Values:
        """The objects of a subject and a predicate."""
        return self.out.get(node, {}).get(predicate, _NONE)

    def first(self, node: Term, predicate: str) -> Term | None:
        """The first of them."""
        return next(iter(self.all(node, predicate)), None)

    def items(self, node: Term | None) -> Iterator[Term]:
        """The members of a list."""
        while node is not None and (first := self.first(node, _RDF + "first")) is not None:
            yield first
            node = self.first(node, _RDF + "rest")


Check = Callable[[Triples, Term, Values], list[Term | None]]
"""Which values of a node's property break a constraint; None stands for one that is missing."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape as it is written: where its values are found, what they must be, and what else the node may say."""

    path: str
    is_inverse: bool
    message: str
    checks: tuple[Check, ...]
    properties: tuple["Shape", ...]
    allowed: frozenset[str] | None

    def refused(self, data: Triples, node: Term) -> Iterator[Refused]:
        """What of a node it refuses."""
        values = _found(data, node, self) if self.path else {node: None}
        for check in self.checks:
            for value in check(data, node, values):
                yield Refused(text_of(node), self.path, "" if value is None else text_of(value), self.message)
        for shape in self.properties:
            for value in values:
                yield from shape.refused(data, value)
        if self.allowed is not None:
            for predicate in data.out.get(node, {}).keys() - self.allowed:
                for value in data.all(node, predicate):
                    yield Refused(text_of(node), predicate, text_of(value), "A closed class: its nodes have no such property.")


def _found(data: Triples, node: Term, shape: Shape) -> Values:
    return (data.into if shape.is_inverse else data.out).get(node, {}).get(shape.path, _NONE)


def refused(data: Triples, path: Path, store: ox.Store) -> Iterator[Refused]:
    """What the shapes of a file refuse in a graph, given by its triples and, for SPARQL, its store.

    Raises:
        OntologyError: the file has a constraint that is not known here.
    """
    shapes = Triples(path)
    prefixes = {
        text_of(shapes.first(one, _SH + "prefix")): text_of(shapes.first(one, _SH + "namespace")) for one in _declared(shapes)
    }
    for node in (shape for kind in _SHAPES for shape in shapes.into.get(kind, {}).get(_RDF + "type", _NONE)):
        targets = _targets(shapes, node, data)
        shape = _shape(shapes, node, path)
        for target in targets:
            yield from shape.refused(data, target)
        for constraint in shapes.all(node, _SH + "sparql") if targets else ():
            select, message = (text_of(shapes.first(constraint, _SH + part)) for part in ("select", "message"))
            rows = store.query(select, prefixes=prefixes)
            assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 (sh:select)
            for row in rows:
                found = {variable.value: text_of(row[variable]) for variable in rows.variables if row[variable]}
                for target in targets:
                    yield Refused(text_of(target), found.get("path", ""), found.get("value", ""), message)


def _declared(shapes: Triples) -> Iterator[Term]:
    for file in shapes.subjects.get(_SH + "declare", {}):
        yield from shapes.all(file, _SH + "declare")


def _targets(shapes: Triples, shape: Term, data: Triples) -> Values:
    targets = dict(shapes.all(shape, _SH + "targetNode"))
    for cls in shapes.all(shape, _SH + "targetClass"):
        targets.update(data.into.get(cls, {}).get(_RDF + "type", _NONE))
    for predicate in shapes.all(shape, _SH + "targetSubjectsOf"):
        targets.update(data.subjects.get(text_of(predicate), _NONE))
    return targets


def _shape(shapes: Triples, node: Term, file: Path) -> Shape:
    """The shape that a node of the file describes."""
    path = shapes.first(node, _SH + "path")
    inverse = shapes.first(path, _SH + "inversePath") if path else None
    nested = shapes.all(node, _SH + "property")
    is_closed = text_of(shapes.first(node, _SH + "closed")) == "true"
    checks = []
    for predicate, arguments in shapes.out[node].items():
        name = predicate.removeprefix(_SH)
        if not predicate.startswith(_SH) or name in _NO_CONSTRAINT:
            continue
        if name not in _CHECKS:
            raise OntologyError(f"{file} has a shape with sh:{name}, which kgraph cannot check.")
        for argument in arguments:
            if name == "or":
                options = tuple(_shape(shapes, option, file) for option in shapes.items(argument))
                checks.append(partial(_or, options))
            else:
                terms = frozenset(shapes.items(argument)) if name == "in" else argument
                checks.append(partial(_CHECKS[name], terms))
    return Shape(
        path=text_of(inverse or path or ""),
        is_inverse=inverse is not None,
        message=text_of(shapes.first(node, _SH + "message") or ""),
        checks=tuple(checks),
        properties=tuple(_shape(shapes, one, file) for one in nested),
        allowed=frozenset(text_of(shapes.first(one, _SH + "path")) for one in nested) if is_closed else None,
    )


def _or(options: tuple[Shape, ...], data: Triples, node: Term, values: Values) -> list[Term | None]:
    del node
    return [value for value in values if not any(not any(option.refused(data, value)) for option in options)]


def _keeps_form(datatype: Term, value: Term) -> bool:
    form = _FORMS.get(text_of(datatype).removeprefix(_XSD))
    if form is None:
        raise OntologyError(f"A shape asks for the datatype {text_of(datatype)}, which kgraph cannot check.")
    return isinstance(value, ox.Literal) and value.datatype == datatype and bool(form.fullmatch(value.value))


def _number(term: Term) -> Decimal | None:
    try:
        return Decimal(text_of(term)) if isinstance(term, ox.Literal) else None
    except InvalidOperation:
        return None


def _is_less(one: Term, other: Term, or_equal: bool) -> bool:
    left, right = _number(one), _number(other)
    return left is not None and right is not None and (left < right or (or_equal and left == right))


def _each(is_right: Callable[[Triples, Term, Term], bool]) -> Callable[[Term, Triples, Term, Values], list[Term | None]]:
    """A constraint that each value keeps or breaks by itself."""
    return lambda argument, data, _, values: [value for value in values if not is_right(data, argument, value)]


_CHECKS: Mapping[str, Callable[..., list[Term | None]]] = {
    "class": _each(lambda data, cls, value: cls in data.all(value, _RDF + "type")),
    "datatype": _each(lambda _, datatype, value: _keeps_form(datatype, value)),
    "nodeKind": _each(lambda _, kind, value: text_of(kind) == _SH + "IRI" and isinstance(value, ox.NamedNode)),
    "minLength": _each(
        lambda _, least, value: not isinstance(value, ox.BlankNode) and len(text_of(value)) >= int(text_of(least))
    ),
    "pattern": _each(
        lambda _, form, value: not isinstance(value, ox.BlankNode) and bool(re.search(text_of(form), text_of(value)))
    ),
    "minInclusive": _each(lambda _, least, value: _is_less(least, value, or_equal=True)),
    "maxInclusive": _each(lambda _, most, value: _is_less(value, most, or_equal=True)),
    "in": lambda terms, _data, _node, values: [value for value in values if value not in terms],
    "minCount": lambda least, _data, _node, values: [None] * (len(values) < int(text_of(least))),
    "maxCount": lambda most, _data, _node, values: [None] * (len(values) > int(text_of(most))),
    "hasValue": lambda value, _data, _node, values: [None] * (value not in values),
    "equals": lambda other, data, node, values: [*(values.keys() ^ data.all(node, text_of(other)).keys())],
    "disjoint": lambda other, data, node, values: [*(values.keys() & data.all(node, text_of(other)).keys())],
    "lessThan": lambda other, data, node, values: [
        value for value in values if not all(_is_less(value, end, or_equal=False) for end in data.all(node, text_of(other)))
    ],
    "or": _or,
}
"""The constraints of a shape by their names in SHACL."""
