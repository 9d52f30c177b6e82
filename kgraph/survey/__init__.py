"""The dock that says what input files are and what they hold."""

from kgraph.survey.survey import Survey, survey

__all__ = ["Survey", "survey"]
