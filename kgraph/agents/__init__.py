"""The graph for assistants: tools that answer from it, with the sentences as sources."""
