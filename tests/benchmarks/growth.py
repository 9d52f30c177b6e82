"""How time and memory of each stage grow with the number of papers.

python tests/benchmarks/growth.py [--work] [--jobs 2] [PAPERS …]      (default: 1000 10000 100000)

Each size is built in a process of its own, in memory or in a work folder. The exponent is that of the growth from one size to the
next: 1 is linear. Memory is the most that the building process took; what its readers take comes on top.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import pairwise
from math import log
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).resolve()
SUFFIXES = (".ttl", ".nt", ".graphml")


def measured(corpus: Path, room: Path, jobs: int, work: bool) -> dict[str, float]:
    """The seconds of each stage, and megabytes at most."""
    from kgraph.building import built, peak
    from kgraph.export import write_graph
    from kgraph.intake import take_in
    from kgraph.knowledge import load_knowledge

    times: dict[str, float] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        started = perf_counter()
        work()
        times[name] = perf_counter() - started

    def noted(name: str, seconds: float) -> None:
        times[name] = seconds

    knowledge = load_knowledge()
    with built(lambda: take_in([corpus]), knowledge, (), jobs, room / "work" if work else None, 0, noted) as made:
        for suffix in SUFFIXES:
            timed(suffix, lambda suffix=suffix: write_graph(made.graph, [room / f"g{suffix}"], knowledge))
        times["statements"] = len(made.graph.links)
    times["MB"] = peak() / 1e6
    return times


def run(number: int, options: argparse.Namespace) -> dict[str, float]:
    """What a process measures that builds so many papers."""
    from make_corpus import write

    with tempfile.TemporaryDirectory() as folder:
        corpus = write(number, Path(folder, "corpus.jsonl"))
        command = [sys.executable, str(HERE), "--one", str(corpus), "--jobs", str(options.jobs), *["--work"] * options.work]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("papers", type=int, nargs="*")
    parser.add_argument("--work", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--one", type=Path)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(options.one, options.one.parent, options.jobs, options.work)))
        return
    sizes = options.papers or [1000, 10_000, 100_000]
    found = {}
    for number in sizes:
        found[number] = run(number, options)
        rates = ", ".join(
            f"{name} {number / value:,.0f}/s" for name, value in found[number].items() if name not in ("MB", "statements")
        )
        whole = f"{found[number]['statements']:,.0f} statements; {found[number]['MB']:,.0f} MB; load {os.getloadavg()[0]:.1f}"
        print(f"{number:,} papers: {rates}; {whole}", flush=True)
    for one, other in pairwise(sizes):
        grown = {name: log(found[other][name] / found[one][name]) / log(other / one) for name in found[one]}
        print(f"{one:,} to {other:,}, exponents: {', '.join(f'{name} {value:.2f}' for name, value in grown.items())}")


if __name__ == "__main__":
    main()
