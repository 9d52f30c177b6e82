"""What a build says when it is done: what the graph holds, and what can be done with it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from shlex import quote

from kgraph.model import Decision, Graph
from kgraph.papers import of_one_title

_ASK = "ask: kgraph query report-most-used --graph {}"
_STEPS = {
    ".html": "open {} in a browser",
    ".ttl": _ASK,
    ".nt": _ASK,
    ".db": _ASK,
    ".graphml": "open {} in Gephi, Cytoscape or yEd",
}
_MOST_STEPS = 2


def summary(graph: Graph, decisions: Sequence[Decision], *, in_parts: bool) -> str:
    """The numbers of papers, things and statements, and which decisions had an effect; its statements stand in parts, or not."""
    statements = "what papers say of them in parts" if in_parts else f"{len(graph.links)} statements"
    types = Counter(entity.type for entity in graph.entities)
    things = ", ".join(f"{count} {cls}" for cls, count in sorted(types.items()))
    papers = f"{len(graph.papers)} papers from {sum(len(paper.listings) for paper in graph.papers)} listings"
    if apart := of_one_title(graph.papers):
        papers += f" ({len(apart)} share a title and differ in text: {'; '.join(paper.title for paper in apart[:3])} …)"
    said = f"{papers}; {len(graph.entities)} things ({things}); {statements}."
    if decisions:
        idle = [decision.note for decision in decisions if decision not in graph.decisions]
        said += f"\n{len(graph.decisions)} of {len(set(decisions))} decisions applied"
        said += f"; without effect here: {'; '.join(idle[:5])}" if idle else "."
    return said


def next_steps(paths: Iterable[Path]) -> str:
    """What can be done with files of a graph, "" if nothing comes to mind."""
    written = {path.suffix: path for path in paths}
    steps = [step.format(quote(str(written[suffix]))) for suffix, step in _STEPS.items() if suffix in written]
    return f"Next, {', or '.join(steps[:_MOST_STEPS])}" if steps else ""
