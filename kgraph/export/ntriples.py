"""The graph as N-Triples: a triple a line, so that files can be cut, sorted and joined by any tool."""

from collections.abc import Iterator
from typing import BinaryIO

from kgraph.export.files import write_lines
from kgraph.export.rdf import Literal, triples
from kgraph.model import Graph
from kgraph.ontology import Ontology


def write_ntriples(graph: Graph, ontology: Ontology, output: BinaryIO) -> None:
    """Write the graph as N-Triples, a triple a line."""
    write_lines(_nt_lines(graph, ontology), output)


def _nt_lines(graph: Graph, ontology: Ontology) -> Iterator[str]:
    for subject, predicate, value in triples(graph, ontology):
        if not isinstance(value, Literal):
            yield f"<{subject}> <{predicate}> <{value}> .\n"
        else:
            datatype = f"^^<{ontology.term(value.datatype)}>" if value.datatype else ""
            yield f'<{subject}> <{predicate}> "{_escaped(value.value)}"{datatype} .\n'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
