"""A build that is killed, interrupted, out of space or not alone: files are whole, and the next run leaves nothing over.

`KGRAPH_KILLS=1000 pytest tests/test_stopping.py` stops a thousand builds.
"""

import fcntl
import os
import random
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT
from forking import Forker, Run

from kgraph.errors import DataError
from kgraph.export.files import write_files

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KGRAPH_KILLS", "50"))
NAMES = ("graph.ttl", "graph.graphml", "graph.html")
INPUTS = {
    "first": [str(ROOT / "tests" / "sources" / name) for name in ("acl.bib", "openalex.json")],
    "second": [str(ROOT / "tests" / "sources" / name) for name in ("arxiv-atom.xml", "pubmed.xml", "zotero.ris")],
}


@pytest.fixture(scope="module")
def forker() -> Iterator[Forker]:
    with Forker() as running:
        yield running


def build(which: str, folder: Path, **given: object) -> Run:
    return Run(["build", *INPUTS[which], "-o", "out"], str(folder), **given)  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    """All that lies in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def whole(forker: Forker, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """What undisturbed builds write."""
    made = {}
    for which in INPUTS:
        folder = tmp_path_factory.mktemp(which)
        (done,) = forker.run(build(which, folder))
        assert done.code == 0, done.said
        made[which] = files(folder / "out")
        assert sorted(made[which]) == sorted(NAMES)
    assert all(made["first"][name] != made["second"][name] for name in NAMES)
    return made


def are_whole(folder: Path, whole: dict[str, dict[str, bytes]]) -> bool:
    return all((folder / name).read_bytes() in (whole["first"][name], whole["second"][name]) for name in NAMES)


@pytest.mark.parametrize(
    ("signal_", "times"), [(signal.SIGKILL, KILLS), (signal.SIGINT, max(KILLS // 10, 10))], ids=["kill", "int"]
)
def test_a_build_stopped_at_any_moment_leaves_whole_files_and_the_next_one_mends_all(
    signal_: int, times: int, forker: Forker, whole: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    chance, out = random.Random(7), tmp_path / "out"
    (undisturbed,) = forker.run(build("first", tmp_path))
    stopped = left_over = 0
    for number in range(times):
        which = ("second", "first")[number % 2]
        moment = chance.uniform(0.0, 1.1) * undisturbed.seconds
        (run,) = forker.run(build(which, tmp_path, stop_after=moment, signal=signal_))
        assert run.code in (0, -signal_, 130), run.said
        assert "Traceback" not in run.said
        stopped += run.code != 0
        assert are_whole(out, whole), number
        parts = sorted(path.name for path in out.iterdir() if path.name not in NAMES)
        assert all(name.startswith(".graph.") and name.endswith(".part") for name in parts)
        assert not (parts and signal_ == signal.SIGINT), "an interrupted build cleans up after itself"
        left_over += bool(parts)
        (again,) = forker.run(build(which, tmp_path))
        assert again.code == 0, again.said
        assert files(out) == whole[which], number
    assert stopped > times / 2
    print(f"{stopped} of {times} were stopped, {left_over} with a part file left until the next run")


def test_two_builds_into_one_folder_at_once_leave_whole_files_which_can_always_be_read(
    forker: Forker, whole: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    forker.run(build("first", tmp_path))
    torn: list[str] = []
    finished = threading.Event()

    def watch() -> None:
        while not finished.is_set():
            if not are_whole(tmp_path / "out", whole):
                torn.append("torn")

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(max(KILLS // 10, 5)):
        runs = forker.run(build("first", tmp_path), build("second", tmp_path), build("first", tmp_path))
        assert [run.code for run in runs] == [0, 0, 0], [run.said for run in runs]
        assert sorted(files(tmp_path / "out")) == sorted(NAMES)
    finished.set()
    watcher.join()
    assert not torn
    forker.run(build("second", tmp_path))
    assert files(tmp_path / "out") == whole["second"]


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    """A small file system, where this machine lets us have one."""
    folder.mkdir()
    if (
        not shutil.which("mount")
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("no file system may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def refuses(forker: Forker, run: Run, reason: str, out: Path, before: dict[str, bytes]) -> None:
    """A build that cannot write says why in one sentence and touches nothing."""
    (done,) = forker.run(run)
    assert done.code == 1
    assert "cannot be written" in done.said
    assert reason in done.said
    assert "Traceback" not in done.said
    assert files(out) == before


def test_a_full_disk_touches_nothing_that_was_there(forker: Forker, whole: dict[str, dict[str, bytes]], tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "900k"):
        folder = tmp_path / "small"
        assert forker.run(build("first", folder))[0].code == 0
        refuses(forker, build("second", folder), "No space left on device", folder / "out", whole["first"])


def test_a_file_that_may_grow_no_further_touches_nothing_that_was_there(
    forker: Forker, whole: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    assert forker.run(build("first", tmp_path))[0].code == 0
    refuses(forker, build("second", tmp_path, largest_file=100_000), "File too large", tmp_path / "out", whole["first"])
    forker.run(build("second", tmp_path))
    assert files(tmp_path / "out") == whole["second"]


def test_a_folder_that_may_not_be_written_is_said_and_stays(
    forker: Forker, whole: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    if os.geteuid():
        assert forker.run(build("first", tmp_path))[0].code == 0
        (tmp_path / "out").chmod(0o555)
        refuses(forker, build("second", tmp_path), "Permission denied", tmp_path / "out", whole["first"])
        (tmp_path / "out").chmod(0o755)
        return
    with mounted(tmp_path / "fixed", "8m"):
        folder = tmp_path / "fixed"
        assert forker.run(build("first", folder))[0].code == 0
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        refuses(forker, build("second", folder), "Read-only file system", folder / "out", whole["first"])


def test_only_what_no_writer_holds_is_left_over(tmp_path: Path) -> None:
    abandoned, held, other = (tmp_path / name for name in (".g.ttl.a1.part", ".g.ttl.b2.part", ".h.ttl.c3.part"))
    for path in (abandoned, held, other):
        path.write_text("part")
    with held.open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        write_files({tmp_path / "g.ttl": b"whole"})
    assert files(tmp_path) == {held.name: b"part", other.name: b"part", "g.ttl": b"whole"}
    write_files({tmp_path / "g.ttl": b"whole"})
    assert sorted(files(tmp_path)) == sorted([other.name, "g.ttl"])


def test_a_folder_in_the_place_of_a_file_keeps_the_others_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").mkdir()
    with pytest.raises(DataError, match=r"b: cannot be written \(it is a folder\)"):
        write_files({tmp_path / "a": b"new", tmp_path / "b": b"new"})
    assert (tmp_path / "a").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
