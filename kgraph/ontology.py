"""What the graph may say: classes, relations and prefixes from `ontology/kgraph.ttl`, and the only maker of IRIs."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import quote

from kgraph.errors import OntologyError

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

PAPER, LISTING, EVIDENCE, RESULT = "Paper", "Listing", "Evidence", "Result"
"""The classes that records have of their own accord; the classes of all other things stand in data."""

PAPER_KIND = "paper"
"""The kind of papers, which get their ids before the ontology is read."""

APART = "~"
"""Stands in an id before what tells a node from others of its name; no slug contains it."""

MENTIONS, LISTED_IN, KEPT_APART = "mentions", "listedIn", "keptApartFrom"
VARIANT_OF, PART_OF, BASED_ON = "variantOf", "partOf", "basedOn"
HAS_RESULT, ON_BENCHMARK, BY_METRIC = "hasResult", "onBenchmark", "byMetric"
"""The relations that code makes without a pattern: the parent of all roles, a place in a document, a form of several things; of a
family; of a number."""

INTRODUCED = "introduced"
"""The role for which a cue must be stricter with names that were there before the paper."""


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

    @cached_property
    def term(self) -> Callable[[str], str]:
        """Gives the IRI of a name, each looked up once."""
        return lru_cache(maxsize=None)(self._term)

    def _term(self, name: str) -> str:
        """The IRI of a `prefix:name`, or of a class or relation of our own.

        Raises:
            OntologyError: the prefix is not declared.
        """
        prefix, _, local = name.rpartition(":")
        if (prefix or "kg") not in self.prefixes:
            raise OntologyError(f"There is no prefix {prefix}; there are {', '.join(self.prefixes)}.")
        return self.prefixes[prefix or "kg"] + local


@lru_cache(maxsize=1 << 16)
def slug(name: str) -> str:
    """Lower-case ASCII words joined by `-`, all else percent-encoded: an IRI segment from which the words can be read.

    >>> slug("Chain of Thought"), slug("ReST-MCTS*")
    ('chain-of-thought', 'rest-mcts%2A')
    """
    words = unicodedata.normalize("NFKC", name).casefold().split()
    segment = quote("-".join(words).encode("utf-8", "surrogatepass"), safe="")
    segment = segment.replace("_", "%5F").replace("~", "%7E")
    if not segment.strip("."):  # "." and ".." are paths, not names, and nothing is none
        return segment.replace(".", "%2E") or "%20"
    return segment


_ADDRESSES = {
    "acl": "https://aclanthology.org/{}/",
    "arxiv": "https://arxiv.org/abs/{}",
    "doi": "https://doi.org/{}",
    "openalex": "https://openalex.org/{}",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "s2": "https://www.semanticscholar.org/paper/{}",
}


def address_of(identifier: str) -> str:
    """The canonical IRI of a paper's identifier, whatever its version; "" of one that has none.

    >>> address_of("arxiv:2401.01234v2"), address_of("doi:10.1000/a<b")
    ('https://arxiv.org/abs/2401.01234', 'https://doi.org/10.1000/a%3Cb')
    """
    scheme, _, value = identifier.partition(":")
    if scheme == "arxiv":
        value = re.sub(r"(?<=\d)v\d+$", "", value)
    return _ADDRESSES.get(scheme, "").format(quote(value.encode("utf-8", "backslashreplace"), safe="/:;().,-_"))


def digest(*parts: object) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the parts, for ids made from content."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def load_ontology(path: Path, base: str = BASE) -> Ontology:
    """Read classes and relations from the Turtle file of the ontology.

    Raises:
        OntologyError: the file is no Turtle.
    """
    terms = _Terms(path)
    things = tuple(term for term in terms.own if terms.thing in terms.all(term, _RDFS + "subClassOf"))
    kinds = {term: kind for term in terms.own if (kind := terms.first(term, _TERMS + "kind"))}
    relations = {
        term: Relation(
            name=term,
            label=terms.first(term, _RDFS + "label"),
            domain=terms.classes(term, _RDFS + "domain", things),
            range=terms.classes(term, _RDFS + "range", things),
            role=terms.first(term, _TERMS + "role"),
        )
        for term in terms.own
        if _OWL + "ObjectProperty" in terms.all(term, _RDF + "type")
    }
    return Ontology(kinds=kinds, relations=relations, things=things, base=base)


def text_of(term: object) -> str:
    """The text of an RDF term: an IRI or a literal's value as it is, a blank node as its label, which no IRI equals."""
    return str(getattr(term, "value", term))


class _Terms:
    """The terms of our own in an ontology file by local name, and what the file says of each."""

    thing = _TERMS + "Thing"

    def __init__(self, path: Path) -> None:
        import pyoxigraph as ox

        self._objects: dict[tuple[str, str], list[str]] = {}
        try:
            for triple in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                key = (text_of(triple.subject), triple.predicate.value)
                self._objects.setdefault(key, []).append(text_of(triple.object))
        except SyntaxError as error:
            raise OntologyError(f"{path} is no Turtle: {error}.") from error
        subjects = {subject for subject, _ in self._objects}
        self.own = sorted(subject.removeprefix(_TERMS) for subject in subjects if subject.startswith(_TERMS))

    def all(self, term: str, predicate: str) -> list[str]:
        """The values of a predicate of a term of our own."""
        return self._objects.get((_TERMS + term, predicate), [])

    def first(self, term: str, predicate: str) -> str:
        """The first of these values, "" if there is none."""
        return next(iter(self.all(term, predicate)), "")

    def classes(self, term: str, predicate: str, things: tuple[str, ...]) -> frozenset[str]:
        """The classes that a domain or range admits: one, the members of a union, or all things."""
        found: set[str] = set()
        for node in self.all(term, predicate):
            union = self._objects.get((node, _OWL + "unionOf"))
            found.update(things if node == self.thing else self._list(union[0]) if union else [_local(node)])
        return frozenset(found)

    def _list(self, node: str) -> Iterator[str]:
        while (node, _RDF + "first") in self._objects:
            yield _local(self._objects[node, _RDF + "first"][0])
            node = self._objects[node, _RDF + "rest"][0]


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]
