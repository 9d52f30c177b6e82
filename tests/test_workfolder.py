import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest
from conftest import SEEDS, paper, run_kgraph

from kgraph import building, export
from kgraph.building import Way, built
from kgraph.errors import DataError, KgraphError
from kgraph.export import FORMATS, render, write_graph, write_outputs
from kgraph.export.characters import carried
from kgraph.graph import assemble
from kgraph.intake import Intake, Merge, take_in
from kgraph.knowledge import Knowledge
from kgraph.model import Graph, Listing, Paper, Reading
from kgraph.papers import merge_papers
from kgraph.records import packed_paper, packed_reading, paper_of, reading_of
from kgraph.sources.identity import paper_id, primary
from kgraph.stored import assemble_from, read_into
from kgraph.workers import among_processes
from kgraph.workfolder import READS, WorkFolder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def some(seed_readings: list[Reading]) -> list[Reading]:
    return seed_readings[:150]


def read_in(folder: Path, papers: list[Paper], knowledge: Knowledge) -> tuple[int, bytes]:
    """How many papers a build in a work folder reads, and its Turtle."""
    with WorkFolder(folder, knowledge) as work:
        work.take(papers)
        number = sum(1 for _ in read_into(work, work.unread(), knowledge, among_processes(1), print))
        return number, render(assemble_from(work, knowledge), Path("g.ttl"), knowledge)


def turtle(readings: list[Reading], knowledge: Knowledge) -> bytes:
    return render(assemble(readings, knowledge), Path("g.ttl"), knowledge)


