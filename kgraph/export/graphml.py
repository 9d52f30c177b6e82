"""The graph as GraphML, valid against the schema: ids are NMTOKENs and unique, every value is a string or a number.

Names, colours and weights stand where Gephi (`label`, `r`, `g`, `b`, `weight`) and Cytoscape (`name`, `interaction`) look for
them. yEd draws only what stands in elements of its own, which the schema does not have, so for yEd there is a file of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from kgraph.export.files import encoded
from kgraph.export.known import Known
from kgraph.export.property_graph import Rows, channels
from kgraph.export.style import load_style
from kgraph.export.text import xml_attribute, xml_scalar, xml_text
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"{}
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://{}">
"""
_STANDARD = ("", "graphml.graphdrawing.org/xmlns/1.0/graphml.xsd")
_YED = (' xmlns:y="http://www.yworks.com/xml/graphml"', "www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd")
_YED_KEYS = """<key id="yed_node" for="node" yfiles.type="nodegraphics"/>
<key id="yed_edge" for="edge" yfiles.type="edgegraphics"/>
"""
_SHAPES = {
    "dot": "ellipse",
    "diamond": "diamond",
    "square": "rectangle",
    "triangle": "triangle",
    "star": "star5",
    "hexagon": "hexagon",
}
_LETTERS = 60
_TYPES = {str: "string", int: "int", float: "double"}
_ID = str.maketrans({"/": ":", "%": "_", "~": "__"})  # "%", and so "_", always stands before a hexadecimal digit
_THEN = "_."  # and so this stands in no id


def graphml(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The graph as GraphML; characters that XML cannot hold become U+FFFD."""
    yield from encoded(_lines(Rows(graph, knowledge), {}, {}))  # made when it is written, after what needs memory too


def yed_graphml(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The same with names, shapes, colours and places as yEd draws them."""
    from kgraph.export.layout import layout

    rows, style = Rows(graph, knowledge), load_style(knowledge)
    found = dict(rows.nodes())
    places = layout(list(found), sorted((link.head, link.tail) for link in graph.links))
    nodes = {node: _yed_node(data, style.classes[data["type"]], places[node]) for node, data in found.items()}
    edges = {link.relation: _yed_edge(data, style.relations[link.relation]) for link, data in rows.edges()}
    return encoded(_lines(rows, nodes, edges))


def _lines(rows: Rows, drawn: Mapping[str, str], drawn_as: Mapping[str, str]) -> Iterator[str]:
    """The file; `drawn` holds what yEd draws for each node and `drawn_as` for the edges of each relation, if it is for yEd."""
    yield _HEAD.format(*(_YED if drawn else _STANDARD))
    for domain, found in (("node", rows.nodes()), ("edge", rows.edges())):
        for name, kind in _declared(data | _look(domain, data) for _, data in found):
            yield f'<key id="{domain}_{name}" for="{domain}" attr.name={quoteattr(name)} attr.type="{_TYPES[kind]}"/>\n'
    yield _YED_KEYS if drawn else ""
    yield '<graph id="kgraph" edgedefault="directed">\n'
    cells, ids = _Cells("node"), Known(_id)
    for node, data in rows.nodes():
        yield f'<node id="{_id(node)}">{cells.of(data)}{cells.of(_look("node", data))}{drawn.get(node, "")}</node>\n'
    cells = _Cells("edge")
    looks: dict[str, str] = {}
    for link, data in rows.edges():
        source, target, relation = ids[link.head], ids[link.tail], link.relation
        look = looks.get(relation) or looks.setdefault(relation, cells.of(_look("edge", data)) + drawn_as.get(relation, ""))
        edge = f'id="{source}{_THEN}{relation}{_THEN}{target}" source="{source}" target="{target}"'
        yield f"<edge {edge}>{cells.of(data)}{look}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _look(domain: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes by which Gephi and Cytoscape draw."""
    red, green, blue = channels(data["colour"])
    name = {"name": data["label"]} if domain == "node" else {"interaction": data["relation"]}
    return {**name, "r": red, "g": green, "b": blue}


def _declared(found: Iterable[Mapping[str, object]]) -> list[tuple[str, type]]:
    """The attributes that have a value anywhere, with its type; all rows have the same ones."""
    known: dict[str, type] = {}
    for data in found:
        known.update({name: type(value) for name, value in data.items() if value != "" and name not in known})
        if len(known) == len(data):
            break
    return sorted(known.items(), key=str)


class _Cells:
    """Attributes as GraphML has them; the same value of one is written once."""

    def __init__(self, domain: str) -> None:
        self._of = Known[str, Known[Any, str]](lambda name: Known(partial(self._cell, f"{domain}_{name}")))

    def of(self, data: Mapping[str, Any]) -> str:
        """All that are not empty."""
        cells = self._of
        return "".join([cells[name][value] for name, value in data.items()])

    @staticmethod
    def _cell(key: str, value: object) -> str:
        return f'<data key="{key}">{xml_text(value)}</data>' if value != "" else ""


def _id(node: str) -> str:
    """A node's id as an NMTOKEN, one for one."""
    return escape(node.translate(_ID), {'"': "&quot;"})


def _yed_node(data: Mapping[str, object], look: Mapping[str, str], place: tuple[int, int]) -> str:
    name, size = xml_scalar(str(data["label"])), 20 + 4 * min(int(str(data["degree"])), 30) ** 0.5
    short = xml_text(name if len(name) <= _LETTERS else f"{name[:_LETTERS]}…")
    box = f'x="{place[0] * 4}" y="{place[1] * 4}" width="{size:.1f}" height="{size:.1f}"'
    return (
        f'<data key="yed_node"><y:ShapeNode><y:Geometry {box}/><y:Fill color={xml_attribute(look["colour"])}/>'
        f'<y:NodeLabel modelName="sides" modelPosition="s">{short}</y:NodeLabel>'
        f'<y:Shape type="{_SHAPES.get(look["shape"], "ellipse")}"/></y:ShapeNode></data>'
    )


def _yed_edge(data: Mapping[str, object], look: Mapping[str, str]) -> str:
    line = look["line"] if look["line"] in ("dashed", "dotted") else "line"
    return (
        f'<data key="yed_edge"><y:PolyLineEdge><y:LineStyle color={xml_attribute(look["colour"])} type="{line}" width="1.0"/>'
        f'<y:Arrows source="none" target="standard"/><y:EdgeLabel>{xml_text(data["label"])}</y:EdgeLabel></y:PolyLineEdge></data>'
    )
