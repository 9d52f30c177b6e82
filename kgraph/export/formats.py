"""The formats: what each suffix is called, which function writes it, and whether it is a folder of files."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from kgraph.errors import DataError
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

Writer = Callable[[Graph, Knowledge], bytes | Mapping[str, bytes]]


class Format(NamedTuple):
    """A format: its name, and the module and the function that writes it, loaded when it is asked for."""

    name: str
    module: str
    function: str
    is_folder: bool = False

    def writer(self) -> Writer:
        """The function that makes the content, of a folder that of each of its files."""
        written: Writer = getattr(import_module(f"kgraph.export.{self.module}"), self.function)
        return written


FORMATS: Mapping[str, Format] = {
    ".ttl": Format("Turtle", "syntaxes", "turtle"),
    ".nt": Format("N-Triples", "syntaxes", "n_triples"),
    ".nq": Format("N-Quads", "syntaxes", "n_quads"),
    ".trig": Format("TriG", "syntaxes", "trig"),
    ".rdf": Format("RDF/XML", "syntaxes", "rdf_xml"),
    ".jsonld": Format("JSON-LD", "json_ld", "json_ld"),
    ".graphml": Format("GraphML", "graphml", "graphml"),
    ".yed.graphml": Format("GraphML for yEd", "graphml", "yed_graphml"),
    ".gexf": Format("GEXF", "gexf", "gexf"),
    ".cyjs": Format("Cytoscape JSON", "cytoscape", "cytoscape"),
    ".html": Format("the page", "html", "html"),
    ".sssom.tsv": Format("SSSOM, your decisions", "sssom", "sssom"),
    ".csv": Format("CSV tables", "tables", "csv_tables", is_folder=True),
    ".tsv": Format("TSV tables", "tables", "tsv_tables", is_folder=True),
    ".parquet": Format("Parquet tables", "parquet", "parquet", is_folder=True),
    ".neo4j": Format("Neo4j", "neo4j", "neo4j", is_folder=True),
    ".vault": Format("Markdown notes", "vault", "vault", is_folder=True),
}
"""All formats by suffix; the longest that a name ends with counts."""


def suffix_of(path: Path) -> str:
    """The suffix in `FORMATS` that a path ends with, "" if none."""
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
