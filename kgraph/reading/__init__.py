"""Paper → mentions, short forms and roles. spaCy lives here and nowhere else."""

from kgraph.reading.reader import Reader

__all__ = ["Reader"]
