"""What a node or a statement of a graph rests on: its sentences, and why its forms are one thing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from kgraph.errors import QueryError
from kgraph.knowledge import Knowledge
from kgraph.lexicon import normalise
from kgraph.marks import marks
from kgraph.ontology import BY_METRIC, HAS_RESULT, KEPT_APART, ON_BENCHMARK, text_of

if TYPE_CHECKING:
    import pyoxigraph as ox


_NUMBER = re.compile(r"\d+(?:\.\d*)?")


class Said(NamedTuple):
    """A sentence that says a statement: head, relation and tail by name, the paper's title, the rule and how sure it is.

    The confidence is 0 where the graph does not say.
    """

    head: str
    relation: str
    tail: str
    paper: str
    sentence: str
    rule: str
    confidence: float
    marks: tuple[tuple[int, int], ...]
    """Where forms of head and tail stand in the sentence."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A node's id, type, name, other forms with why they are it, the nodes kept apart from it, decisions, and sentences."""

    id: str
    type: str
    name: str
    forms: tuple[tuple[str, str], ...]
    apart: tuple[str, ...]
    notes: tuple[str, ...]
    said: tuple[Said, ...]


def explain_thing(store: "ox.Store", iri: str, knowledge: Knowledge) -> Explanation:
    """All that a graph says of a node, given by its IRI, and why it is one node."""
    graph = _View(store, knowledge)
    said = tuple(sorted({*graph.said(head=iri), *graph.said(tail=iri), *graph.saying(iri)}))
    return replace(explain_forms(store, iri, knowledge), said=said)


def explain_forms(store: "ox.Store", iri: str, knowledge: Knowledge) -> Explanation:
    """Why a node is one node, without what is said of it."""
    graph = _View(store, knowledge)
    name = graph.name(iri)
    cls = next((one for one in knowledge.ontology.kinds if knowledge.ontology.term(one) in graph.all(iri, "rdf:type")), "")
    forms, notes = sorted(set(graph.all(iri, "skos:altLabel")) - {name}), graph.all(iri, "skos:changeNote")
    things = knowledge.ontology.iri("")
    return Explanation(
        id=iri.removeprefix(things),
        type=cls,
        name=name,
        forms=tuple((form, _why(form, name, cls, notes, knowledge)) for form in forms),
        apart=tuple(sorted(one.removeprefix(things) for one in graph.all(iri, KEPT_APART))),
        notes=tuple(notes),
        said=(),
    )


def explain_statement(store: "ox.Store", head: str, relation: str, tail: str, knowledge: Knowledge) -> tuple[Said, ...]:
    """The sentences that say a statement, its ends given by their IRIs.

    Raises:
        QueryError: there is no such relation, or no sentence says it.
    """
    if relation not in knowledge.ontology.relations:
        raise QueryError(f"There is no relation {relation}; there are {', '.join(sorted(knowledge.ontology.relations))}.")
    graph = _View(store, knowledge)
    said = tuple(sorted(one for one in graph.said(head=head, tail=tail) if one.relation == relation))
    if not said:
        others = sorted({one.relation for one in graph.said(head=head, tail=tail)})
        hint = f"; it says {', '.join(others)}" if others else ""
        raise QueryError(f"The graph does not say {graph.name(head)} {relation} {graph.name(tail)}{hint}.")
    return said


def _why(form: str, name: str, cls: str, notes: Iterable[str], knowledge: Knowledge) -> str:
    """Why a form and a name are one thing, as far as the two and the decisions tell."""
    keys = {normalise(form), normalise(form.removesuffix("s"))}
    if normalise(name) in keys:
        return "the same but for case, hyphens or a plural s"
    row = knowledge.lexicon.by_name.get((cls, name))
    if row and keys & set(map(normalise, row.forms)):
        return f"another form that the lexicon knows ({row.source})"
    short, long = sorted((form, name), key=len)
    letters = iter(long.lower())
    if " " not in short and short[:1].lower() == long[:1].lower() and all(c in letters for c in short.lower() if c.isalnum()):
        return "short or long form, as a paper has it"
    return "by a decision below" if any(note.startswith("merge") for note in notes) else "written so in a paper"


class _View:
    """What a store says, asked by nodes."""

    def __init__(self, store: "ox.Store", knowledge: Knowledge) -> None:
        self._store, self._term = store, knowledge.ontology.term

    def all(self, subject: str, predicate: str) -> list[str]:
        import pyoxigraph as ox

        quads = self._store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(self._term(predicate)), None)
        return sorted(text_of(quad.object) for quad in quads)

    def first(self, subject: str, predicate: str) -> str:
        return next(iter(self.all(subject, predicate)), "")

    def name(self, node: str) -> str:
        """What a node is called: by its label, or by what it is of."""
        if label := self.first(node, "skos:prefLabel") or self.first(node, "rdfs:label"):
            return label
        if value := self.first(node, "value"):
            subject = self._subject(HAS_RESULT, node)
            others = (self.name(self.first(node, part)) for part in (ON_BENCHMARK, BY_METRIC) if self.first(node, part))
            return " – ".join(filter(None, (subject and self.name(subject), *others, value)))
        if relation := self.first(node, "rdf:predicate"):
            ends = [self.name(end) for part in ("rdf:subject", "rdf:object") for end in self.all(node, part)[:1]]
            return f" {relation.rpartition('#')[2]} ".join(ends)
        return " ".join(filter(None, (self.first(node, "file"), self.first(node, "line")))) or node

    def saying(self, evidence: str) -> Iterator[Said]:
        """What evidence says; nothing of what is none."""
        ends = [self.first(evidence, "rdf:subject"), self.first(evidence, "rdf:object")]
        if not all(ends):
            return
        sentence, confidence = self.first(evidence, "oa:exact"), self.first(evidence, "confidence")
        forms = {form for end in ends for form in (*self.all(end, "skos:prefLabel"), *self.all(end, "skos:altLabel"))}
        yield Said(
            head=self.name(ends[0]),
            relation=self.first(evidence, "rdf:predicate").rpartition("#")[2],
            tail=self.first(ends[1], "value") or self.name(ends[1]),
            paper=self.first(self.first(evidence, "prov:wasDerivedFrom"), "dcterms:title"),
            sentence=sentence,
            rule=self.first(evidence, "rule"),
            confidence=float(confidence) if _NUMBER.fullmatch(confidence) else 0.0,
            marks=tuple(marks(sentence, forms)),
        )

    def said(self, head: str = "", tail: str = "") -> Iterator[Said]:
        """The evidence of statements with this head and tail, "" for any."""
        import pyoxigraph as ox

        predicate, node = ("rdf:subject", head) if head else ("rdf:object", tail)
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(self._term(predicate)), ox.NamedNode(node)):
            evidence = text_of(quad.subject)
            if not tail or self.first(evidence, "rdf:object") == tail:
                yield from self.saying(evidence)

    def _subject(self, predicate: str, node: str) -> str:
        import pyoxigraph as ox

        quads = self._store.quads_for_pattern(None, ox.NamedNode(self._term(predicate)), ox.NamedNode(node))
        return min((text_of(quad.subject) for quad in quads), default="")
