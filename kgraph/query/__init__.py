"""SPARQL over a graph file or store: queries as text, as a file, or by the name of one that comes with kgraph."""

from kgraph.query.answers import FORMATS, Answer, Format, answer, bound, cells, form_of, render
from kgraph.query.running import ENTITY, Limits, asks_about, run, serialise, table
from kgraph.query.store import find_entity, graph_format, load_store, named_queries, query_text, saved_query
from kgraph.query.terms import declared_terms, unknown_terms, used_terms

__all__ = [
    "ENTITY",
    "FORMATS",
    "Answer",
    "Format",
    "Limits",
    "answer",
    "asks_about",
    "bound",
    "cells",
    "declared_terms",
    "find_entity",
    "form_of",
    "graph_format",
    "load_store",
    "named_queries",
    "query_text",
    "render",
    "run",
    "saved_query",
    "serialise",
    "table",
    "unknown_terms",
    "used_terms",
]
