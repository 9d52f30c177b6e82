"""How fast papers are read by processes and by workers of a Dask cluster, and what would hold up many more of these.

python tests/benchmarks/cluster.py [NUMBER]      (default: 20000 papers)

The scheduler and the workers are processes of their own on this machine, each worker with one thread. Times are of the wall and
include that each worker loads what it knows, which "first" shows: the seconds until the first paper is read. What all processes
take of the processor says more where others are at work beside; the load is that of the last minute.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil
from make_corpus import write

from kgraph.cluster import Cluster, connected
from kgraph.graph import Nodes
from kgraph.intake import take_in
from kgraph.knowledge import Knowledge, load_knowledge
from kgraph.model import Paper
from kgraph.parts import write_parts
from kgraph.resolving import occurrences
from kgraph.stored import read_into
from kgraph.workers import Share, among_processes, refuse
from kgraph.workfolder import WorkFolder

MANY, WORKERS = 2_900_000, 64
HERE = ("--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")


@contextmanager
def cluster(number: int, folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The address of a scheduler with so many workers, and its process."""
    file = folder / f"scheduler-{time.monotonic_ns()}.json"

    def start(program: str, *words: str) -> subprocess.Popen[bytes]:
        call = [sys.executable, "-m", f"distributed.cli.{program}", *words, "--scheduler-file", str(file), *HERE]
        environment = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(folder)}
        return subprocess.Popen(call, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    started = [start("dask_scheduler", "--port", "0")]
    try:
        started.append(start("dask_worker", "--nworkers", str(number), "--nthreads", "1"))
        while not file.exists():
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"], psutil.Process(started[0].pid)
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def processor(processes: list[psutil.Process]) -> float:
    """What processes and those that ended below them took of the processor, in seconds."""
    return sum(sum(process.cpu_times()[:4]) for process in processes)


def everyone() -> list[psutil.Process]:
    own = psutil.Process()
    return [own, *own.children(recursive=True)]


def read(name: str, papers: list[Paper], knowledge: Knowledge, share: Share, half: Callable[[], object] = int) -> None:
    """Read papers into a new work folder and print how long it took."""
    with tempfile.TemporaryDirectory() as room, WorkFolder(Path(room), knowledge) as work:
        work.take(papers)
        started, taken, first = time.perf_counter(), processor(everyone()), 0.0
        for number, _ in enumerate(read_into(work, work.unread(), knowledge, share, refuse)):
            first = first or time.perf_counter() - started
            if number == len(papers) // 2:
                half()
        total, taken = time.perf_counter() - started, processor(everyone()) - taken
    speed, load = len(papers) / total, os.getloadavg()[0]
    print(f"| {name} | {total:.1f} | {first:.1f} | {speed:,.0f} | {taken:.1f} | {load:.1f} |", flush=True)


def kill_one(workers: Cluster) -> None:
    client = workers._client
    busy = [worker for worker, tasks in client.processing().items() if tasks]
    os.kill(client.run(os.getpid, workers=busy[:1])[busy[0]], signal.SIGKILL)


def main() -> None:
    number, knowledge = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, load_knowledge()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = write(number, folder / "corpus.jsonl")
        started = time.process_time()
        papers = list(take_in([corpus]).papers)
        taking = (time.process_time() - started) / number
        print("| papers are read by | seconds | first | papers/s | processor, s | load |\n|---|---|---|---|---|---|")
        for jobs in (1, 2):
            read(f"--jobs {jobs}", papers, knowledge, among_processes(jobs))
        for count in (1, 2):
            with cluster(count, folder) as (address, _), connected(address, count, knowledge) as workers:
                read(f"Dask, {count} worker(s)", papers, knowledge, workers.share)
        with cluster(2, folder) as (address, _), connected(address, 2, knowledge) as workers:
            read("Dask, 2 workers, one killed", papers, knowledge, workers.share, partial(kill_one, workers))
        limits(papers, knowledge, folder, taking)


def limits(papers: list[Paper], knowledge: Knowledge, folder: Path, taking: float) -> None:
    """Print what each step takes of the processor, and an estimate of what many workers would wait for."""
    with (
        cluster(2, folder) as (address, scheduler),
        connected(address, 2, knowledge) as workers,
        WorkFolder(folder / "work", knowledge) as work,
    ):
        others = [one for one in everyone() if one not in (psutil.Process(), scheduler)]

        def timed(do: Callable[[], object], number: int = len(papers)) -> tuple[float, float, float]:
            """Seconds of the client, the scheduler and the workers for a paper."""
            groups = ([psutil.Process()], [scheduler], others)
            before = [processor(group) for group in groups]
            do()
            client, between, far = (processor(group) - was for group, was in zip(groups, before, strict=True))
            return client / number, between / number, far / number

        def read_all() -> None:
            for _ in read_into(work, work.unread(), knowledge, workers.share, refuse):
                pass

        work.take(papers[:500])
        read_all()  # now all have loaded what they know
        keeping, _, _ = timed(lambda: work.take(papers[500:]), len(papers) - 500)
        workers.tasks.clear()
        reading = timed(read_all, len(papers) - 500)
        tasks = [task for task in workers.tasks if task[0] > 1]
        size, length = (statistics.median(values) for values in zip(*tasks, strict=True))
        print(f"\n{len(workers.tasks)} tasks; of those of several papers the median is {size:.0f} papers, {length:.2f} s")
        started, empty = time.perf_counter(), 2000
        _, task, _ = timed(lambda: list(workers.share(partial(partial, list), range(empty), refuse, 1)), empty)
        wall = (time.perf_counter() - started) / empty
        print(f"an empty task takes the scheduler {task * 1e3:.1f} ms, {wall * 1e3:.1f} until the client has it")
        naming, _, _ = timed(lambda: Nodes.of(occurrences(work.readings(), knowledge), knowledge, ()))
        writing = timed(lambda: write_parts(str(folder / "graph.nt.parts"), work, knowledge, (), workers.share))
    steps = {
        "taking in": (taking + keeping, 0.0, 0.0),
        "reading": reading,
        "resolving names": (naming, 0.0, 0.0),
        "writing parts": (writing[0] - naming, *writing[1:]),
    }
    print("\n| processor, s for 1,000 papers | client | scheduler | workers |\n|---|---|---|---|")
    for name, step in steps.items():
        print(f"| {name} | " + " | ".join(f"{one * 1e3:.2f}" for one in step) + " |")
    lasts = {name: max(client, between, far / WORKERS) for name, (client, between, far) in steps.items()}
    said = ", ".join(f"{name} {MANY * last / 60:.0f}" for name, last in lasts.items())
    alone = MANY * sum(client for client, _, _ in steps.values()) / 60
    whole = MANY * sum(lasts.values()) / 60
    print(
        f"\nESTIMATE: {WORKERS} workers as fast as these would do {MANY:,} papers in {whole:.0f} minutes ({said}), of which the "
        f"client alone needs {alone:.0f}; by processors they read {WORKERS / reading[2]:,.0f} papers/s, a client takes "
        f"{1 / reading[0]:,.0f}, a scheduler {1 / reading[1]:,.0f}"
    )


if __name__ == "__main__":
    main()
