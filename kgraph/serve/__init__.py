"""A graph over HTTP: SPARQL for programs, pages for people, read-only."""
