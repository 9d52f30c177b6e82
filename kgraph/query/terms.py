"""The terms that a graph and its ontology have, and those of a query that they lack."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.knowledge import Knowledge
from kgraph.ontology import text_of
from kgraph.query.running import shortened
from kgraph.query.tokens import tokens

if TYPE_CHECKING:
    import pyoxigraph as ox

_LIKE = 60.0
"""How alike, of 100, a term must be to be meant."""


@lru_cache
def declared_terms(folder: Path) -> frozenset[str]:
    """The local names of all terms that the ontology of a folder declares in its own namespace."""
    import pyoxigraph as ox

    subjects = {text_of(triple.subject) for triple in ox.parse(path=str(folder / "kgraph.ttl"))}
    return frozenset(subject.rpartition("#")[2] for subject in subjects if "/kgraph/ontology#" in subject)


def used_terms(store: "ox.Store", knowledge: Knowledge) -> Mapping[str, int]:
    """The predicates and classes of a graph as `prefix:name` with how often each is used, those without a prefix left out."""
    import pyoxigraph as ox

    kind, counts = ox.NamedNode(knowledge.ontology.term("rdf:type")), Counter[str]()
    for quad in store:
        counts[quad.predicate.value] += 1
        if quad.predicate == kind and isinstance(quad.object, ox.NamedNode):
            counts[quad.object.value] += 1
    named = {shortened(iri, knowledge): count for iri, count in sorted(counts.items())}
    return {name: count for name, count in named.items() if "://" not in name}


def unknown_terms(text: str, store: "ox.Store", knowledge: Knowledge) -> Iterator[str]:
    """A sentence for each term or thing of a query that does not exist, with those that are near it.

    A foreign vocabulary may have terms that the graph does not use: of these only what is near a used one is named.
    """
    things, known = knowledge.ontology.iri(""), declared_terms(knowledge.folder)
    for iri in _iris(text, knowledge):
        name = shortened(iri, knowledge)
        prefix, _, local = name.partition(":")
        if name == iri or (prefix == "kg" and local in known) or _is_used(store, iri):
            continue
        if iri.startswith(things):
            kind, _, rest = name.partition("/")
            yield f"The graph has no {name}{_hint(f'{kind}/', rest, _ids(store, kind, knowledge))}."
        elif prefix == "kg":
            yield f"The ontology has no {name}{_hint('kg:', local, known)}."
        elif hint := _hint(f"{prefix}:", local, _locals(store, prefix, knowledge)):
            yield f"The graph has no {name}{hint}."


def _iris(text: str, knowledge: Knowledge) -> Iterator[str]:
    """The IRIs of a query, each once, however they are written."""
    words, seen = tokens(text), set()
    prefixes = dict(knowledge.ontology.prefixes)
    for before, one in pairwise((None, *words)):
        if one is None or (one.kind == "iri" and before and (before.text.endswith(":") or before.text.upper() == "BASE")):
            if one and before and before.text.endswith(":"):
                prefixes[before.text[:-1]] = one.text[1:-1]
            continue
        prefix, _, local = one.text.partition(":")
        iri = one.text[1:-1] if one.kind == "iri" else prefixes.get(prefix, "") + local if one.kind == "name" and local else ""
        if iri and iri not in seen:
            seen.add(iri)
            yield iri


def _is_used(store: "ox.Store", iri: str) -> bool:
    import pyoxigraph as ox

    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return True  # the parser speaks of it
    return any(
        next(store.quads_for_pattern(*place), None) for place in ((node, None, None), (None, node, None), (None, None, node))
    )


def _ids(store: "ox.Store", kind: str, knowledge: Knowledge) -> list[str]:
    import pyoxigraph as ox

    label, start = ox.NamedNode(knowledge.ontology.term("rdfs:label")), knowledge.ontology.iri(f"{kind}/")
    found = {text_of(quad.subject) for quad in store.quads_for_pattern(None, label, None)}
    return [iri.removeprefix(start) for iri in found if iri.startswith(start)]


def _locals(store: "ox.Store", prefix: str, knowledge: Knowledge) -> list[str]:
    return [name.removeprefix(f"{prefix}:") for name in used_terms(store, knowledge) if name.startswith(f"{prefix}:")]


def _hint(start: str, name: str, known: Iterable[str]) -> str:
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extract

    near = [start + one for one, _, _ in extract(name, sorted(known), scorer=ratio, limit=3, score_cutoff=_LIKE)]
    return f"; near it are {', '.join(near)}" if near else ""
