"""The graph as GraphML, valid against the schema: ids are NMTOKENs and unique, every value is a string or a number."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from kgraph.export.characters import INSTEAD, NO_XML
from kgraph.graph import to_networkx
from kgraph.model import Graph
from kgraph.ontology import Ontology

if TYPE_CHECKING:
    import networkx as nx

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_TYPES = {str: "string", int: "int", float: "double"}
_ID = str.maketrans({"/": ":", "%": "_", "~": "__"})  # "%", and so "_", always stands before a hexadecimal digit
_THEN = "_."  # and so this stands in no id


def graphml(graph: Graph, ontology: Ontology) -> bytes:
    """The NetworkX view of the graph as GraphML; characters that XML cannot hold become U+FFFD."""
    return "".join(_lines(to_networkx(graph, ontology))).encode("utf-8")


def xml_text(value: object) -> str:
    """A value as XML text, characters that XML 1.0 cannot hold replaced by U+FFFD."""
    return escape(NO_XML.sub(INSTEAD, str(value)), {"\r": "&#13;"})


def _lines(view: "nx.MultiDiGraph") -> Iterator[str]:
    yield _HEAD
    keys = {}
    for domain, rows in (
        ("node", [data for _, data in view.nodes(data=True)]),
        ("edge", [data for _, _, data in view.edges(data=True)]),
    ):
        for name, kind in sorted({(name, type(value)) for row in rows for name, value in row.items()}, key=str):
            keys[domain, name] = f"{domain}_{name}"
            yield f'<key id="{domain}_{name}" for="{domain}" attr.name={quoteattr(name)} attr.type="{_TYPES[kind]}"/>\n'
    yield '<graph id="kgraph" edgedefault="directed">\n'
    for node, data in sorted(view.nodes(data=True)):
        yield f"<node id={quoteattr(_id(node))}>{_data('node', data, keys)}</node>\n"
    for head, tail, relation, data in sorted(view.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        source, target = _id(head), _id(tail)
        edge = quoteattr(f"{source}{_THEN}{relation}{_THEN}{target}")
        ids = f"id={edge} source={quoteattr(source)} target={quoteattr(target)}"
        yield f"<edge {ids}>{_data('edge', data, keys)}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _data(domain: str, data: Mapping[str, object], keys: Mapping[tuple[str, str], str]) -> str:
    return "".join(f'<data key="{keys[domain, name]}">{xml_text(value)}</data>' for name, value in data.items())


def _id(node: str) -> str:
    """A node's id as an NMTOKEN, one for one."""
    return node.translate(_ID)
