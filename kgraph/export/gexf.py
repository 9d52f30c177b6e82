"""The graph as GEXF 1.3 for Gephi: colours, sizes and places to draw by, and, where papers have dates, a time line.

A paper is there from its date on, a thing from that of the first paper that names it, a statement from that of the first that
makes it; `papers_by_date` and `weight` grow with each paper. What has no date is there all the time.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from kgraph.export.layout import layout
from kgraph.export.property_graph import channels, property_graph
from kgraph.export.style import load_style
from kgraph.export.text import xml_attribute
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

if TYPE_CHECKING:
    import networkx as nx

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">
<meta><creator>kgraph</creator><description>{}</description></meta>
<graph defaultedgetype="directed" {}>
"""
_STATIC, _DYNAMIC = 'mode="static"', 'mode="dynamic" timeformat="date" timerepresentation="interval"'
_DESCRIPTION = "Papers, things and what the papers say of them"
_TYPES = {str: "string", int: "integer", float: "double"}
_SHAPES = {"dot": "disc"}
_APART = {"label", "weight", "colour"}
"""Attributes that have a place of their own in GEXF."""
_GROWING = {"node": "papers_by_date", "edge": "weight"}
Dates = Mapping[Any, Sequence[str]]
"""The dates of the papers that name a node, or that make a statement, one a paper, sorted."""


def gexf(graph: Graph, knowledge: Knowledge) -> bytes:
    """The graph as GEXF; characters that XML cannot hold become U+FFFD."""
    view = property_graph(graph, knowledge)
    dates = _dates(graph) if any(paper.date for paper in graph.papers) else {}
    style = load_style(knowledge)
    shapes = {node: style.classes[data["type"]]["shape"] for node, data in view.nodes(data=True)}
    lines = {relation: style.relations[relation]["line"] for _, _, relation in view.edges(keys=True)}
    return "".join(_lines(view, dates, shapes, lines)).encode("utf-8")


def _dates(graph: Graph) -> Dates:
    issued = {paper.id: _day(paper.date) for paper in graph.papers}
    found: dict[Any, set[str]] = {paper.id: {paper.id} for paper in graph.papers}
    for link in graph.links:
        papers = {evidence.paper for evidence in link.evidence}
        found[link.head, link.tail, link.relation] = papers
        for end in (link.head, link.tail):
            if end not in issued:
                found.setdefault(end, set()).update(papers)
    return {key: sorted(issued[paper] for paper in papers) for key, papers in found.items()}


def _day(issued: str) -> str:
    """The first day of a date that may be a year or a month; "" of none."""
    return issued + "-01" * (2 - issued.count("-")) if issued else ""


def _lines(view: "nx.MultiDiGraph", dates: Dates, shapes: Mapping[str, str], lines: Mapping[str, str]) -> Iterator[str]:
    yield _HEAD.format(_DESCRIPTION, _DYNAMIC if dates else _STATIC)
    yield from _attributes("node", [data for _, data in view.nodes(data=True)], bool(dates))
    yield from _attributes("edge", [data for _, _, data in view.edges(data=True)], bool(dates))
    edges = sorted(view.edges(keys=True, data=True), key=lambda edge: edge[:3])
    places = layout(sorted(view.nodes), [(head, tail) for head, tail, *_ in edges])
    yield "<nodes>\n"
    for node, data in sorted(view.nodes(data=True)):
        (x, y), own = places[node], dates.get(node, ())
        yield f"<node id={xml_attribute(node)} label={xml_attribute(data['label'])}{_from(own)}>{_values('node', data, own)}"
        yield f'{_colour(data)}<viz:position x="{x}.0" y="{-y}.0" z="0.0"/><viz:size value="{4 + data["degree"] ** 0.5:.2f}"/>'
        yield f'<viz:shape value="{_SHAPES.get(shapes[node], shapes[node])}"/></node>\n'
    yield "</nodes>\n<edges>\n"
    for head, tail, relation, data in edges:
        ids = " ".join(
            f"{name}={xml_attribute(value)}"
            for name, value in (("id", f"{head} {relation} {tail}"), ("source", head), ("target", tail), ("kind", relation))
        )
        own = dates.get((head, tail, relation), ())
        yield f'<edge {ids} label={xml_attribute(data["label"])} weight="{data["weight"]}"{_from(own)}>'
        yield f'{_values("edge", data, own)}{_colour(data)}<viz:shape value="{lines[relation]}"/></edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _attributes(cls: str, rows: Sequence[Mapping[str, object]], is_dynamic: bool) -> Iterator[str]:
    types = {name: _TYPES[type(value)] for row in rows for name, value in row.items() if name not in _APART}
    growing = _GROWING[cls] if is_dynamic else ""
    if growing and rows:
        attribute = f'<attribute id="{growing}" title="{growing}" type="integer"/>'
        yield f'<attributes class="{cls}" mode="dynamic">{attribute}</attributes>\n'
        types.pop(growing, None)
    yield f'<attributes class="{cls}" mode="static">'
    yield "".join(f'<attribute id="{name}" title="{name}" type="{kind}"/>' for name, kind in types.items())
    yield "</attributes>\n"


def _values(cls: str, data: Mapping[str, object], dates: Sequence[str]) -> str:
    """The attributes of a node or an edge, the growing one once for each date from which it holds."""
    growing = _GROWING[cls] if dates else ""
    found = [
        f'<attvalue for="{name}" value={xml_attribute(value)}/>'
        for name, value in data.items()
        if name not in _APART and name != growing
    ]
    if growing:
        counts = sorted(Counter(dates).items())
        ends = [(date.fromisoformat(start) - timedelta(days=1)).isoformat() for start, _ in counts[1:]]
        for place, ((start, _), total) in enumerate(zip(counts, accumulate(count for _, count in counts), strict=True)):
            since = f' start="{start}"' if start else ""
            until = f' end="{ends[place]}"' if place < len(ends) else ""
            found.append(f'<attvalue for="{growing}" value="{total}"{since}{until}/>')
    return f"<attvalues>{''.join(found)}</attvalues>"


def _from(dates: Sequence[str]) -> str:
    """From when on a node or an edge is there: always, if a paper of it has no date."""
    return f' start="{dates[0]}"' if dates and dates[0] else ""


def _colour(data: Mapping[str, str]) -> str:
    red, green, blue = channels(data["colour"])
    return f'<viz:color r="{red}" g="{green}" b="{blue}"/>'
