"""Looking a graph over: what a node or statement rests on, what to decide, what is wrong."""

from kgraph.review.check import check
from kgraph.review.explain import explain_statement, explain_thing
from kgraph.review.suggest import suggest

__all__ = ["check", "explain_statement", "explain_thing", "suggest"]
