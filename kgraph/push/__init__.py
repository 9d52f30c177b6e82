"""The dock that loads a graph into a server that runs."""
