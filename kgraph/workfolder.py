"""A folder in which a build keeps what it reads, so that no paper is read twice and none needs to stay in memory.

It holds SQLite files, which come with Python, find by key, sort what does not fit in memory, and are whole whenever they are
stopped. `readings.sqlite` has each reading under the hash of all that it depends on (the paper's id and text, the knowledge, the
code): what a later build, or one that was stopped before, finds done. `build.sqlite` has the papers and statements of one build.
"""

import hashlib
import sqlite3
import time
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from kgraph.errors import DataError
from kgraph.knowledge import Knowledge
from kgraph.model import Claim, Paper, Reading, Result
from kgraph.papers import may_be_one, merge_papers
from kgraph.records import packed_paper, paper_of, reading_of
from kgraph.streamed import Streamed

T = TypeVar("T")
_KEPT = """
PRAGMA locking_mode = EXCLUSIVE;
BEGIN EXCLUSIVE;
CREATE TABLE IF NOT EXISTS reading (key BLOB PRIMARY KEY, said BLOB);
CREATE TABLE IF NOT EXISTS reader (hash TEXT);
COMMIT;
"""
_BUILD = """
PRAGMA build.journal_mode = OFF;
PRAGMA build.synchronous = OFF;
CREATE TABLE build.paper (id TEXT PRIMARY KEY, key BLOB, record BLOB);
CREATE TABLE build.claim (head, relation, tail, paper, start, stop, rule, confidence);
CREATE TABLE build.result (subject, benchmark, metric, value, kind, paper, start, stop, rule, confidence);
"""
_CLAIM = "INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_RESULT = "INSERT INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_TEXTS = 1 << 12
_SECONDS = 2.0
"""How much work may be lost when a build is stopped."""


class Packed(NamedTuple):
    """A paper's id, the paper, and what it says, empty where it could not be read."""

    paper: str
    record: bytes
    said: bytes


class WorkFolder:
    """The readings kept in a folder, and the tables of the build that goes on; a context, and for one build at a time.

    Raises:
        DataError: the folder cannot be written, holds something else, or another build is at work in it.
    """

    def __init__(self, folder: Path, knowledge: Knowledge) -> None:
        self._path, self._own = folder / "readings.sqlite", folder / "build.sqlite"
        self._knowledge = fingerprint(knowledge, READS)
        self.key = partial(_key, self._knowledge)
        """Gives the hash of all that a paper's reading depends on."""
        with self._told():
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(self._path, timeout=1.0)
            self._base.executescript(_KEPT)
            if self._base.execute("SELECT hash FROM reader").fetchall() != [(self._knowledge,)]:
                self._base.executescript("DELETE FROM reading; DELETE FROM reader")
                self._base.execute("INSERT INTO reader VALUES (?)", (self._knowledge,))
                self._base.commit()
            self._own.unlink(missing_ok=True)
            self._base.execute("ATTACH ? AS build", (str(self._own),))
            self._base.executescript(_BUILD)

    def __enter__(self) -> "WorkFolder":
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()
        self._own.unlink(missing_ok=True)

    def take(self, papers: Iterable[Paper]) -> "Papers":
        """Take the papers of this build, each once, and few of them in memory at a time."""
        with self._told():
            self._base.execute("CREATE TABLE build.listing (place INTEGER PRIMARY KEY, id TEXT, record BLOB)")
        groups = {place: group for group in may_be_one(self._listed(papers)) for place in group}
        with self._told():
            self._base.executemany("INSERT INTO paper VALUES (?, ?, ?)", self._merged(groups))
            self._base.execute("DROP TABLE listing")
            self._base.commit()
        return self.papers

    def _listed(self, papers: Iterable[Paper]) -> Iterator[Paper]:
        """The papers, kept by their places as they pass."""
        for place, paper in enumerate(papers):
            with self._told():
                self._base.execute("INSERT INTO listing VALUES (?, ?, ?)", (place, paper.id, packed_paper(paper)))
            yield paper

    def _merged(self, groups: Mapping[int, list[int]]) -> Iterator[tuple[str, bytes, bytes]]:
        """The rows of the papers that the listings are, nearly sorted, so that what is read together stands together."""
        done: set[int] = set()
        for place, record in self._base.execute("SELECT place, record FROM listing ORDER BY id, place"):
            if place in done:
                continue
            some, find = {paper_of(record): record}, "SELECT record FROM listing WHERE place = ?"
            if place in groups:
                done.update(groups[place])
                some = {paper_of(one): one for at in groups[place] for one in self._base.execute(find, (at,)).fetchone()}
            for paper in merge_papers(some):
                yield paper.id, self.key(paper), some.get(paper) or packed_paper(paper)

    def unread(self) -> "Unread":
        """The papers whose reading is not kept, sorted by id."""
        return Unread(self._base)

    def keep(self, readings: Iterable[tuple[bytes, bytes]]) -> Iterator[None]:
        """Keep packed readings by their keys as they come; one that is empty is left for the next build to try again."""
        saved = time.monotonic()
        for key, content in readings:
            with self._told():
                if content:
                    self._base.execute("INSERT OR REPLACE INTO reading VALUES (?, ?)", (key, content))
                if time.monotonic() > saved + _SECONDS:
                    self._base.commit()
                    saved = time.monotonic()
            yield
        with self._told():
            self._base.commit()

    def readings(self) -> Iterator[Reading]:
        """The reading of each paper, sorted by its id."""
        return (reading_of(paper_of(record), said) for _, record, said in self.packed())

    def packed(self) -> Iterator["Packed"]:
        """The same as they are kept."""
        query = "SELECT id, record, COALESCE(said, x'') FROM paper LEFT JOIN reading USING (key) ORDER BY id"
        return map(Packed._make, self._base.execute(query))

    def state(self, claims: Iterable[Claim], results: Iterable[Result]) -> None:
        """Take statements with their evidence, and results, in any order."""
        with self._told():
            self._base.executemany(_CLAIM, ((*one[:3], *one[3]) for one in claims))
            self._base.executemany(_RESULT, ((*one[:5], *one[5]) for one in results))

    def sorted(self, table: str, make: Callable[[Iterator[Any]], Iterator[T]]) -> "Streamed[T]":
        """The records that are made of the rows of a table, sorted."""
        width = len(self._base.execute(f"SELECT * FROM {table}").description)  # noqa: S608 - a name of our own
        columns = ", ".join(map(str, range(1, width + 1)))
        with self._told():
            self._base.execute(f"CREATE TABLE build.sorted_{table} AS SELECT DISTINCT * FROM {table} ORDER BY {columns}")  # noqa: S608
            self._base.execute(f"DROP TABLE {table}")
        return Streamed(lambda: make(self._base.execute(f"SELECT * FROM sorted_{table} ORDER BY rowid")))  # noqa: S608

    @property
    def papers(self) -> "Papers":
        """All papers, sorted by id."""
        return Papers(self._base)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in a sentence what is wrong with the folder."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise DataError(self._path, None, f"cannot be used as a work folder ({error})") from error


