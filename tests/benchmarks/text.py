"""How long the reading of abstracts takes beside spaCy's bare tokeniser and sentencizer on the same texts, in turn, in one run.

python tests/benchmarks/text.py [SOURCES…]      (default: seeds/)
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import spacy

from kgraph.batches import uncollected
from kgraph.knowledge import load_knowledge
from kgraph.linking import link
from kgraph.pipeline import papers_of
from kgraph.reading import Reader
from kgraph.relating import relate
from kgraph.results import state_results

ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    sources = sys.argv[1:] or [str(Path(__file__).resolve().parents[2] / "seeds")]
    papers, knowledge = papers_of(sources), load_knowledge()
    reader, bare = Reader(knowledge), spacy.blank("en")
    bare.add_pipe("sentencizer")
    steps: dict[str, list[float]] = {"tokeniser + sentencizer": [], "reading": [], "linking": [], "relations, results": []}
    for _ in range(ROUNDS + 1):
        with uncollected():  # as batches are read; both sides alike
            steps["tokeniser + sentencizer"].append(seconds(lambda: [bare(paper.text) for paper in papers]))
            steps["reading"].append(seconds(lambda: list(reader.read(papers))))
            readings = list(reader.read(papers))
            steps["linking"].append(seconds(lambda readings=readings: [link(reading, knowledge) for reading in readings]))
            linked = [link(reading, knowledge) for reading in readings]
            work = lambda linked=linked: [state_results(relate(reading, knowledge), knowledge) for reading in linked]  # noqa: E731
            steps["relations, results"].append(seconds(work))
    medians = {name: statistics.median(times[1:]) for name, times in steps.items()}  # the first round warms caches
    base = medians.pop("tokeniser + sentencizer")
    print(f"{len(papers)} papers, medians of {ROUNDS}: tokeniser + sentencizer {base:.3f} s ({len(papers) / base:,.0f} papers/s)")
    for name, median in medians.items():
        print(f"{name}: {median:.3f} s, {median / base:.2f} times")
    total = sum(medians.values())
    print(f"all of the text side: {total:.3f} s ({len(papers) / total:,.0f} papers/s), {total / base:.2f} times")


if __name__ == "__main__":
    main()
