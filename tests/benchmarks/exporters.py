"""Each streaming exporter beside the library's own writer on the same graph, in turn, in one run.

python tests/benchmarks/exporters.py [PAPERS]      (default: 2000 made ones)

The libraries are given their own graph ready made; ours makes all from the records as it writes.
"""

import io
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import networkx as nx
from make_corpus import write

from kgraph import assemble, load_knowledge, papers_of, read, to_networkx, to_rdf
from kgraph.export.graphml import write_graphml
from kgraph.export.ntriples import write_ntriples
from kgraph.export.rdf import write_turtle

ROUNDS = 3


def main() -> None:
    number, knowledge = int(next(iter(sys.argv[1:]), "2000")), load_knowledge()
    with tempfile.TemporaryDirectory() as folder:
        papers = papers_of([write(number, Path(folder) / "corpus.jsonl")])
    graph = assemble(read(papers, knowledge), knowledge)
    ontology, rdf, view = knowledge.ontology, to_rdf(graph), to_networkx(graph)
    print(f"{number:,} papers, {len(graph.links):,} statements, {len(rdf):,} triples")
    for name, ours, theirs in (
        ("Turtle, rdflib", write_turtle, lambda: rdf.serialize(format="turtle")),
        ("N-Triples, rdflib", write_ntriples, lambda: rdf.serialize(format="nt")),
        ("GraphML, NetworkX", write_graphml, lambda: nx.write_graphml(view, io.BytesIO())),
    ):
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            for mine, work in enumerate((theirs, lambda ours=ours: ours(graph, ontology, io.BytesIO()))):
                started = perf_counter()
                work()
                times[mine].append(perf_counter() - started)
        library, own = map(min, times)
        print(f"{name}: {library:.2f} s, ours {own:.2f} s, {library / own:.1f} times as fast")


if __name__ == "__main__":
    main()
