"""The formats: what each suffix is called, which function writes it, and whether it is a folder of files."""

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from kgraph.errors import DataError
from kgraph.export.characters import LONE, NO_CELL, NO_XML
from kgraph.export.files import STDOUT, Content, Filled
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

Writer = Callable[[Graph, Knowledge], Content | Mapping[str, Content] | Filled]
"""Gives the content of a file, of a folder that of each of its files, or what fills it."""


class Format(NamedTuple):
    """A format: its name, the module and the function that writes it, loaded when it is asked for, and what it cannot carry.

    `is_streamed` says whether its writer takes the graph as it comes, so that one that stands on disk stays there.
    """

    name: str
    module: str
    function: str
    is_folder: bool = False
    unfit: re.Pattern[str] = NO_XML
    is_streamed: bool = False

    def writer(self) -> Writer:
        """The function that makes the content."""
        written: Writer = getattr(import_module(f"kgraph.export.{self.module}"), self.function)
        return written


FORMATS: Mapping[str, Format] = {
    ".ttl": Format("Turtle", "syntaxes", "turtle", unfit=LONE, is_streamed=True),
    ".nt": Format("N-Triples", "lines", "n_triples", unfit=LONE, is_streamed=True),
    ".nq": Format("N-Quads", "lines", "n_quads", unfit=LONE, is_streamed=True),
    ".trig": Format("TriG", "syntaxes", "trig", unfit=LONE),
    ".rdf": Format("RDF/XML", "syntaxes", "rdf_xml", is_streamed=True),
    ".jsonld": Format("JSON-LD", "json_ld", "json_ld", unfit=LONE),
    ".graphml": Format("GraphML", "graphml", "graphml", is_streamed=True),
    ".yed.graphml": Format("GraphML for yEd", "graphml", "yed_graphml"),
    ".gexf": Format("GEXF", "gexf", "gexf"),
    ".cyjs": Format("Cytoscape JSON", "cytoscape", "cytoscape"),
    ".html": Format("the page", "html", "html", unfit=LONE, is_streamed=True),
    ".sssom.tsv": Format("SSSOM, your decisions", "sssom", "sssom", unfit=NO_CELL, is_streamed=True),
    ".csv": Format("CSV tables", "tables", "csv_tables", is_folder=True, is_streamed=True),
    ".tsv": Format("TSV tables", "tables", "tsv_tables", is_folder=True, is_streamed=True),
    ".parquet": Format("Parquet tables", "parquet", "parquet", is_folder=True, unfit=LONE),
    ".neo4j": Format("Neo4j", "neo4j", "neo4j", is_folder=True),
    ".vault": Format("Markdown notes", "vault", "vault", is_folder=True),
    ".db": Format("a store of Oxigraph", "store", "store", is_folder=True, unfit=LONE, is_streamed=True),
}
"""All formats by suffix; the longest that a name ends with counts."""


def suffix_of(path: Path) -> str:
    """The suffix in `FORMATS` that a path ends with, "" if none; what goes to stdout is Turtle."""
    if path == STDOUT:
        return ".ttl"
    return max((suffix for suffix in FORMATS if path.name.lower().endswith(suffix)), key=len, default="")


def format_of(path: Path) -> Format:
    """The format of a path.

    Raises:
        DataError: no format has its suffix.
    """
    suffix = suffix_of(path)
    if not suffix:
        raise DataError(path, None, f"the suffix should be one of {', '.join(FORMATS)}")
    return FORMATS[suffix]