class Unread(Collection[Paper]):
    """The papers that are new or changed, each from disk when it is its turn."""

    def __init__(self, base: sqlite3.Connection) -> None:
        query = "SELECT paper.rowid FROM paper LEFT JOIN reading USING (key) WHERE reading.key IS NULL ORDER BY id"
        self._base, self._places = base, array("Q", (place for (place,) in base.execute(query)))

    def __iter__(self) -> Iterator[Paper]:
        for place in self._places:
            yield paper_of(self._base.execute("SELECT record FROM paper WHERE rowid = ?", (place,)).fetchone()[0])

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, paper: object) -> bool:
        return any(one == paper for one in self)


class Papers(Streamed[Paper]):
    """Papers on disk, whose texts are found by their ids."""

    def __init__(self, base: sqlite3.Connection, make: Callable[[Paper], Paper] = lambda paper: paper) -> None:
        self._base = base
        query, find = "SELECT record FROM paper ORDER BY id", "SELECT record FROM paper WHERE id = ?"
        super().__init__(lambda: (make(paper_of(record)) for (record,) in base.execute(query)))
        self.text_of = lru_cache(_TEXTS)(lambda one: make(paper_of(base.execute(find, (one,)).fetchone()[0])).text)

    def __len__(self) -> int:
        return int(self._base.execute("SELECT COUNT(*) FROM paper").fetchone()[0])

    def mapped(self, make: Callable[[Paper], Paper]) -> "Papers":
        """Other papers, made of each as it comes."""
        return Papers(self._base, make)


def _key(knowledge: str, paper: Paper) -> bytes:
    parts = (knowledge, paper.id, paper.title, paper.abstract)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "backslashreplace")).digest()


READS = (
    *("batches", "knowledge", "lexicon", "linking", "marks", "model", "ontology", "pattern_files", "patterns", "pipeline"),
    *("reading/", "records", "relating", "results"),
)
"""The code on which a reading depends."""


def fingerprint(knowledge: Knowledge, code: tuple[str, ...] = ("",)) -> str:
    """The hash of the knowledge and of the code whose names begin with one of those given, by default of all."""
    whole = hashlib.sha256(f"{knowledge.base} spaCy {version('spacy')}".encode())
    for folder, suffixes in ((Path(__file__).parent, {".py"}), (knowledge.folder, {".toml", ".tsv", ".ttl"})):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.suffix in suffixes and (path.suffix != ".py" or name.removesuffix(".py").startswith(code)):
                whole.update(f"{name}\x1f{path.stat().st_size}\x1f".encode())
                whole.update(path.read_bytes())
    return whole.hexdigest()
