"""Showing a part of a graph as a page."""
