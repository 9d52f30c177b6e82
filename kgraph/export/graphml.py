"""The graph as GraphML, valid against the schema: ids are NMTOKENs and unique, every value is a string or a number."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from kgraph.export.characters import INSTEAD, NO_XML
from kgraph.export.files import write_lines
from kgraph.graph import edge_rows, node_rows
from kgraph.model import Graph
from kgraph.ontology import Ontology

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_TYPES = {str: "string", int: "int", float: "double"}
_ID = str.maketrans({"/": ":", "%": "_", "~": "__"})  # "%", and so "_", always stands before a hexadecimal digit
_THEN = "_."  # and so this stands in no id


def graphml(graph: Graph, ontology: Ontology) -> bytes:
    """What the NetworkX view of the graph has, as GraphML; characters that XML cannot hold become U+FFFD."""
    return "".join(_lines(graph, ontology)).encode("utf-8")


def write_graphml(graph: Graph, ontology: Ontology, output: BinaryIO) -> None:
    """Write the same, without holding it in memory."""
    write_lines(_lines(graph, ontology), output)


def xml_text(value: object) -> str:
    """A value as XML text, characters that XML 1.0 cannot hold replaced by U+FFFD."""
    text = str(value)
    if text.isprintable() and not ("&" in text or "<" in text or ">" in text):
        return text  # as nearly all are, which is told ten times as fast
    return escape(NO_XML.sub(INSTEAD, text), {"\r": "&#13;"})


def _lines(graph: Graph, ontology: Ontology) -> Iterator[str]:
    yield _HEAD
    for domain, row in (("node", next(node_rows(graph, ontology), None)), ("edge", next(edge_rows(graph), None))):
        for name, kind in sorted([(name, type(value)) for name, value in (row[-1] if row else {}).items()], key=str):
            yield f'<key id="{domain}_{name}" for="{domain}" attr.name={quoteattr(name)} attr.type="{_TYPES[kind]}"/>\n'
    yield '<graph id="kgraph" edgedefault="directed">\n'
    for node, data in node_rows(graph, ontology):
        yield f'<node id="{_id(node)}">{_data("node", data)}</node>\n'
    for head, tail, relation, values in edge_rows(graph):
        source, target = _id(head), _id(tail)
        edge = f"{source}{_THEN}{relation}{_THEN}{target}"
        yield f'<edge id="{edge}" source="{source}" target="{target}">{_data("edge", values)}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _data(domain: str, data: Mapping[str, object]) -> str:
    return "".join([f'<data key="{domain}_{name}">{xml_text(value)}</data>' for name, value in data.items()])


@lru_cache(maxsize=1 << 14)
def _id(node: str) -> str:
    """A node's id as an NMTOKEN, one for one."""
    return escape(node.translate(_ID), {'"': "&quot;"})
