"""SPARQL at the command line."""

from kgraph.ask.asking import ask_graph

__all__ = ["ask_graph"]
