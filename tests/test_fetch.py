"""Records from arXiv and OpenAlex: asked for politely, kept as they came, and not asked for twice. The server is our own."""

import gzip
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT, run_kgraph
from replay import Answer, Replay, recorded, replaying

from kgraph.errors import DataError
from kgraph.fetch.fetching import PROVENANCE, Kept, fetch, folder_of
from kgraph.fetch.services import Query
from kgraph.intake import take_in
from kgraph.model import Paper
from kgraph.sources import read_records

ARXIV, OPENALEX = Query("arxiv", "all:quorp"), Query("openalex", "quorp")


@pytest.fixture
def replay() -> Iterator[Replay]:
    with replaying() as server:
        yield server


class Rests:
    """Waits for nothing and remembers for how long it should have, and why."""

    def __init__(self) -> None:
        self.waits: list[tuple[float, str]] = []

    def __call__(self, seconds: float, reason: str) -> None:
        self.waits.append((seconds, reason))

    @property
    def told(self) -> list[tuple[float, str]]:
        return [(seconds, reason) for seconds, reason in self.waits if reason]


def fetched(query: Query, folder: Path, replay: Replay, most: int = 100, **given: object) -> list[Kept]:
    options = {"pause": 0.0, "rest": Rests(), **given}
    return list(fetch(query, folder, most, address=replay.url, **options))  # type: ignore[arg-type]


def titles(folder: Path) -> list[str]:
    return [one.title for one in read_records([folder]) if isinstance(one, Paper)]


ALL = ["QuorpNet: Fast Quorping", "Slow Quorping Is Enough", "On α-Quorps", "QuorpBench", "Do Quorps Quorp?"]


@pytest.mark.parametrize("query", [ARXIV, OPENALEX], ids=lambda query: query.service)
def test_all_pages_are_kept_as_they_came_and_are_what_build_reads(query: Query, replay: Replay, tmp_path: Path) -> None:
    pages = fetched(query, tmp_path, replay)
    folder = folder_of(query, tmp_path, replay.url)
    assert [page.records for page in pages] == [2, 2, 1]
    names = ["arxiv-0.xml", "arxiv-2.xml", "arxiv-4.xml"]
    if query is OPENALEX:
        names = ["openalex-start.json", "openalex-IlsxNzA0.json", "openalex-IlsxNzA1.json"]
    assert [(folder / page.file).read_bytes() for page in pages] == [recorded(name) for name in names]
    assert titles(folder) == ALL


