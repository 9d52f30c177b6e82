"""The graph as JSON-LD in the short keys of `ontology/context.jsonld`, framed by paper.

Each paper holds its listings and the evidence that was found in it, each thing its results; things are named by their ids and
described after the papers. The context stands in the file, so that no reader has to fetch it.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from kgraph.export.rdf import Literal, triples
from kgraph.knowledge import Knowledge
from kgraph.model import Graph
from kgraph.ontology import HAS_RESULT, LISTED_IN, PAPER, Ontology

_EVIDENCE = "evidence"
"""The key of what was found in a paper: the inverse of that from which it was derived."""
_DERIVED = "prov:wasDerivedFrom"


def json_ld(graph: Graph, knowledge: Knowledge) -> bytes:
    """The graph as one JSON-LD document, a node of the first rank a line."""
    context = json.loads((knowledge.folder / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    own = {"kg": knowledge.ontology.term(""), "kgid": knowledge.ontology.iri("")}
    frame = _Frame(graph, {**context, **own}, knowledge.ontology)
    lines = ",\n".join(_json(node) for node in frame.nodes())
    return f'{{"@context":{_json(frame.context)},\n"@graph":[\n{lines}\n]}}\n'.encode("utf-8", "replace")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Frame:
    """The triples by subject and predicate, and what the context calls them."""

    def __init__(self, graph: Graph, context: Mapping[str, Any], ontology: Ontology) -> None:
        self.context, self._ontology = context, ontology
        self._key: dict[str, tuple[str, Mapping[str, str]]] = {}
        for key, value in context.items():
            name = value if isinstance(value, str) else value.get("@id", "") if isinstance(value, dict) else ""
            if name and not name.startswith("@"):
                self._key.setdefault(self._whole(name), (key, value if isinstance(value, dict) else {}))
        self._said: dict[str, dict[str, list[str | Literal]]] = {}
        for subject, predicate, value in triples(graph, ontology):
            self._said.setdefault(subject, {}).setdefault(predicate, []).append(value)
        term = ontology.term
        self._type, self._derived = term("rdf:type"), term(_DERIVED)
        self._inside = {term(LISTED_IN), term(HAS_RESULT)}
        self._found: dict[str, list[str]] = {}
        for subject, values in self._said.items():
            for paper in values.get(self._derived, ()):
                self._found.setdefault(str(paper), []).append(subject)

    def nodes(self) -> Iterable[dict[str, Any]]:
        """Papers, then things, each with what it holds."""
        held = {str(one) for values in self._said.values() for name in self._inside for one in values.get(name, ())}
        held |= {one for found in self._found.values() for one in found}
        paper = self._ontology.term(PAPER)
        first = [subject for subject in self._said if subject not in held]
        for subject in sorted(first, key=lambda one: paper not in self._said[one].get(self._type, ())):
            yield self._node(subject)

    def _node(self, subject: str, without: str = "") -> dict[str, Any]:
        node: dict[str, Any] = {"id": self._short(subject)}
        for predicate, values in self._said[subject].items():
            if predicate == self._type:
                node["type"] = self._short(str(values[0]), is_word=True)
            elif predicate != without:
                key, rule = self._key[predicate]
                found = [self._value(value, rule, predicate in self._inside) for value in values]
                node[key] = found if rule.get("@container") or len(found) > 1 else found[0]
        if found_here := self._found.get(subject):
            node[_EVIDENCE] = [self._node(one, without=self._derived) for one in found_here]
        return node

    def _value(self, value: str | Literal, rule: Mapping[str, str], is_inside: bool) -> Any:
        if isinstance(value, Literal):
            plain = rule.get("@type", "") == value.datatype
            return value.value if plain else {"type": value.datatype, "@value": value.value}
        if is_inside and value in self._said:
            return self._node(value)
        return self._short(value, is_word=rule["@type"] == "@vocab")

    def _short(self, iri: str, *, is_word: bool = False) -> str:
        """An IRI as a word of the context or, where it is of a thing of ours, with its prefix."""
        if is_word and iri in self._key:
            return self._key[iri][0]
        things = self._ontology.iri("")
        return f"kgid:{iri.removeprefix(things)}" if iri.startswith(things) else iri

    def _whole(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return f"{self.context[prefix]}{local}" if prefix in self.context else name
