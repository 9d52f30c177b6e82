"""How time and memory of each stage grow with the number of papers.

python tests/benchmarks/growth.py [--work] [--jobs 2] [PAPERS …]      (default: 1000 10000 100000)

Each size is built in a process of its own, in memory or in a work folder. Rates are by the clock; the exponent is that of the
growth of processor time, which others on the machine disturb less, from one size to the next: 1 is linear. Memory is the most
that the building process took; what its readers take comes on top.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from itertools import pairwise
from math import log
from pathlib import Path
from time import perf_counter
from typing import TypeVar

HERE = Path(__file__).resolve()
T = TypeVar("T")
SUFFIXES = (".ttl", ".nt", ".graphml")


def measured(corpus: Path, room: Path, jobs: int, work: Path | None) -> dict[str, float]:
    """The seconds of each stage, the statements, and megabytes at most."""
    from kgraph.export import write_graph
    from kgraph.graph import assemble
    from kgraph.intake import take_in
    from kgraph.knowledge import load_knowledge
    from kgraph.pipeline import read
    from kgraph.stored import assemble_from, read_into
    from kgraph.workers import among_processes
    from kgraph.workfolder import WorkFolder

    knowledge, times, peaks = load_knowledge(), {}, []

    def timed(name: str, stage: Callable[[], T]) -> T:
        forget_peak()
        started, used = perf_counter(), sum(os.times()[:4])
        made = stage()
        times[name] = perf_counter() - started
        times[f"{name} CPU"] = sum(os.times()[:4]) - used
        peaks.append(peak())
        said = f"{name} {times[name]:.1f} s, {times[f'{name} CPU']:.1f} s of processors, at most {peaks[-1]:,.0f} MB"
        print(said, file=sys.stderr, flush=True)
        return made

    with ExitStack() as opened:
        if work:
            folder = opened.enter_context(WorkFolder(work, knowledge))
            timed("taking in", lambda: take_in([corpus], merge=folder.take))
            timed("reading", lambda: sum(1 for _ in read_into(folder, folder.unread(), knowledge, among_processes(jobs), print)))
            graph = timed("assembly", lambda: assemble_from(folder, knowledge))
        else:
            papers = timed("taking in", lambda: take_in([corpus]).papers)
            readings = timed("reading", lambda: list(read(papers, knowledge, jobs)))
            graph = timed("assembly", lambda: assemble(readings, knowledge))
            del readings
        for suffix in SUFFIXES:
            timed(suffix, lambda suffix=suffix: write_graph(graph, [room / f"g{suffix}"], knowledge))
        times["statements"] = len(graph.links)
    return {**times, "MB": max(peaks)}


def forget_peak() -> None:
    """Measure the next peak from here on, where that can be."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> float:
    """The megabytes that this process took at most since the peak was forgotten."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def run(number: int, options: argparse.Namespace) -> dict[str, float]:
    """What a process measures that builds so many papers."""
    from make_corpus import write

    with tempfile.TemporaryDirectory() as folder:
        corpus = write(number, Path(folder, "corpus.jsonl"))
        command = [sys.executable, str(HERE), "--one", str(corpus), "--jobs", str(options.jobs), *["--work"] * options.work]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
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
        print(
            json.dumps(
                measured(options.one, options.one.parent, options.jobs, options.one.parent / "work" if options.work else None)
            )
        )
        return
    sizes = options.papers or [1000, 10_000, 100_000]
    found = {}
    for number in sizes:
        found[number] = run(number, options)
        stages = [name for name in found[number] if f"{name} CPU" in found[number]]
        rates = ", ".join(f"{name} {number / found[number][name]:,.0f}/s" for name in stages)
        whole = f"{found[number]['statements']:,.0f} statements; {found[number]['MB']:,.0f} MB; load {os.getloadavg()[0]:.1f}"
        print(f"{number:,} papers: {rates}; {whole}", flush=True)
    for one, other in pairwise(sizes):
        names = {name.removesuffix(" CPU"): name for name in (*(f"{stage} CPU" for stage in stages), "statements", "MB")}
        grown = {name: log(found[other][key] / found[one][key]) / log(other / one) for name, key in names.items()}
        print(f"{one:,} to {other:,}, exponents: {', '.join(f'{name} {value:.2f}' for name, value in grown.items())}")


if __name__ == "__main__":
    main()
