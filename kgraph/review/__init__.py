"""Looking a graph over: what a node or statement rests on, what to decide, what is wrong."""
