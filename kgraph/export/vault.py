"""The graph as a folder of Markdown notes for people who read: one for each paper and thing, linked; a vault for Obsidian.

A note is named as its node is, as far as file systems have the characters; names that differ in case alone, or in what files
cannot have, get digits of their ids behind them.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from kgraph.export.measures import Measures, measures
from kgraph.export.text import line, scalar
from kgraph.knowledge import Knowledge
from kgraph.model import Entity, Evidence, Graph, Link, Paper, Result
from kgraph.ontology import PAPER, Ontology, digest

_LONGEST = 120
_NO_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|#^\[\]%`]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&~$=^#|]|%(?=%)|^(?:[-+]|\d+(?=[.)])))")
_INDEX = "index"


def vault(graph: Graph, knowledge: Knowledge) -> Mapping[str, bytes]:
    """The notes by their paths in the folder, and an index of them."""
    notes = _Notes(graph, knowledge.ontology)
    found = {notes.path[paper.id]: notes.paper(paper) for paper in graph.papers}
    found |= {notes.path[entity.id]: notes.entity(entity) for entity in graph.entities}
    found[f"{_INDEX}.md"] = notes.index()
    return {path: "".join(f"{one}\n" for one in lines).encode("utf-8") for path, lines in found.items()}


class _Notes:
    """What each note says: its links by what they state, with the sentences."""

    def __init__(self, graph: Graph, ontology: Ontology) -> None:
        self._graph, self._ontology = graph, ontology
        nodes = [(paper.id, PAPER, paper.title) for paper in graph.papers]
        nodes += [(entity.id, entity.type, entity.name) for entity in graph.entities]
        self.path, self._name = _paths(nodes), {node: name for node, _, name in nodes}
        self._texts = {paper.id: paper.text for paper in graph.papers}
        self._measures = measures(graph)
        self._from: dict[str, list[Link]] = {}
        self._to: dict[str, list[Link]] = {}
        for link in graph.links:
            self._from.setdefault(link.head, []).append(link)
            self._to.setdefault(link.tail, []).append(link)
        self._results: dict[str, list[Result]] = {}
        for result in graph.results:
            for node in dict.fromkeys(filter(None, result[:3])):
                self._results.setdefault(node, []).append(result)

    def paper(self, paper: Paper) -> list[str]:
        """The note of a paper: what is known of it, its abstract, what it says."""
        known = {"authors": paper.authors, "date": paper.date, "identifiers": paper.identifiers, "venues": paper.venues}
        head = _front(paper.id, self._ontology, PAPER, {"aliases": [paper.title], **known}, self._measures[paper.id])
        listed = [f"{one.file}, line {one.line}" for one in paper.listings]
        return [
            *head,
            f"# {_text(paper.title)}",
            "",
            _text(paper.abstract),
            "",
            *self._statements(paper.id),
            *_list("Listed", listed),
        ]

    def entity(self, entity: Entity) -> list[str]:
        """The note of a thing: its names, what is said of it, its numbers."""
        also = sorted({*entity.aliases} - {entity.name})
        apart = [one for one in entity.apart if one in self.path]
        known = {"aliases": [entity.name, *also], "direction": entity.direction, "notes": entity.notes}
        head = _front(entity.id, self._ontology, entity.type, known, self._measures[entity.id])
        lines = [
            *head,
            f"# {_text(entity.name)}",
            "",
            f"{entity.type}" + (f", also {_text(', '.join(also))}" if also else ""),
            "",
        ]
        if apart:
            lines += ["Not the same as " + ", ".join(self._link(entity.id, one) for one in apart), ""]
        return [*lines, *self._statements(entity.id), *self._numbers(entity.id)]

    def index(self) -> list[str]:
        """The note that leads to all others."""
        lines = ["# Index", ""]
        kinds: dict[str, list[str]] = {}
        for node in self.path:
            kinds.setdefault(self.path[node].partition("/")[0], []).append(node)
        for kind, nodes in sorted(kinds.items()):
            ordered = sorted(nodes, key=lambda node: (self._name[node].casefold(), node))
            lines += [f"## {kind} ({len(nodes)})", "", *(f"- {self._link('', node)}" for node in ordered), ""]
        return lines

    def _statements(self, node: str) -> Iterator[str]:
        for links, is_head in ((self._from.get(node, ()), True), (self._to.get(node, ()), False)):
            groups: dict[str, list[Link]] = {}
            for link in links:
                groups.setdefault(link.relation, []).append(link)
            for relation, found in groups.items():
                known = self._ontology.relations.get(relation)
                label = known.label if known else relation
                yield f"## {label}" if is_head else f"## {label} this"
                yield ""
                for link in found:
                    yield f"- {self._link(node, link.tail if is_head else link.head)}"
                    for evidence in link.evidence:
                        yield f"  - {self._sentence(node, evidence)}"
                yield ""

    def _numbers(self, node: str) -> list[str]:
        rows = []
        for one in self._results.get(node, ()):
            ends = [(word, end) for word, end in zip(("", "on ", "by "), one[:3], strict=True) if end and end != node]
            about = ", ".join(f"{word}{self._link(node, end)}" for word, end in ends)
            rows.append(f"- **{_text(one.value)}** ({_text(one.kind)}) {about}: {self._sentence(node, one.evidence)}")
        return ["## Numbers", "", *rows, ""] if rows else []

    def _sentence(self, node: str, evidence: Evidence) -> str:
        said = _text(self._texts[evidence.paper][evidence.start : evidence.end])
        where = "" if evidence.paper == node else f", {self._link(node, evidence.paper)}"
        return f"“{said}”{where} ({_text(evidence.rule)}, {evidence.confidence:g})"

    def _link(self, node: str, to: str) -> str:
        path = self.path[to] if not node else f"../{self.path[to]}"
        return f"[{_text(self._name[to]) or '?'}]({quote(path)})"


def _front(node: str, ontology: Ontology, kind: str, known: Mapping[str, object], found: Measures) -> list[str]:
    """The properties of a note as YAML, each value written as JSON, which YAML reads."""
    values = {"id": node, "iri": ontology.iri(node), "type": kind, **known, **found._asdict(), "tags": [f"kgraph/{kind}"]}
    rows = [f"{name}: {_yaml(value)}" for name, value in values.items() if value not in ("", (), [])]
    return ["---", *rows, "---", ""]


def _yaml(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_yaml, value))}]"
    return json.dumps(line(value), ensure_ascii=False) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    """A text in one line that Markdown shows as it is."""
    return _MARKDOWN.sub(_escaped, line(text))


def _escaped(found: re.Match[str]) -> str:
    """A sign with a backslash before it, of a number that would begin a list behind it, before its point."""
    return f"{found[1]}\\" if found[1].isdigit() else f"\\{found[1]}"


def _list(title: str, items: Iterable[str]) -> list[str]:
    return [f"## {title}", "", *(f"- {_text(item)}" for item in items), ""]


def _paths(nodes: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Where the note of each node stands; no two in one place on any file system."""
    wanted = {node: (kind, *_file_name(name)) for node, kind, name in nodes}
    taken: dict[tuple[str, str], int] = {}
    for kind, stem, _ in wanted.values():
        key = (kind, unicodedata.normalize("NFKC", stem).casefold())
        taken[key] = taken.get(key, 0) + 1
    paths = {}
    for node, (kind, stem, is_exact) in wanted.items():
        is_alone = taken[kind, unicodedata.normalize("NFKC", stem).casefold()] == 1
        paths[node] = f"{kind}/{stem}.md" if is_alone and is_exact else f"{kind}/{stem} {digest(node)[:8]}.md"
    return paths


def _file_name(name: str) -> tuple[str, bool]:
    """A name as a file may have it, and whether it can stand alone."""
    plain = unicodedata.normalize("NFC", scalar(name).replace("\ufffd", " "))
    stem = " ".join(_NO_NAME.sub("-", " ".join(plain.split())).split()).strip(". -")
    cut = stem.encode("utf-8")[:_LONGEST].decode("utf-8", "ignore").rstrip(". ")
    return cut or "note", bool(cut) and cut == stem and not _RESERVED.match(cut) and len(plain) < 2 * _LONGEST
