"""The pages for people, rendered on the server: escaped throughout, and nothing in them needs a script."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

from kgraph.errors import DataError, QueryError
from kgraph.export.html import block
from kgraph.ontology import text_of
from kgraph.query import ENTITY, answer, asks_about, named_queries, unknown_terms
from kgraph.query.answers import Answer, terms
from kgraph.query.running import Asked, shortened
from kgraph.review.explain import explain_forms
from kgraph.serve.drawing import drawn
from kgraph.serve.near import near
from kgraph.serve.protocol import refusal
from kgraph.serve.things import Statement, facts, search, statements

if TYPE_CHECKING:
    import jinja2

    from kgraph.serve.site import Site

_SHOWN = 100
"""Rows or hits that a page shows; the rest is in the file."""
_ENDS = "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
_UNFIT = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_ENDS}]")
"""Control characters, halves of pairs, and what is no character."""
_EXAMPLE = """SELECT ?title ?name WHERE {
  ?paper kg:introduces ?thing ; dcterms:title ?title .
  ?thing skos:prefLabel ?name .
} ORDER BY ?title LIMIT 20"""


@lru_cache
def _environment() -> "jinja2.Environment":
    import jinja2

    shared = jinja2.PrefixLoader({"html": jinja2.PackageLoader("kgraph.export.html", ".")})
    loader = jinja2.ChoiceLoader([jinja2.PackageLoader("kgraph.serve", "templates"), shared])
    return jinja2.Environment(
        finalize=_fit,
        loader=loader,
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def _fit(value: object) -> object:
    """A value of a template without what HTML cannot hold."""
    return type(value)(_UNFIT.sub("", value)) if isinstance(value, str) else value


def _render(template: str, **values: object) -> str:
    return _environment().get_template(template).render(**values)


@lru_cache
def own(name: str) -> str:
    """A file of our own that stands beside the templates."""
    return files("kgraph.serve").joinpath("templates", name).read_text(encoding="utf-8")


def problem(_: "Site", sentence: str) -> str:
    """A page that says what is wrong."""
    return _render("problem.html", title="Not here", sentence=sentence)


def home(site: "Site", _: Mapping[str, str]) -> tuple[int, str]:
    """What is in the graph, and where to begin."""
    things = {name.id: name for name in site.names}.values()
    counts = Counter(name.type for name in things)
    found = answer(site.store, Asked(named_queries(site.knowledge)["report-most-used"][1]), site.knowledge, site.rows)
    ids = {(name.type, name.name): name.id for name in things}
    used = [(ids.get((row[0].rpartition(":")[2], row[1]), ""), *row) for row in _texts(site, found)[:20]]
    kinds = [(cls, counts[cls]) for cls in site.knowledge.ontology.kinds if counts[cls]]
    return 200, _render("home.html", title="What is in it", kinds=kinds, used=used, tag=site.tag)


def searched(site: "Site", given: Mapping[str, str]) -> tuple[int, str]:
    """The papers and things that have some words in a name."""
    words, cls = given.get("q", ""), given.get("type", "")
    hits = search(site.names, words, cls)
    start = int(given["from"]) if re.fullmatch(r"[0-9]{1,9}", given.get("from", "")) else 0
    types = [one for one in site.knowledge.ontology.kinds if any(name.type == one for name in site.names)]
    values = {
        "words": words,
        "cls": cls,
        "hits": hits[start : start + _SHOWN],
        "start": start,
        "count": len(hits),
        "types": types,
    }
    return 200, _render("search.html", title="Search", **values)


def queries(site: "Site") -> str:
    """The saved queries."""
    rows = [(name, answers, asks_about(text)) for name, (answers, text) in named_queries(site.knowledge).items()]
    return _render("queries.html", title="Saved queries", rows=rows)


def thing(site: "Site", iri: str) -> str:
    """A node: its names, what is said of it sentence by sentence, and what else the graph holds of it."""
    found = explain_forms(site.store, iri, site.knowledge)
    plain = facts(site.store, iri, site.knowledge)
    said = _statements(site, iri, found.id)
    about = [(name, row) for name, (what, text) in named_queries(site.knowledge).items() if (row := what) and asks_about(text)]
    title = found.name or next((text for predicate, text, _ in plain if predicate == "kg:value"), "") or found.id
    address = title if title.startswith(("https://", "http://")) else ""
    groups = [(heading, list(group)) for heading, group in groupby(said, key=lambda one: one.heading)]
    drawing = drawn(found.id, title, said, {one.id: one.type for one in site.names}, site.knowledge)
    values = {"found": found, "facts": plain, "groups": groups, "about": about, "drawing": drawing}
    return _render("thing.html", title=title, address=address, iri=iri, **values)


def _statements(site: "Site", iri: str, node: str) -> list[Statement]:
    try:
        return statements(near(site.store, iri, site.knowledge), node, site.knowledge)
    except DataError:  # from a graph that is not ours
        return []


def ask(site: "Site", given: Mapping[str, str]) -> tuple[int, str]:
    """The page on which a query is written, and its answer or what is wrong with it."""
    text = given.get("query", "").replace("\r\n", "\n")
    status, shown = 200, _nothing()
    if text.strip():
        try:
            shown = {**shown, **_answer(site, Asked(text)), "warnings": list(unknown_terms(text, site.store, site.knowledge))}
        except QueryError as error:
            status, shown = refusal(error).status, {**shown, "error": error}
    saved = sorted(named_queries(site.knowledge).items(), key=lambda row: (row[0].startswith("check-"), row[0]))
    prefixes = site.knowledge.ontology.prefixes
    offered = [[name, f"{count:,}"] for name, count in site.terms.items()] + [
        [f"{name}:", space] for name, space in prefixes.items()
    ]
    values = {
        "text": text or _EXAMPLE,
        "asked": bool(text.strip()),
        "examples": [(name, answers, query) for name, (answers, query) in saved],
        "prefixes": sorted(prefixes.items()),
        "terms": list(site.terms.items()),
        "offered": offered,
        "block": block,
        "script": own("ask.js"),
    }
    return status, _render("ask.html", title="Ask", **values, **shown)


def answered(site: "Site", asked: Asked, name: str) -> str:
    """The answer to a saved query."""
    what, text = named_queries(site.knowledge)[name]
    shown = {**_nothing(), **_answer(site, asked)}
    entity = shortened(asked.entity, site.knowledge)
    return _render("saved.html", title=name, what=what, text=text, entity=entity, takes_entity=asks_about(text), **shown)


def _nothing() -> dict[str, object]:
    return {"error": None, "warnings": [], "columns": [], "rows": [], "count": 0, "milliseconds": 0.0, "kind": ""}


def _answer(site: "Site", asked: Asked) -> dict[str, object]:
    found = answer(site.store, asked, site.knowledge, site.rows)
    columns, _ = terms(found._replace(content=found.content[:0]) if found.kind == "triples" else found)
    rows = _links(site, found)
    keep = slice(int(bool(asked.entity) and columns[:1] == [ENTITY]), None)
    return {
        "columns": columns[keep],
        "rows": [row[keep] for row in rows[:_SHOWN]],
        "count": found.rows,
        "milliseconds": found.seconds * 1000,
        "kind": found.kind,
    }


def _links(site: "Site", found: Answer) -> list[list[tuple[str, str]]]:
    """Cells as text and the path of the page they lead to, "" for none."""
    import pyoxigraph as ox

    things, rows = site.knowledge.ontology.iri(""), []
    for row in terms(found)[1][:_SHOWN]:
        cells = []
        for cell in row:
            value = "" if cell is None else text_of(cell)
            is_node = isinstance(cell, ox.NamedNode)
            path = f"/id/{value.removeprefix(things)}" if is_node and value.startswith(things) else ""
            cells.append((shortened(value, site.knowledge) if is_node else value, path))
        rows.append(cells)
    return rows


def _texts(site: "Site", found: Answer) -> list[list[str]]:
    return [[text for text, _ in row] for row in _links(site, found)]
