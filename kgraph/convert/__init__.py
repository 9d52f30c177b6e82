"""The dock that writes a graph file in other formats."""