@pytest.fixture(scope="module")
def kept(some: list[Reading], knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work folder in which all but the last ten are read."""
    folder = tmp_path_factory.mktemp("work")
    number, written = read_in(folder, [reading.paper for reading in some[:-10]], knowledge)
    assert number == 140
    assert written == turtle(some[:-10], knowledge)
    return folder


def test_only_what_is_new_or_changed_is_read_and_the_bytes_are_those_of_a_full_build(
    kept: Path, some: list[Reading], knowledge: Knowledge
) -> None:
    papers = [reading.paper for reading in some]
    assert read_in(kept, papers, knowledge) == (10, turtle(some, knowledge))
    assert read_in(kept, papers[::-1], knowledge) == (0, turtle(some, knowledge))
    assert read_in(kept, papers[:20], knowledge) == (0, turtle(some[:20], knowledge))
    changed = Paper(papers[0].id, papers[0].title, papers[0].abstract + " It uses LoRA.", papers[0].listings)
    assert read_in(kept, [changed, *papers[1:]], knowledge)[0] == 1
    moved = Paper(papers[0].id, papers[0].title, papers[0].abstract, (Listing("other.txt", 7),))
    number, written = read_in(kept, [moved, *papers[1:]], knowledge)
    assert number == 0
    assert b"other.txt" in written


def test_every_writer_gives_the_same_from_disk(kept: Path, some: list[Reading], knowledge: Knowledge, tmp_path: Path) -> None:
    graph = assemble(some[:30], knowledge)
    with WorkFolder(kept, knowledge) as work:
        work.take([reading.paper for reading in some[:30]])
        on_disk = assemble_from(work, knowledge)
        assert Graph(*(tuple(getattr(on_disk, name)) for name in Graph.__dataclass_fields__)) == graph
        for suffix in FORMATS.keys() - {".db"}:
            assert render(on_disk, Path(f"g{suffix}"), knowledge) == render(graph, Path(f"g{suffix}"), knowledge), suffix
        for _ in range(2):  # the second time in the place of the first
            write_outputs(on_disk, str(tmp_path / "g.db"), knowledge)
    store = ox.Store.read_only(str(tmp_path / "g.db"))
    stored, said = (
        {(str(q.subject), str(q.predicate), getattr(q.object, "value", "")) for q in quads}
        for quads in (store, ox.parse(render(graph, Path("g.nt"), knowledge), ox.RdfFormat.N_TRIPLES))
    )  # a store has one type for all integers
    assert stored == said
    (tmp_path / "other.db").mkdir()
    with pytest.raises(DataError, match="what stands there is no such folder"):
        write_outputs(graph, str(tmp_path / "other.db"), knowledge)


def test_characters_that_a_format_cannot_carry_are_counted_on_disk_too(knowledge: Knowledge, tmp_path: Path) -> None:
    papers = [paper(f"Paper {number} \x01", "We propose OneNet\x02, which uses LoRA.") for number in range(3)]
    with WorkFolder(tmp_path / "work", knowledge) as work:
        work.take(papers)
        assert sum(1 for _ in read_into(work, work.unread(), knowledge, among_processes(1), print)) == 3
        graph = assemble_from(work, knowledge)
        in_memory = assemble([*work.readings()], knowledge)
        unfit = carried(in_memory, FORMATS[".graphml"].unfit)[1]
        assert unfit > 5
        counts = write_graph(graph, [tmp_path / "g.graphml", tmp_path / "g.nt"], knowledge)
        assert counts == {tmp_path / "g.graphml": unfit, tmp_path / "g.nt": 0}
        assert (tmp_path / "g.graphml").read_bytes() == render(in_memory, Path("g.graphml"), knowledge)


def test_a_format_that_needs_all_in_memory_is_refused_for_too_many_papers(
    kept: Path, some: list[Reading], knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_IN_MEMORY", 5)
    with WorkFolder(kept, knowledge) as work:
        work.take([reading.paper for reading in some[:6]])
        graph = assemble_from(work, knowledge)
        with pytest.raises(DataError, match=r"GEXF needs all papers in memory, of a work folder at most 5; .* \.ttl, \.nt, "):
            write_graph(graph, [tmp_path / "g.ttl", tmp_path / "g.gexf"], knowledge)
        assert not list(tmp_path.iterdir())


def test_what_is_packed_is_the_same_again(seed_readings: list[Reading]) -> None:
    for reading in seed_readings[:50]:
        one = paper_of(packed_paper(reading.paper))
        assert one == reading.paper
        assert reading_of(one, packed_reading(reading)) == reading
    odd = Paper("paper/x", "\ud800 \x00", "é \U0001f600", (Listing("a\udc80", 1),), identifiers=("doi:1",))
    assert paper_of(packed_paper(odd)) == odd


@pytest.mark.parametrize("seed", range(12))
def test_listings_are_merged_as_in_memory(seed: int, knowledge: Knowledge, tmp_path: Path) -> None:
    texts = ("", "TBA", "We propose OneNet, which reads.", "We propose OneNet, which", "Whales migrate along coasts.")
    draw = random.Random(seed)
    papers = []
    for number in range(draw.choice((0, 1, 60))):
        title = draw.choice(("One", "ONE", "Two", "Three", f"Paper {number}"))
        identifiers = tuple(
            draw.sample(["arxiv:2401.00001", "arxiv:2401.00001v2", "doi:10.1/x", "doi:10.1/y"], draw.choice((0, 0, 1, 2)))
        )
        one = replace(paper(title, draw.choice(texts)), listings=(Listing(draw.choice("ab"), number),), identifiers=identifiers)
        papers.append(replace(one, id=paper_id(title, primary(identifiers)), identifier=primary(identifiers)))
    with WorkFolder(tmp_path, knowledge) as work:
        taken = work.take(iter(papers))
        assert list(taken) == merge_papers(papers)
        assert len(taken) == len(list(taken))


def test_a_paper_on_which_a_process_died_is_told_and_tried_again(
    knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from kgraph.reading import Reader

    old, papers = Reader.read, [paper(f"Paper {number}", "We propose OneNet.") for number in range(140)]

    def fatal(self: Reader, some: list[Paper]) -> Iterator[Reading]:
        if any(one.title == "Paper 77" for one in some):
            os.kill(os.getpid(), signal.SIGKILL)
        return old(self, some)

    def take(*, merge: Merge = merge_papers) -> Intake:
        return Intake(merge(papers))

    with monkeypatch.context() as patched:
        patched.setattr(Reader, "read", fatal)
        with built(take, knowledge, (), Way(2, tmp_path)) as made:
            assert [one.title for one in made.lost] == ["Paper 77"]
            assert len(made.graph.papers) == 140
    assert "Paper 77" in capsys.readouterr().err
    with built(take, knowledge, (), Way(2, tmp_path)) as made, built(take, knowledge, (), Way(1)) as whole:
        assert not made.lost
        assert render(made.graph, Path("g.ttl"), knowledge) == render(whole.graph, Path("g.ttl"), knowledge)


def test_too_much_memory_is_refused_in_a_sentence(kept: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "memory", lambda: 3 * 10**9)
    told = pytest.raises(KgraphError, match=r"takes 3\.0 GB, and --max-memory allows 2\.0")
    with told, built(lambda merge: Intake(merge([paper("One")])), knowledge, (), Way(1, kept, 2 * 10**9)):
        pass


def test_memory_is_measured() -> None:
    assert 10**7 < building.memory() < 10**11


@pytest.mark.parametrize(
    ("options", "message"),
    [(["--max-memory", "2G"], b"without --work"), (["--max-memory", "much", "--work", "w"], b"expected a size such as 500M")],
)
def test_a_limit_that_cannot_be_kept_is_refused(options: list[str], message: bytes, tmp_path: Path) -> None:
    done = run_kgraph("build", "x", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.replace(b"\n", b" ")


def test_a_folder_that_is_at_work_or_no_work_folder_is_told(kept: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    with WorkFolder(kept, knowledge) as work:
        work.take([])
        with pytest.raises(DataError, match=r"cannot be used as a work folder \(database is locked"):
            WorkFolder(kept, knowledge)
    (tmp_path / "readings.sqlite").write_text("something else, and long enough to be taken for a base" * 20)
    with pytest.raises(DataError, match="cannot be used as a work folder"):
        WorkFolder(tmp_path, knowledge)


def test_a_build_killed_while_it_reads_goes_on_to_the_same_bytes(tmp_path: Path, knowledge: Knowledge) -> None:
    source = sorted(SEEDS.glob("*.txt"))[:2]
    command = [sys.executable, "-m", "kgraph", "build", *map(str, source), "--work", "work", "-o", "g.ttl", "--jobs", "2"]
    running = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL)
    base = tmp_path / "work" / "readings.sqlite"
    own = base.with_name("build.sqlite")
    while running.poll() is None and not (own.exists() and own.stat().st_size > 10**5):
        time.sleep(0.01)
    running.kill()
    running.wait()
    done = run_kgraph(*command[3:], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with built(partial(take_in, source), knowledge, (), Way(1)) as whole:
        assert (tmp_path / "g.ttl").read_bytes() == render(whole.graph, Path("g.ttl"), knowledge)
    with sqlite3.connect(base) as readings:
        assert readings.execute("SELECT COUNT(*) FROM reading").fetchone()[0] == len(whole.graph.papers)
    readings.close()
    assert sorted(path.name for path in base.parent.iterdir()) == ["readings.sqlite"]


def test_a_reading_depends_on_no_other_code() -> None:
    text = """
        import sys
        from kgraph.knowledge import load_knowledge
        from kgraph.model import Paper
        from kgraph.pipeline import reader
        list(reader(load_knowledge())([Paper("paper/x", "OneNet", "We propose OneNet, which gets 61.7% on GSM8K.")]))
        print(*(name.removeprefix("kgraph.").replace(".", "/") for name in sys.modules if name.startswith("kgraph.")))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(text)], capture_output=True, text=True, check=True)
    others = {name for name in done.stdout.split() if not f"{name}/".startswith(READS) and not name.startswith("sources")}
    assert others == {"curation", "decisions", "errors", "graph", "papers", "proof", "resolving", "workers"}
