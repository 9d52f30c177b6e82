"""All that a graph says of one paper or thing, as sections of lines, each with its sentences."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kgraph.answers.numbers import plain
from kgraph.answers.opening import View
from kgraph.marks import marks
from kgraph.model import Entity, Evidence, Link, Paper, Result
from kgraph.ontology import INTRODUCED, PAPER


class Sentence(NamedTuple):
    """A sentence, the title of its paper, the rule that read it and how sure that is, and where the words stand in it."""

    text: str
    paper: str
    rule: str
    confidence: float
    marks: tuple[tuple[int, int], ...]


class Line(NamedTuple):
    """What is said: the other node's id and name, what more there is to say of it, and the sentences that say so."""

    id: str
    name: str
    note: str
    sentences: tuple[Sentence, ...]


class Section(NamedTuple):
    """A heading and its lines."""

    heading: str
    lines: tuple[Line, ...]


class Shown(NamedTuple):
    """A node: what it is, plain facts of it, and what is said of it."""

    id: str
    iri: str
    type: str
    name: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def show(view: View, node: str) -> Shown:
    """All that a graph says of a paper or a thing, given by its id."""
    found = view.nodes[node]
    is_paper = isinstance(found, Paper)
    facts = _of_paper(found) if isinstance(found, Paper) else _of_thing(view, found)
    sections = [*_related(view, node), Section("numbers claimed", tuple(_results(view, node)))]
    if not is_paper:
        sections.append(Section("code", tuple(_code(view, node))))
    return Shown(
        id=node,
        iri=view.knowledge.ontology.iri(node),
        type=found.type if isinstance(found, Entity) else PAPER,
        name=view.name(node),
        facts=tuple((label, text) for label, text in facts if text),
        sections=tuple(section for section in sections if section.lines),
    )


def _of_paper(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "by", ", ".join(paper.authors)
    yield "date", paper.date
    yield "in", ", ".join(paper.venues)
    yield "known as", ", ".join(paper.identifiers)
    yield "categories", ", ".join(paper.categories)
    yield "keywords", ", ".join(paper.keywords)
    yield "listed", ", ".join(f"{one.file}:{one.line}" + (f" ({one.date})" if one.date else "") for one in paper.listings)


def _of_thing(view: View, entity: Entity) -> Iterator[tuple[str, str]]:
    yield "also", ", ".join(alias for alias in entity.aliases if alias != entity.name)
    yield (
        "family",
        " › ".join(map(view.name, reversed([entity.id, *view.above(entity.id)]))) if any(view.above(entity.id)) else "",
    )
    yield "better", entity.direction
    yield "not the same as", ", ".join(entity.apart)
    for note in entity.notes:
        yield "decided", note
    papers = view.named_by.get(entity.id, frozenset())
    members = frozenset[str]().union(*(view.named_by.get(one, ()) for one in view.below(entity.id)))
    whole = f", {_papers(len(papers | members))} with its family" if members - papers else ""
    yield "named by", _papers(len(papers)) + whole


def _papers(count: int) -> str:
    return f"{count} paper{'' if count == 1 else 's'}"


def _related(view: View, node: str) -> Iterator[Section]:
    """The statements of a node by the sections that the ontology's files name."""
    for row in view.settings["sections"]:
        relation, is_head = row["relation"], row["side"] == "head"
        near = [(link, node) for link in (view.outgoing if is_head else view.incoming).get(node, ())]
        for member in view.below(node) if row.get("family") else ():
            near += [(link, member) for link in view.incoming.get(member, ())]
        found: dict[str, list[tuple[Link, str]]] = {}
        for link, end in near:
            if link.relation == relation:
                found.setdefault(link.tail if is_head else link.head, []).append((link, end))
        lines = (_line(view, other, links, node) for other, links in found.items())
        yield Section(row["heading"], tuple(sorted(lines, key=lambda line: (-_surest(line), line.name.casefold(), line.id))))


def _surest(line: Line) -> float:
    return max(sentence.confidence for sentence in line.sentences)


def _line(view: View, other: str, links: Iterable[tuple[Link, str]], node: str) -> Line:
    links = list(links)
    through = sorted({view.name(end) for _, end in links if end != node}) if all(end != node for _, end in links) else []
    found, count = view.nodes[other], len(view.named_by.get(other, ()))
    of_thing = f"{found.type}, {_papers(count)}" if isinstance(found, Entity) else ""
    ends = {other, *(end for _, end in links)}
    sentences = {_sentence(view, one, ends) for link, _ in links for one in link.evidence}
    note = f"as {', '.join(through)}" if through else of_thing
    return Line(other, view.name(other), note, tuple(sorted(sentences, key=lambda one: (-one.confidence, one))))


def _sentence(view: View, evidence: Evidence, ends: Iterable[str]) -> Sentence:
    paper = view.papers[evidence.paper]
    text = paper.text[evidence.start : evidence.end]
    forms = {form for end in ends if end in view.things for form in (view.things[end].name, *view.things[end].aliases)}
    return Sentence(text, paper.title, evidence.rule, evidence.confidence, tuple(marks(text, forms)))


def _results(view: View, node: str) -> Iterator[Line]:
    """The numbers stated of a thing, on it, by it, or in a paper."""
    for result in view.graph.results:
        if node in (*result[:3], result.evidence.paper):
            said = _sentence(view, result.evidence, {node, result.subject, result.benchmark, result.metric} & set(view.things))
            yield Line(result.subject, _stated(view, result, node), f"{result.kind}, claimed in the abstract", (said,))


def _stated(view: View, result: Result, node: str) -> str:
    """A number in words: `GPT-4: 35.6% win rate on WebShop`, without the node that is looked at."""
    words = plain(result.value)
    if result.metric and result.metric != node:
        words += f" {view.name(result.metric)}"
    if result.benchmark and result.benchmark != node:
        words += f" on {view.name(result.benchmark)}"
    return words if result.subject == node else f"{view.name(result.subject)}: {words}"


def _code(view: View, thing: str) -> Iterator[Line]:
    """The addresses that the papers which introduce a thing give as their own."""
    relations = view.knowledge.ontology.relations
    introducing = [link.head for link in view.incoming.get(thing, ()) if relations[link.relation].role == INTRODUCED]
    for paper in sorted(set(introducing) & set(view.papers)):
        for link in view.outgoing.get(paper, ()):
            tail = view.things.get(link.tail)
            if tail and tail.type in relations[link.relation].range and _is_own_address(view, link):
                said = tuple(sorted({_sentence(view, one, {link.tail}) for one in link.evidence}))
                yield Line(link.tail, tail.name, f"of “{view.name(paper)}”", said)


def _is_own_address(view: View, link: Link) -> bool:
    """Whether a relation introduces things of one class alone: an address of the paper's own."""
    relation = view.knowledge.ontology.relations[link.relation]
    return relation.role == INTRODUCED and len(relation.range) == 1
