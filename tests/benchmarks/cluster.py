"""How fast papers are read by processes and by workers of a Dask cluster, and what would hold up many more of these.

python tests/benchmarks/cluster.py [NUMBER]      (default: 20000 papers)

The scheduler and the workers are processes of their own on this machine, each worker with one thread. Times are of the wall and
include that each worker loads what it knows, which "first" shows: the seconds until the first paper is read.
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


def seconds_of(process: psutil.Process) -> float:
    """What a process took of the processor."""
    taken = process.cpu_times()
    return float(taken.user + taken.system)


def read(name: str, papers: list[Paper], knowledge: Knowledge, share: Share, half: Callable[[], object] = int) -> float:
    """Read papers into a new work folder and print how long it took; gives this process's own seconds for a paper."""
    with tempfile.TemporaryDirectory() as room, WorkFolder(Path(room), knowledge) as work:
        work.take(papers)
        started, own, first = time.perf_counter(), time.process_time(), 0.0
        for number, _ in enumerate(read_into(work, work.unread(), knowledge, share, refuse)):
            first = first or time.perf_counter() - started
            if number == len(papers) // 2:
                half()
        total, own = time.perf_counter() - started, time.process_time() - own
    print(f"| {name} | {total:.1f} | {first:.1f} | {len(papers) / total:,.0f} | {os.getloadavg()[0]:.1f} |", flush=True)
    return own / len(papers)


def kill_one(workers: Cluster) -> None:
    client = workers._client
    busy = [worker for worker, tasks in client.processing().items() if tasks]
    os.kill(client.run(os.getpid, workers=busy[:1])[busy[0]], signal.SIGKILL)


def main() -> None:
    number, knowledge = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, load_knowledge()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = write(number, folder / "corpus.jsonl")
        started = time.perf_counter()
        papers = list(take_in([corpus]).papers)
        taking = (time.perf_counter() - started) / number
        print("| papers are read by | seconds | first | papers/s | load |\n|---|---|---|---|---|")
        for jobs in (1, 2):
            read(f"--jobs {jobs}", papers, knowledge, among_processes(jobs))
        for count in (1, 2):
            with cluster(count, folder) as (address, _), connected(address, count, knowledge) as workers:
                read(f"Dask, {count} worker(s)", papers, knowledge, workers.share)
        with cluster(2, folder) as (address, _), connected(address, 2, knowledge) as workers:
            read("Dask, 2 workers, one killed", papers, knowledge, workers.share, partial(kill_one, workers))
        limits(papers, knowledge, folder, taking)


def limits(papers: list[Paper], knowledge: Knowledge, folder: Path, taking: float) -> None:
    """Print what each step takes, and an estimate of what many workers would wait for."""
    number = len(papers)
    with cluster(2, folder) as (address, scheduler), connected(address, 2, knowledge) as workers:
        client = read("Dask, 2 workers, measured", papers, knowledge, workers.share)
        tasks = [task for task in workers.tasks if task[0] > 1]
        size, length = (statistics.median(values) for values in zip(*tasks, strict=True))
        speed = sum(items for items, _ in tasks) / sum(seconds for _, seconds in tasks)
        before, started, empty = seconds_of(scheduler), time.perf_counter(), 2000
        list(workers.share(partial(partial, list), range(empty), refuse, 1))
        wall, each = (value / empty for value in (time.perf_counter() - started, seconds_of(scheduler) - before))
        print(f"\n{len(workers.tasks) - empty} tasks; of those of several papers the median is {size:.0f} papers, {length:.2f} s")
        print(f"a worker reads {speed:.0f} papers/s; an empty task takes {wall * 1e3:.1f} ms, the scheduler {each * 1e3:.1f}")
        with WorkFolder(folder / "work", knowledge) as work:
            started = time.perf_counter()
            work.take(papers)
            keeping = (time.perf_counter() - started) / number
            for _ in read_into(work, work.unread(), knowledge, workers.share, refuse):
                pass
            own = time.process_time()
            Nodes.of(occurrences(work.readings(), knowledge), knowledge, ())
            naming = (time.process_time() - own) / number
            started, own = time.perf_counter(), time.process_time()
            write_parts(str(folder / "graph.nt.parts"), work, knowledge, (), workers.share)
            writing, sending = (value / number - naming for value in (time.perf_counter() - started, time.process_time() - own))
    steps = {"taking in": taking + keeping, "giving and keeping": client, "resolving names": naming, "giving parts": sending}
    print("the client's seconds for 1,000 papers: " + ", ".join(f"{name} {step * 1e3:.2f}" for name, step in steps.items()))
    print(f"parts by 2 workers: {writing * 1e3:.2f} s for 1,000 papers beside the names")
    shared = {"giving and keeping": 1 / (speed * WORKERS), "giving parts": 2 * writing / WORKERS}
    whole = sum(max(step, shared.get(name, 0.0)) for name, step in steps.items())
    print(
        f"ESTIMATE for {WORKERS} workers: they would read {speed * WORKERS:,.0f} papers/s, the scheduler can take "
        f"{size / each:,.0f} and the client {1 / client:,.0f}; {MANY:,} papers in parts would take "
        f"{MANY * whole / 60:.0f} minutes, of them the client's own {MANY * sum(steps.values()) / 60:.0f}"
    )


if __name__ == "__main__":
    main()