def test_each_answer_has_its_question_address_and_time_beside_it(replay: Replay, tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    fetched(replace(OPENALEX, since="2024-01", filter="type:article"), tmp_path, replay, mailto="ada@example.org")
    (place,) = tmp_path.glob("*/" + PROVENANCE)
    rows = [json.loads(line) for line in place.read_text().splitlines()]
    assert [row["file"] for row in rows] == ["00001.json", "00002.json", "00003.json"]
    assert {(row["service"], row["query"], row["since"], row["filter"]) for row in rows} == {
        ("openalex", "quorp", "2024-01", "type:article")
    }
    assert [row["url"].partition("?")[0] for row in rows] == [replay.url] * 3
    assert all(before <= datetime.fromisoformat(row["time"]) <= datetime.now(UTC) for row in rows)
    assert "ada@example.org" not in place.read_text()
    sent = replay.asked[0].url.partition("?")[2].replace("&mailto=ada%40example.org", "")
    assert rows[0]["url"].partition("?")[2] == sent


def test_the_service_is_told_who_asks_and_the_key_is_never_kept(
    replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENALEX_API_KEY", "s3cret")
    fetched(OPENALEX, tmp_path, replay, mailto="ada@example.org")
    assert {one.parameters["api_key"] for one in replay.asked} == {"s3cret"}
    assert {one.parameters["mailto"] for one in replay.asked} == {"ada@example.org"}
    assert all(one.headers["User-Agent"] == "kgraph/0.1.0 (mailto:ada@example.org)" for one in replay.asked)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"s3cret" not in path.read_bytes()
    replay.first = [Answer(b"no", 401)]
    with pytest.raises(DataError) as caught:
        fetched(replace(OPENALEX, text="other"), tmp_path, replay, mailto="ada@example.org")
    assert "s3cret" not in str(caught.value)
    assert "ada" not in str(caught.value)


def test_questions_are_what_the_services_understand(replay: Replay, tmp_path: Path) -> None:
    fetched(Query("arxiv", "cat:cs.CL OR ti:x", since="2024-02", order="oldest"), tmp_path, replay, most=1)
    assert replay.asked[-1].parameters == {
        "search_query": "(cat:cs.CL OR ti:x) AND submittedDate:[202402010000 TO 999912312359]",
        "start": "0",
        "max_results": "1",
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }
    fetched(Query("openalex", "a b", since="2024", filter="type:article", order="relevance"), tmp_path, replay, most=300)
    assert replay.asked[-3].parameters == {
        "search": "a b",
        "filter": "type:article,from_publication_date:2024-01-01",
        "sort": "relevance_score:desc",
        "per_page": "100",
        "cursor": "*",
    }


def test_no_two_questions_are_closer_than_the_pause(replay: Replay, tmp_path: Path) -> None:
    list(fetch(ARXIV, tmp_path, 100, address=replay.url, pause=0.3))
    times = [one.at for one in replay.asked]
    assert all(later - earlier >= 0.29 for earlier, later in pairwise(times))


def test_arxiv_is_given_its_three_seconds(replay: Replay, tmp_path: Path) -> None:
    rests = Rests()
    list(fetch(ARXIV, tmp_path, 3, address=replay.url, rest=rests))
    assert 2.5 < rests.waits[0][0] <= 3.0


def test_what_is_there_is_not_asked_for_again_and_more_goes_on_from_there(replay: Replay, tmp_path: Path) -> None:
    fetched(ARXIV, tmp_path, replay, most=2)
    assert len(replay.asked) == 1
    assert len(fetched(ARXIV, tmp_path, replay)) == 3
    assert [one.parameters["start"] for one in replay.asked] == ["0", "2", "4"]
    assert sum(page.records for page in fetched(ARXIV, tmp_path, replay)) == 5
    assert len(replay.asked) == 3
    fetched(ARXIV, tmp_path, replay, again=True)
    assert len(replay.asked) == 6


def test_an_answer_that_was_touched_is_asked_for_again(replay: Replay, tmp_path: Path) -> None:
    fetched(ARXIV, tmp_path, replay)
    second = folder_of(ARXIV, tmp_path, replay.url) / "00002.xml"
    second.write_bytes(b"<feed/>")
    assert len(fetched(ARXIV, tmp_path, replay)) == 3
    assert [one.parameters["start"] for one in replay.asked[3:]] == ["2", "4"]
    assert second.read_bytes() == recorded("arxiv-2.xml")


def test_fewer_pages_leave_none_of_an_earlier_run(replay: Replay, tmp_path: Path) -> None:
    fetched(ARXIV, tmp_path, replay)
    fetched(ARXIV, tmp_path, replay, most=2, again=True)
    assert sorted(path.name for path in folder_of(ARXIV, tmp_path, replay.url).iterdir()) == ["00001.xml", PROVENANCE]


def test_a_busy_service_is_asked_later_and_as_late_as_it_wants(replay: Replay, tmp_path: Path) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    replay.first = [
        Answer(b"slow down", 429, {"Retry-After": "17"}),
        Answer(b"", 503),
        Answer(b"", 500, {"Retry-After": soon}),
        Answer(b"", 502, {"Retry-After": "nonsense"}),
    ]
    rests = Rests()
    pages = fetched(ARXIV, tmp_path, replay, pause=1.0, rest=rests)
    assert [page.records for page in pages] == [2, 2, 1]
    waits = [seconds for seconds, _ in rests.told]
    assert (waits[0], waits[1], waits[3]) == (17, 4, 16)
    assert 35 < waits[2] <= 40
    assert rests.told[0][1] == "it answers 429; asking again in 17 s"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(recorded("arxiv-empty.xml")), "expected records from 1 on, but the page is empty"),
        (Answer(recorded("arxiv-0.xml")[:900]), "expected a whole Atom feed"),
        (Answer(b"<html>Please log in to the network</html>"), "expected a whole Atom feed, but it begins with “<html>"),
        (Answer(recorded("arxiv-0.xml")[:900], length=9000), "it cannot be reached"),
        (Answer(b"\x1f\x8bnot", headers={"Content-Encoding": "gzip"}), "it cannot be reached"),
    ],
    ids=["empty", "cut", "portal", "short", "gzip"],
)
def test_an_answer_that_is_none_is_asked_for_again(answer: Answer, reason: str, replay: Replay, tmp_path: Path) -> None:
    rests = Rests()
    replay.first = [answer]
    assert sum(page.records for page in fetched(ARXIV, tmp_path, replay, rest=rests)) == 5
    assert rests.told[0][1].startswith(reason)
    assert titles(tmp_path) == ALL


def test_a_gzipped_answer_is_kept_as_what_it_says(replay: Replay, tmp_path: Path) -> None:
    replay.first = [Answer(gzip.compress(recorded("arxiv-0.xml")), headers={"Content-Encoding": "gzip"})]
    fetched(ARXIV, tmp_path, replay)
    assert titles(tmp_path) == ALL


