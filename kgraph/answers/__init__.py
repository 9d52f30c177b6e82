"""Answers to what people ask of a graph: pure functions over it, and thin commands."""
