"""The graph of a file with what answers need of it at hand, and the node that someone means."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.errors import QueryError
from kgraph.knowledge import Knowledge
from kgraph.lexicon import normalise
from kgraph.model import Entity, Graph, Link, Paper
from kgraph.ontology import VARIANT_OF
from kgraph.query import find_entity, load_store
from kgraph.reload import reload

if TYPE_CHECKING:
    import pyoxigraph as ox

_LIKELY = 75
"""How alike a name must be to what was asked for, of 100, to be proposed."""


@dataclass(frozen=True)
class View:
    """A graph, looked at by nodes."""

    graph: Graph
    knowledge: Knowledge

    @cached_property
    def nodes(self) -> Mapping[str, Paper | Entity]:
        """Papers and things by id."""
        return {**self.papers, **self.things}

    @cached_property
    def papers(self) -> Mapping[str, Paper]:
        """Papers by id."""
        return {paper.id: paper for paper in self.graph.papers}

    @cached_property
    def things(self) -> Mapping[str, Entity]:
        """Things by id."""
        return {entity.id: entity for entity in self.graph.entities}

    @cached_property
    def outgoing(self) -> Mapping[str, list[Link]]:
        """Statements by their head."""
        return _by(attrgetter("head"), self.graph.links)

    @cached_property
    def incoming(self) -> Mapping[str, list[Link]]:
        """Statements by their tail."""
        return _by(attrgetter("tail"), self.graph.links)

    @cached_property
    def named_by(self) -> Mapping[str, frozenset[str]]:
        """The papers that name a thing in any role."""
        found: dict[str, set[str]] = {}
        for link in self.graph.links:
            if link.head in self.papers:
                found.setdefault(link.tail, set()).add(link.head)
        return {thing: frozenset(papers) for thing, papers in found.items()}

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """What the ontology's files say of how answers are given."""
        return tomllib.loads((self.knowledge.folder / "answers.toml").read_text(encoding="utf-8"))

    def name(self, node: str) -> str:
        """The title of a paper, the name of a thing."""
        found = self.nodes[node]
        return found.title if isinstance(found, Paper) else found.name

    def above(self, thing: str) -> Iterator[str]:
        """The families that a thing is of, the nearest first."""
        yield from _closure(thing, lambda one: [link.tail for link in self.outgoing.get(one, ()) if link.relation == VARIANT_OF])

    def below(self, thing: str) -> Iterator[str]:
        """The members of a family, however far down."""
        yield from _closure(thing, lambda one: [link.head for link in self.incoming.get(one, ()) if link.relation == VARIANT_OF])


def _by(end: Callable[[Link], str], links: Iterable[Link]) -> Mapping[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    for link in links:
        found.setdefault(end(link), []).append(link)
    return found


def _closure(first: str, following: Any) -> Iterator[str]:
    seen, waiting = {first}, [first]
    while waiting:
        for one in following(waiting.pop(0)):
            if one not in seen:
                seen.add(one)
                waiting.append(one)
                yield one


def open_view(path: Path, knowledge: Knowledge) -> "tuple[View, ox.Store]":
    """The graph of a file, and the store that it was read from.

    Raises:
        DataError: the file is no graph of ours.
    """
    store = load_store(path)
    return View(reload(store, knowledge.ontology, path), knowledge), store


def find(view: View, store: "ox.Store", given: str) -> str:
    """The id of the paper or thing that is meant by a name, an alias, an id, an IRI, a title or a DOI.

    Raises:
        QueryError: no node is meant, with the names nearest to it, or several are.
    """
    ontology = view.knowledge.ontology
    try:
        found = find_entity(store, given, view.knowledge).removeprefix(ontology.iri(""))
    except QueryError as error:
        if not (near := near_names(view.graph, given)):
            raise
        raise QueryError(f"No thing and no paper is called “{given}”; near it are {', '.join(near)}.") from error
    if found not in view.nodes:
        raise QueryError(f"“{given}” is neither a paper nor a thing.")
    return found


def near_names(graph: Graph, given: str, most: int = 5) -> list[str]:
    """The names and titles that are most alike to what is asked for, as a typist errs; none if one is equal to it."""
    if normalise(given) in map(normalise, _forms(graph)):
        return []
    names = {entity.id: entity.name for entity in graph.entities} | {paper.id: paper.title for paper in graph.papers}
    return [names[node] for node in search(graph, given, most)]


def search(graph: Graph, given: str, most: int = 10) -> list[str]:
    """The ids of things and papers of which a name or title is most like what is given, the best first."""
    from rapidfuzz import process, utils

    forms = _forms(graph)
    found = process.extract(
        given, sorted(forms), scorer=_likeness, processor=utils.default_process, score_cutoff=_LIKELY, limit=10 * most
    )
    best = sorted(found, key=lambda one: (-one[1], abs(len(one[0]) - len(given)), one[0]))
    return list(dict.fromkeys(node for form, _, _ in best for node in forms[form]))[:most]


def _forms(graph: Graph) -> Mapping[str, list[str]]:
    """The nodes by each form of their names, and by title."""
    forms: dict[str, list[str]] = {}
    for entity in graph.entities:
        for form in {entity.name, *entity.aliases}:
            forms.setdefault(form, []).append(entity.id)
    for paper in graph.papers:
        forms.setdefault(paper.title, []).append(paper.id)
    return forms


def _likeness(asked: str, form: str, **_: object) -> float:
    """How alike two names are, of 100: letter by letter, or in the words that both have."""
    from rapidfuzz import fuzz

    return max(fuzz.ratio(asked, form), fuzz.token_set_ratio(asked, form) - 5)