@pytest.mark.parametrize(
    ("query", "answers", "sentence"),
    [
        (ARXIV, [Answer(b"", 503)] * 6, "it answers 503; the same command goes on from here"),
        (
            ARXIV,
            [Answer(b"", 429, {"Retry-After": "7200"})],
            "it wants to be asked again in 7200 seconds; the same command goes on",
        ),
        (ARXIV, [Answer(recorded("arxiv-error.xml"), 400)], "it answers 400; it says: “start must be an integer”"),
        (ARXIV, [Answer(recorded("arxiv-error.xml"))], "it says: “start must be an integer”"),
        (OPENALEX, [Answer(recorded("openalex-error.json"), 403)], "it answers 403; it says: “author_name is not a valid field."),
        (ARXIV, [Answer(b"", 404)], "it answers 404"),
        (OPENALEX, [Answer(b"[" * 100_000)] * 6, "expected JSON, but it begins with “[[["),
        (OPENALEX, [Answer(b"[]")] * 6, "expected results and their count"),
    ],
)
def test_a_refusal_is_one_sentence_and_loses_nothing(
    query: Query, answers: list[Answer], sentence: str, replay: Replay, tmp_path: Path
) -> None:
    fetched(query, tmp_path, replay, most=2)
    replay.first = list(answers)
    with pytest.raises(DataError, match=r"^http://127.0.0.1:\d+/api\?") as caught:
        fetched(query, tmp_path, replay)
    assert sentence in str(caught.value)
    assert titles(tmp_path) == ALL[:2]
    assert len(fetched(query, tmp_path, replay)) == 3


def test_an_answer_without_end_is_left_alone(replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgraph.fetch.asking.LARGEST_ANSWER", 1 << 20)
    replay.first = [Answer(gzip.compress(b"<feed>" + b" " * (1 << 26)), headers={"Content-Encoding": "gzip"})]
    with pytest.raises(DataError, match="expected an answer of at most"):
        fetched(ARXIV, tmp_path, replay)


def test_the_command_says_what_it_does_and_build_reads_what_it_kept(replay: Replay, tmp_path: Path) -> None:
    words = ["fetch", "arxiv", "all:quorp", "--url", replay.url, "--pause", "0"]
    done = run_kgraph(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    assert b"arXiv: 5 of 5 records (5 match)." in done.stderr
    (folder,) = (tmp_path / "fetched").iterdir()
    assert f"read them: kgraph build fetched/{folder.name}".encode() in done.stderr
    assert [len(take_in([folder]).papers), titles(folder)] == [5, ALL]
    replay.first = [Answer(recorded("arxiv-none.xml"))]
    done = run_kgraph("fetch", "arxiv", "all:nothing", "--url", replay.url, cwd=tmp_path)
    assert done.returncode == 0
    assert b"No record matches." in done.stderr
    replay.first = [Answer(b"", 404)]
    done = run_kgraph("fetch", "arxiv", "all:other", "--url", replay.url, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(b"kgraph: http://127.0.0.1:")


@pytest.mark.parametrize(
    "words",
    [
        ["arxiv", " "],
        ["arxiv", "x", "--since", "soon"],
        ["arxiv", "x", "--filter", "type:article"],
        ["arxiv", "x", "--pause", "1"],
        ["arxiv", "x", "--url", "file:///etc/passwd"],
        ["arxiv", "x\udcff"],
        ["scholar", "x"],
    ],
)
def test_wrong_words_are_said_and_nothing_is_asked(words: list[str], tmp_path: Path) -> None:
    done = run_kgraph("fetch", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_nobody_at_the_address_and_a_folder_that_cannot_be_written_are_sentences(replay: Replay, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(DataError, match="it cannot be reached \\(Connection refused\\)"):
        list(fetch(ARXIV, tmp_path, 1, address=address, pause=0.0))
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        fetched(ARXIV, tmp_path / "file", replay)


def test_a_fetch_that_is_killed_goes_on_where_it_was(replay: Replay, tmp_path: Path) -> None:
    words = ["fetch", "openalex", "quorp", "--url", replay.url, "--pause", "0.4"]
    running = subprocess.Popen(
        [sys.executable, "-m", "kgraph", *words], cwd=tmp_path, stderr=subprocess.PIPE, env=dict(os.environ)
    )
    assert running.stderr
    for line in running.stderr:
        if b"2 of 5" in line:
            break
    running.kill()
    running.communicate()
    asked = len(replay.asked)
    assert run_kgraph(*words, cwd=tmp_path).returncode == 0
    assert "*" not in {one.parameters["cursor"] for one in replay.asked[asked:]}
    assert titles(tmp_path / "fetched") == ALL
    assert not list(tmp_path.rglob(".*.part"))


def test_the_commands_help_loads_no_client() -> None:
    script = "import sys, kgraph.fetch.command; print([m for m in ('requests', 'urllib3', 'json') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"


def test_kept_files_are_as_readable_as_others(replay: Replay, tmp_path: Path) -> None:
    fetched(ARXIV, tmp_path, replay, most=1)
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((folder_of(ARXIV, tmp_path, replay.url) / "00001.xml").stat().st_mode) == 0o666 & ~umask
