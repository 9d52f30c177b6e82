"""Builds on a real cluster of Dask: a scheduler and workers that are processes of their own, some of which are killed."""

import heapq
import json
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import fsspec
import psutil
import pytest
from conftest import ROOT, SEEDS, run_kgraph
from test_workers import squaring

from kgraph import cluster, places
from kgraph.building import Way, built
from kgraph.cluster import LOCAL, Cluster, connected
from kgraph.decisions import decisions_of
from kgraph.errors import DataError, KgraphError, SetupError
from kgraph.export import render, write_graph, write_outputs
from kgraph.intake import take_in
from kgraph.knowledge import Knowledge
from kgraph.model import Paper
from kgraph.parts import write_parts
from kgraph.stored import assemble_from, read_into
from kgraph.workers import among_processes
from kgraph.workfolder import WorkFolder

pytestmark = pytest.mark.slow
HERE = ("--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")
SOURCE = str(min(SEEDS.glob("*.txt")))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers, which are started again when they are killed."""
    folder = tmp_path_factory.mktemp("dask")
    environment = {
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests"))),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        "DASK_TEMPORARY_DIRECTORY": str(folder),
    }
    file = folder / "scheduler.json"
    started = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{program}", *words, "--scheduler-file", str(file), *HERE],
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for program, words in (("dask_scheduler", ["--port", "0"]), ("dask_worker", ["--nworkers", "2", "--nthreads", "1"]))
    ]
    while not file.exists():
        assert started[0].poll() is None
        time.sleep(0.05)
    yield json.loads(file.read_text())["address"]
    below = [child for process in started for child in psutil.Process(process.pid).children(recursive=True)]
    for process in reversed(started):
        process.terminate()
        process.wait(timeout=20)
    assert not psutil.wait_procs(below, timeout=20)[1]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Path:
    """What a build without a cluster writes."""
    folder = tmp_path_factory.mktemp("here")
    with built(partial(take_in, [SOURCE]), knowledge, (), Way(1)) as made:
        write_outputs(made.graph, [str(folder / "out"), str(folder / "graph.nt")], knowledge)
    with built(partial(take_in, [SOURCE]), knowledge, (), Way(1, parts=str(folder / "graph.nt.parts"))):
        return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_cluster_writes_the_bytes_of_a_build_without_one(
    address: str, here: Path, knowledge: Knowledge, tmp_path: Path
) -> None:
    with built(partial(take_in, [SOURCE]), knowledge, (), Way(scheduler=address, work=tmp_path / "work")) as made:
        write_outputs(made.graph, str(tmp_path / "out"), knowledge)
        assert not made.lost
    assert files(tmp_path / "out") == files(here / "out")


def test_a_bug_at_a_worker_is_one_here(address: str, knowledge: Knowledge) -> None:
    with connected(address, 2, knowledge) as workers, pytest.raises(ValueError, match="7 is wrong"):
        list(workers.share(partial(squaring, (), (7,)), range(40), pytest.fail))


def test_parts_are_the_same_whoever_writes_them_and_merge_to_the_graph(address: str, here: Path, tmp_path: Path) -> None:
    folder = tmp_path / "g.nt.parts"
    folder.mkdir()
    (folder / "papers-00007.nt").write_text("of an earlier graph")
    (folder / "mine.nt").write_text("mine")
    done = run_kgraph("build", SOURCE, "--scheduler", address, "-o", "g.nt.parts/", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert files(folder) == {**files(here / "graph.nt.parts"), "mine.nt": b"mine"}
    (folder / "mine.nt").unlink()
    parts = sorted(folder.glob("*.nt"))
    assert [path.name for path in parts] == ["papers-00000.nt", "things-00000.nt"]
    merged = subprocess.run(["sort", "-mu", *map(str, parts)], env={"LC_ALL": "C"}, capture_output=True, check=True)
    assert merged.stdout == (here / "graph.nt").read_bytes()


@pytest.mark.parametrize("whole", [places._PUT_WHOLE, frozenset()], ids=["whole", "moved"])
def test_parts_of_any_number_go_to_an_address(
    whole: set[str], knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("kgraph.parts._PAPERS", 30), ("kgraph.parts._THINGS", 100), ("kgraph.places._PUT_WHOLE", whole)):
        monkeypatch.setattr(name, value)
    address = f"memory://{tmp_path}/g.nt.parts"
    decisions = decisions_of(ROOT / "tests" / "curation.tsv", knowledge.ontology)
    with built(partial(take_in, [SOURCE]), knowledge, decisions, Way(1, parts=address)) as made:
        assert len(made.graph.papers) == 76
        assert made.graph.decisions
    with built(partial(take_in, [SOURCE]), knowledge, decisions, Way(1)) as made:
        graph = render(made.graph, Path("g.nt"), knowledge)
    names = {name.rpartition("/")[2]: name for name in fsspec.filesystem("memory").ls(address, detail=False)}
    assert "papers-00002.nt" in names
    assert "things-00001.nt" in names
    assert all(name == "_SUCCESS" or name.endswith(".nt") for name in names), names
    parts = [fsspec.filesystem("memory").cat_file(name).splitlines(keepends=True) for name in names.values()]
    assert all(part == sorted(set(part)) for part in parts)
    assert b"".join(dict.fromkeys(heapq.merge(*parts))) == graph


def test_what_workers_wrote_elsewhere_is_told(knowledge: Knowledge, tmp_path: Path) -> None:
    with WorkFolder(tmp_path / "work", knowledge) as work:
        work.take([Paper("paper/one", "One", "")])
        with pytest.raises(DataError, match=r"papers-00000\.nt was written, but not to here"):
            write_parts(str(tmp_path / "g.nt.parts"), work, knowledge, (), lambda *_: iter(["papers-00000.nt"]))


def test_a_file_system_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "g.nt.parts").write_text("a file")
    with pytest.raises(DataError, match="cannot be written"):
        places.write(str(tmp_path / "g.nt.parts"), "papers-00000.nt", b"")
    with pytest.raises(DataError, match=r"never://x: cannot be written \(Protocol not known: never"):
        places.write("never://x", "papers-00000.nt", b"")


def test_only_parts_go_to_an_address(tmp_path: Path) -> None:
    done = run_kgraph("build", SOURCE, "-o", "s3://bucket/graph.ttl", cwd=tmp_path)
    assert done.returncode == 1
    assert b"s3://bucket/graph.ttl: only a graph in parts can be written to an address" in done.stderr


def test_a_scheduler_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        quick = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}
        done = run_kgraph("build", SOURCE, "--scheduler", address, cwd=tmp_path, **quick)
    assert done.returncode == 1
    assert done.stderr.startswith(f"kgraph: No Dask scheduler answers at {address} (".encode())
    assert done.stderr.count(b"\n") == 1


def test_workers_that_have_another_kgraph_are_told(address: str, tmp_path: Path) -> None:
    for name in ("kgraph", "ontology"):
        shutil.copytree(ROOT / name, tmp_path / name)
    with (tmp_path / "ontology" / "kgraph.ttl").open("a") as file:
        file.write("# changed\n")
    done = run_kgraph("build", SOURCE, "--scheduler", address, cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith(b"kgraph: The Dask worker at tcp://127.0.0.1:"), done.stderr
    assert b"has not the kgraph and the knowledge that this build has" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_dask_that_is_not_installed_is_told(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SetupError, match=r"pip install 'kgraph\[dask\]'"), connected(LOCAL, 1, knowledge):
        pass


def test_a_local_cluster_listens_to_this_machine_alone_and_ends(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 0.5)
    own = psutil.Process()
    before = set(own.children(recursive=True))
    with connected(LOCAL, 2, knowledge) as workers:
        started = set(own.children(recursive=True)) - before
        assert sorted(workers.share(squaring, range(100), pytest.fail)) == [number * number for number in range(100)]
        sockets = [one for process in (own, *started) for one in process.net_connections("inet") if one.status == "LISTEN"]
        assert len(sockets) > 2
        assert {one.laddr.ip for one in sockets} == {"127.0.0.1"}
    assert not [process for process in started if process.is_running() and "resource_tracker" not in str(process.cmdline())]
    with pytest.raises(KgraphError, match="has no workers"), connected(LOCAL, 0, knowledge):
        pass


def test_an_error_about_a_file_passes_between_processes() -> None:
    error = pickle.loads(pickle.dumps(DataError("a.nt", 3, "is wrong")))
    assert (str(error), error.line) == ("a.nt:3: is wrong", 3)
    assert list(among_processes(1)(squaring, [2], pytest.fail)) == [4]


def test_a_worker_that_is_killed_changes_nothing(address: str, here: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    papers = take_in([SOURCE]).papers
    with connected(address, 2, knowledge) as workers, WorkFolder(tmp_path / "work", knowledge) as work:
        work.take(papers)
        for number, _ in enumerate(read_into(work, work.unread(), knowledge, workers.share, pytest.fail)):
            if number == len(papers) // 2:
                os.kill(one_at_work(workers), signal.SIGKILL)
        write_graph(assemble_from(work, knowledge), [tmp_path / "graph.nt"], knowledge)
    assert (tmp_path / "graph.nt").read_bytes() == (here / "graph.nt").read_bytes()
    assert sum(items for items, _ in workers.tasks) == len(papers)
    assert max(items for items, _ in workers.tasks) > 1


def one_at_work(workers: Cluster) -> int:
    """The process of a worker that has something to do."""
    client = workers._client
    while not (busy := [worker for worker, tasks in client.processing().items() if tasks]):
        time.sleep(0.01)
    return client.run(os.getpid, workers=busy[:1])[busy[0]]


def test_only_what_workers_die_on_is_lost(address: str, knowledge: Knowledge) -> None:
    lost: list[int] = []
    with connected(address, 2, knowledge) as workers:
        for number in workers.share(partial(squaring, (8,)), range(10), lambda item: lost.append(item) or -1):
            lost.append(number)
    assert sorted(lost) == sorted([-1, 8, *(number * number for number in range(10) if number != 8)])
