"""How well readings agree with annotated papers."""

from kgraph.evaluate.report import Report, Score, evaluate, read_records

__all__ = ["Report", "Score", "evaluate", "read_records"]
