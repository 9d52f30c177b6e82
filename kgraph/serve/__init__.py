"""A graph over HTTP: SPARQL for programs, pages for people, read-only."""

from kgraph.serve.site import Site, open_site
from kgraph.serve.web import Request, Response

__all__ = ["Request", "Response", "Site", "open_site"]
