"""The records that pass between the rooms: frozen, sorted, plain.

A paper's text is its title, a blank line and its abstract. Every offset is a half-open range of code points into that
text, and `paper.text[m.start:m.end] == m.text` holds for every mention. What exists by the thousand is a named tuple, which is
made five times as fast as a frozen dataclass.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from functools import cached_property
from math import prod
from string import ascii_letters
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import rdflib


@dataclass(frozen=True, slots=True, order=True)
class Listing:
    """Where a paper is listed: file name, line in which its record begins (from 1), and the listing's date as it stands, if any.

    Records that begin in one line count on from it, so that no two of a file have one line.
    """

    file: str
    line: int
    date: str = ""


@dataclass(frozen=True, order=True)
class Paper:
    """One paper, however many listings name it. `id` is made from its content, e.g. `paper/some-title-1a2b3c4d`.

    `identifier` is the one that its id is made of, `identifiers` are all that are known (`arxiv:2401.01234`, with its version too
    where that is known, `doi:…`, `pmid:…`). Authors are in order, given name first; the date is ISO 8601, as precise as it is
    known; links are addresses of its code or project that a source states as such, not those that stand in its text.
    """

    id: str
    title: str
    abstract: str
    listings: tuple[Listing, ...] = ()
    identifier: str = ""
    identifiers: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    date: str = ""
    venues: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type["Paper"], tuple[object, ...]]:
        return Paper, tuple(getattr(self, one.name) for one in fields(self))  # without its text, which takes as much again

    @cached_property
    def text(self) -> str:
        """Title, blank line, abstract: the one text all offsets point into."""
        return f"{self.title}\n\n{self.abstract}"


class Evidence(NamedTuple):
    """The sentence (range into the paper's text) that says a thing, the rule that read it and how sure that rule is."""

    paper: str
    start: int
    end: int
    rule: str
    confidence: float


class Mention(NamedTuple):
    """A span that names a thing: its type, the thing's name as far as the paper tells, its role and its sentence.

    Confidence 0 marks a wider extent of another mention ("long-horizon web navigation" around "web navigation").
    `role` is what the sentence says of it and `cue` the rule that read so, both "" when the sentence says nothing; so is
    `type` before linking. `entity` is empty until linking.
    """

    start: int
    end: int
    text: str
    type: str
    name: str
    rule: str
    confidence: float
    sentence: tuple[int, int]
    role: str = ""
    cue: str = ""
    entity: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A thing: `id` such as `method/lora`, type, name, every surface form seen, long form and broader thing if known.

    `direction` is whether "higher" or "lower" is better, where that is known; `is_known` whether it is a row of the lexicon.
    In the graph, `apart` holds the ids of others of its type that share a form and yet are not it, `notes` the user's decisions.
    """

    id: str
    type: str
    name: str
    aliases: tuple[str, ...] = ()
    long_form: str = ""
    broader: str = ""
    direction: str = ""
    is_known: bool = False
    apart: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Claim(NamedTuple):
    """What one sentence says: head and tail are ids of a paper or an entity, relation a name from the ontology."""

    head: str
    relation: str
    tail: str
    evidence: Evidence


class Result(NamedTuple):
    """A number stated for a subject on a benchmark by a metric (ids, "" if not stated), as written ("61.7%")."""

    subject: str
    benchmark: str
    metric: str
    value: str
    kind: str
    evidence: Evidence

    @property
    def unit(self) -> str:
        """What the value ends with: "%", "x", "points" …, "" for a bare number.

        >>> [Result("", "", "", value, "", Evidence("", 0, 1, "", 1.0)).unit for value in ("61.7%", "+15 point", "0.93")]
        ['%', 'points', '']
        """
        unit = self.value[len(self.value.rstrip(ascii_letters + "%×")) :]
        return {"percent": "%", "×": "x", "point": "points"}.get(unit, unit)


class Reading(NamedTuple):
    """All that was read in one paper; entities and claims come by linking.

    `short_forms` are its (short, long) pairs; `turn` is the offset of the sentence in which the abstract first speaks of itself;
    `own` is the id of the entity that the paper is about ("" before relating, or if there is none).
    """

    paper: Paper
    mentions: tuple[Mention, ...] = ()
    short_forms: tuple[tuple[str, str], ...] = ()
    turn: int = 0
    own: str = ""
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A statement with all its evidence, never without one."""

    head: str
    relation: str
    tail: str
    evidence: tuple[Evidence, ...]

    @property
    def support(self) -> int:
        """Number of distinct papers that say it."""
        return len({evidence.paper for evidence in self.evidence}) if len(self.evidence) > 1 else len(self.evidence)

    @property
    def belief(self) -> float:
        """How sure it is that at least one paper says it: 1 less the doubts of each paper's surest sentence, multiplied.

        A paper counts once, however often it says a thing: its sentences are no independent witnesses.
        """
        if len(self.evidence) == 1:
            return 1 - (1 - self.evidence[0].confidence)
        surest: dict[str, float] = {}
        for evidence in self.evidence:
            surest[evidence.paper] = max(evidence.confidence, surest.get(evidence.paper, 0.0))
        return 1 - prod(1 - confidence for confidence in surest.values())


class Decision(NamedTuple):
    """One row: what to do with the node whose id is `subject`, such as `method/lora`, and why.

    `object` is for `merge` the id of the node that becomes one with it, for `split` the id of a paper that means something else
    by the name, for `never-merge` a spelling that is not the subject, or the id of a node that is not, for `retype` the new
    type, for `rename` the new name, and "" for `drop`.
    """

    action: str
    subject: str
    object: str
    reason: str

    @property
    def note(self) -> str:
        """The row in one line, for the history of what it touched."""
        return f"{' '.join(filter(None, (self.action, self.subject, self.object)))}: {self.reason}"


@dataclass(frozen=True)
class Graph:
    """The graph: frozen records, sorted, with the user's decisions that shaped it. NetworkX and RDF are its views.

    They are tuples, or stand on disk and are read each time they are gone through.
    """

    papers: Collection[Paper] = ()
    entities: tuple[Entity, ...] = ()
    links: Collection[Link] = ()
    results: Collection[Result] = ()
    decisions: tuple[Decision, ...] = ()

    @cached_property
    def text_of(self) -> Callable[[str], str]:
        """Gives a paper's text by its id."""
        on_disk: Callable[[str], str] | None = getattr(self.papers, "text_of", None)
        return on_disk or {paper.id: paper.text for paper in self.papers}.__getitem__

    def to_networkx(self) -> "nx.MultiDiGraph":
        """The graph as a NetworkX multigraph; see `kgraph.to_networkx`."""
        import kgraph  # the door, behind which the views are

        return kgraph.to_networkx(self)

    def to_rdf(self) -> "rdflib.Graph":
        """The graph as an rdflib graph; see `kgraph.to_rdf`."""
        import kgraph

        view: rdflib.Graph = kgraph.to_rdf(self)
        return view

    def to_pandas(self, table: str = "links") -> "pd.DataFrame":
        """A table of the graph as a data frame; see `kgraph.to_pandas`."""
        import kgraph

        return kgraph.to_pandas(self, table)
