"""The graph as GraphML, valid against the schema: ids are NMTOKENs and unique, every value is a string or a number.

Names, colours and weights stand where Gephi (`label`, `r`, `g`, `b`, `weight`) and Cytoscape (`name`, `interaction`) look for
them. yEd draws only what stands in elements of its own, which the schema does not have, so for yEd there is a file of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import quoteattr

from kgraph.export.files import encoded
from kgraph.export.property_graph import Rows, channels, load_style
from kgraph.export.text import xml_attribute, xml_scalar, xml_text
from kgraph.knowledge import Knowledge
from kgraph.model import Graph, Link

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
    return encoded(_lines(Rows(graph, knowledge), {}, {}))


def yed_graphml(graph: Graph, knowledge: Knowledge) -> Iterator[bytes]:
    """The same with names, shapes, colours and places as yEd draws them."""
    from kgraph.export.layout import layout

    rows, style = Rows(graph, knowledge), load_style(knowledge)
    found = dict(rows.nodes())
    places = layout(list(found), sorted((link.head, link.tail) for link in graph.links))
    nodes = {node: _yed_node(data, style.of_class(data["type"]), places[node]) for node, data in found.items()}
    edges = {link.relation: _yed_edge(data, style.of_relation(link.relation)) for link, data in rows.edges()}
    return encoded(_lines(rows, nodes, edges))


def _lines(rows: Rows, drawn: Mapping[str, str], drawn_as: Mapping[str, str]) -> Iterator[str]:
    """The file; `drawn` holds what yEd draws for each node and `drawn_as` for the edges of each relation, if it is for yEd."""
    yield _HEAD.format(*(_YED if drawn else _STANDARD))
    for domain, found in (("node", _nodes(rows)), ("edge", _edges(rows))):
        for name, kind in _declared(data for _, data in found):
            yield f'<key id="{domain}_{name}" for="{domain}" attr.name={quoteattr(name)} attr.type="{_TYPES[kind]}"/>\n'
    yield _YED_KEYS if drawn else ""
    yield '<graph id="kgraph" edgedefault="directed">\n'
    for node, data in _nodes(rows):
        yield f"<node id={quoteattr(_id(node))}>{_data('node', data)}{drawn.get(node, '')}</node>\n"
    for link, data in _edges(rows):
        source, target = _id(link.head), _id(link.tail)
        edge = quoteattr(f"{source}{_THEN}{link.relation}{_THEN}{target}")
        ids = f"id={edge} source={quoteattr(source)} target={quoteattr(target)}"
        yield f"<edge {ids}>{_data('edge', data)}{drawn_as.get(link.relation, '')}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _nodes(rows: Rows) -> Iterator[tuple[str, dict[str, Any]]]:
    """The nodes with the attributes by which Gephi and Cytoscape draw."""
    for node, data in rows.nodes():
        red, green, blue = channels(data["colour"])
        yield node, {**data, "name": data["label"], "r": red, "g": green, "b": blue}


def _edges(rows: Rows) -> Iterator[tuple[Link, dict[str, Any]]]:
    for link, data in rows.edges():
        red, green, blue = channels(data["colour"])
        yield link, {**data, "interaction": link.relation, "r": red, "g": green, "b": blue}


def _declared(found: Iterable[Mapping[str, object]]) -> list[tuple[str, type]]:
    """The attributes that have a value anywhere, with its type; all rows have the same ones."""
    known: dict[str, type] = {}
    for data in found:
        known.update({name: type(value) for name, value in data.items() if value != "" and name not in known})
        if len(known) == len(data):
            break
    return sorted(known.items(), key=str)


def _data(domain: str, data: Mapping[str, object]) -> str:
    return "".join([f'<data key="{domain}_{name}">{xml_text(value)}</data>' for name, value in data.items() if value != ""])


@lru_cache(maxsize=1 << 14)
def _id(node: str) -> str:
    """A node's id as an NMTOKEN, one for one."""
    return node.translate(_ID)


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
