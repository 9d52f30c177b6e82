"""SPARQL at the command line."""
