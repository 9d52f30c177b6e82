"""What the graph may say: classes, relations and prefixes from `ontology/kgraph.ttl`, and the only maker of IRIs."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kgraph.errors import OntologyError

if TYPE_CHECKING:
    import pyoxigraph as ox

BASE = "https://w3id.org/kgraph/"
_TERMS = BASE + "ontology#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"

PREFIXES: Mapping[str, str] = {
    "kg": _TERMS,
    "dcterms": "http://purl.org/dc/terms/",
    "fabio": "http://purl.org/spar/fabio/",
    "mls": "http://www.w3.org/ns/mls#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": _OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": _RDF,
    "rdfs": _RDFS,
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

PAPER, REPOSITORY, LISTING, EVIDENCE = "Paper", "Repository", "Listing", "Evidence"
PAPER_KIND = "paper"
"""The classes that records have of their own accord; the classes of all other things stand in data."""

MENTIONS, VARIANT_OF = "mentions", "variantOf"
"""The relations that code makes without a pattern: the parent of all roles, and the family."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation: local name, the classes on either side, the role it states for a paper's thing ("" if none)."""

    name: str
    label: str
    domain: frozenset[str]
    range: frozenset[str]
    role: str


@dataclass(frozen=True)
class Ontology:
    """Classes by name with their kind (the path segment of their IRIs), and relations by name."""

    kinds: Mapping[str, str]
    relations: Mapping[str, Relation]
    things: tuple[str, ...]
    base: str = BASE

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """Prefixes of all vocabularies in use, `kg:` at this ontology's base."""
        return {**PREFIXES, "kg": f"{self.base}ontology#"}

    @cached_property
    def relation_of(self) -> Mapping[tuple[str, str], str]:
        """The relation that states a role for a thing of a class: `("used", "Task")` → `"addresses"`."""
        stated = [relation for relation in self.relations.values() if relation.role]
        return {
            (relation.role, cls): relation.name
            for relation in sorted(stated, key=lambda relation: -len(relation.range))
            for cls in self.things
            if cls in relation.range
        }

    def relation_for(self, role: str, cls: str) -> str:
        """The most specific relation that states `role` for a thing of class `cls`, `mentions` where there is none."""
        return self.relation_of.get((role, cls), MENTIONS)

    def id(self, cls: str, name: str) -> str:
        """The id of a thing, e.g. `method/lora`; equal for two names only if they are equal but for case and spacing.

        Raises:
            OntologyError: there is no such class.
        """
        if cls not in self.kinds:
            raise OntologyError(f"There is no class {cls}; there are {', '.join(sorted(self.kinds))}.")
        return f"{self.kinds[cls]}/{slug(name)}"

    def iri(self, identifier: str) -> str:
        """The IRI of an id such as `method/lora`."""
        return f"{self.base}id/{identifier}"

    def term(self, name: str) -> str:
        """The IRI of a `prefix:name`, or of a class or relation of our own.

        Raises:
            OntologyError: the prefix is not declared.
        """
        prefix, _, local = name.rpartition(":")
        if (prefix or "kg") not in self.prefixes:
            raise OntologyError(f"There is no prefix {prefix}; there are {', '.join(self.prefixes)}.")
        return self.prefixes[prefix or "kg"] + local


def slug(name: str) -> str:
    """Lower-case ASCII words joined by `-`, all else percent-encoded: an IRI segment from which the words can be read.

    >>> slug("Chain of Thought"), slug("ReST-MCTS*")
    ('chain-of-thought', 'rest-mcts%2A')
    """
    words = unicodedata.normalize("NFKC", name).casefold().split()
    segment = quote("-".join(words).encode("utf-8", "backslashreplace"), safe="")
    segment = segment.replace("_", "%5F").replace("~", "%7E")
    return segment.replace(".", "%2E") if not segment.strip(".") else segment  # "." and ".." are paths, not names


def digest(*parts: object) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the parts, for ids made from content."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def load_ontology(path: Path, base: str = BASE) -> Ontology:
    """Read classes and relations from the Turtle file of the ontology.

    Raises:
        OntologyError: the file is no Turtle.
    """
    import pyoxigraph as ox

    try:
        triples = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise OntologyError(f"{path} is no Turtle: {error}.") from error
    objects: dict[tuple[object, str], list[ox.Term]] = {}
    for triple in triples:
        objects.setdefault((triple.subject, triple.predicate.value), []).append(triple.object)
    own = sorted({triple.subject for triple in triples if triple.subject.value.startswith(_TERMS)}, key=str)

    def first(subject: object, predicate: str) -> str:
        values = objects.get((subject, predicate))
        return _local(values[0]) if values else ""

    kinds = {_local(term): first(term, _TERMS + "kind") for term in own if (term, _TERMS + "kind") in objects}
    thing = _TERMS + "Thing"
    things = tuple(
        _local(term) for term in own if any(_value(up) == thing for up in objects.get((term, _RDFS + "subClassOf"), []))
    )

    def members(nodes: Iterable["ox.Term"]) -> frozenset[str]:
        found: set[str] = set()
        for node in nodes:
            if _value(node) == thing:
                found.update(things)
            elif union := objects.get((node, _OWL + "unionOf")):
                found.update(_list(union[0], objects))
            else:
                found.add(_local(node))
        return frozenset(found)

    relations = {
        _local(term): Relation(
            name=_local(term),
            label=first(term, _RDFS + "label"),
            domain=members(objects.get((term, _RDFS + "domain"), [])),
            range=members(objects.get((term, _RDFS + "range"), [])),
            role=first(term, _TERMS + "role"),
        )
        for term in own
        if first(term, _RDF + "type") == "ObjectProperty"
    }
    return Ontology(kinds=kinds, relations=relations, things=things, base=base)


def _value(term: "ox.Term") -> str:
    return str(getattr(term, "value", term))


def _local(term: "ox.Term") -> str:
    return _value(term).rpartition("#")[2]


def _list(node: object, objects: Mapping[tuple[object, str], list["ox.Term"]]) -> Iterable[str]:
    while (node, _RDF + "first") in objects:
        yield _local(objects[node, _RDF + "first"][0])
        node = objects[node, _RDF + "rest"][0]
