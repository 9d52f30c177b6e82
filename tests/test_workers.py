import os
import signal
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import pytest
from conftest import paper, run_kgraph

from kgraph.errors import WorkerError
from kgraph.knowledge import Knowledge
from kgraph.model import Paper, Reading
from kgraph.pipeline import read
from kgraph.workers import in_processes, refuse

pytestmark = pytest.mark.slow


def squaring(fatal: Sequence[int] = (), wrong: Sequence[int] = ()) -> Callable[[list[int]], Iterable[int]]:
    """Work that a process does not survive, or that has a bug, for some numbers."""

    def work(numbers: list[int]) -> Iterable[int]:
        for number in numbers:
            if number in fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            if number in wrong:
                raise ValueError(f"{number} is wrong")
            yield number * number

    return work


@pytest.mark.parametrize("number", [0, 1, 128, 129, 1000, 5000])
@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_items(number: int, jobs: int) -> None:
    items = range(number)
    assert list(in_processes(squaring, items, jobs, refuse)) == [item * item for item in items]


@pytest.mark.parametrize("fatal", [(0,), (999,), (500, 501, 777), tuple(range(320, 352))])
def test_only_what_a_process_died_on_is_lost(fatal: tuple[int, ...]) -> None:
    lost: list[int] = []

    def dead(item: int) -> int:
        lost.append(item)
        return -1

    results = list(in_processes(partial(squaring, fatal), range(1000), 3, dead))
    assert results == [-1 if item in fatal else item * item for item in range(1000)]
    assert sorted(lost) == sorted(fatal)


def test_a_bug_keeps_its_traceback() -> None:
    with pytest.raises(ValueError, match="700 is wrong") as caught:
        list(in_processes(partial(squaring, (), (700,)), range(1000), 2, refuse))
    assert "in work" in "".join(caught.value.__notes__)


def test_a_reader_that_has_seen_enough_leaves_no_process() -> None:
    import multiprocessing

    results = in_processes(squaring, range(10_000), 2, refuse)
    assert next(iter(results)) == 0
    results.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


def test_several_processes_read_the_same(seed_readings: list[Reading], knowledge: Knowledge) -> None:
    papers = [reading.paper for reading in seed_readings]
    assert list(read(papers, knowledge, jobs=3)) == seed_readings


def test_an_error_names_the_paper_on_which_a_process_died(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    from kgraph.reading import Reader

    old = Reader.read

    def fatal(self: Reader, papers: Sequence[Paper]) -> Iterable[Reading]:
        if any("deadly" in one.title for one in papers):
            os.kill(os.getpid(), signal.SIGKILL)
        return old(self, papers)

    monkeypatch.setattr(Reader, "read", fatal)
    papers = [paper(f"Paper {number}", "We propose OneNet.") for number in range(200)] + [paper("A deadly one")]
    with pytest.raises(WorkerError, match="A deadly one"):
        list(read(papers, knowledge, jobs=2))
    readings = list(read(papers, knowledge, jobs=2, dead=Reading))
    assert [reading.paper for reading in readings] == papers
    assert not readings[-1].mentions
    assert all(reading.mentions for reading in readings[:-1])


def test_the_command_says_how_many_processes() -> None:
    assert b"--jobs" in run_kgraph("build", "--help").stdout
