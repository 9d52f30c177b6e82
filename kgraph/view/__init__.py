"""Pages for a part of a graph: the neighbourhood of a name, or the best connected things."""

from kgraph.view.page import view

__all__ = ["view"]
