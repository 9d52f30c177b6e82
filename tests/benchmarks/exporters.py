"""Each exporter that streams beside the library's own writer, on the same graph, in turn, in one run.

python tests/benchmarks/exporters.py [PAPERS]      (default: 2000 made ones)

The libraries are given their own graph ready made; ours makes all from the records as it writes, so its time holds colours,
ranks and communities, too. Both write to a file. Memory is what a process takes at most beyond what it had at the start.
"""

import multiprocessing
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import networkx as nx
from make_corpus import write

from kgraph import assemble, load_knowledge, papers_of, read, to_rdf
from kgraph.batches import uncollected
from kgraph.export.formats import FORMATS
from kgraph.export.property_graph import property_graph

ROUNDS = 3
WANTED = {".ttl": 10.0, ".nt": 7.0, ".graphml": 3.5}


def seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def memory(work: Callable[[], object]) -> float:
    """The megabytes that a piece of work takes, in a process of its own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_measured, args=(work, theirs))
    process.start()
    taken: float = ours.recv()
    process.join()
    return taken


def _measured(work: Callable[[], object], pipe: "multiprocessing.connection.Connection") -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    work()
    pipe.send((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


def compared(name: str, suffix: str, works: Sequence[Callable[[], object]]) -> None:
    theirs, ours = map(memory, works)
    times = [[seconds(work) for work in works] for _ in range(ROUNDS)]
    library, own = (min(found) for found in zip(*times, strict=True))
    print(
        f"{FORMATS[suffix].name}: {name} {library:.2f} s and {theirs:.0f} MB, ours {own:.2f} s and {ours:.0f} MB: "
        f"{library / own:.1f} times as fast (wanted: {WANTED[suffix]})",
        flush=True,
    )


def main() -> None:
    number, knowledge = int(next(iter(sys.argv[1:]), "2000")), load_knowledge()
    with tempfile.TemporaryDirectory() as room:
        papers = papers_of([write(number, Path(room, "corpus.jsonl"))])
        graph = assemble(read(papers, knowledge, 2), knowledge)
        rdf, view = to_rdf(graph), property_graph(graph, knowledge)
        print(
            f"{number:,} papers, {len(graph.links):,} statements, {len(rdf):,} triples; load {os.getloadavg()[0]:.1f}", flush=True
        )

        def ours(suffix: str) -> None:
            with uncollected(), Path(room, f"ours{suffix}").open("wb") as file:  # as `write_graph` does
                file.writelines(FORMATS[suffix].writer()(graph, knowledge))  # type: ignore[arg-type]

        for name, suffix, theirs in (
            ("rdflib", ".ttl", lambda path: rdf.serialize(path, format="turtle")),
            ("rdflib", ".nt", lambda path: rdf.serialize(path, format="nt", encoding="utf-8")),
            ("NetworkX", ".graphml", lambda path: nx.write_graphml(view, path)),
        ):
            path = str(Path(room, f"theirs{suffix}"))
            compared(name, suffix, [lambda theirs=theirs, path=path: theirs(path), lambda suffix=suffix: ours(suffix)])
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
