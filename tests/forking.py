"""A process that has loaded everything once and forks a child for each run of kgraph, which may be stopped at any moment.

A run takes a tenth of a second so, and a thousand can be stopped in minutes. Requests and answers are JSON lines.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Run:
    """What to run, where, and how it is to be disturbed; in an answer, how it ended and what it wrote and said."""

    words: Sequence[str]
    folder: str
    environment: dict[str, str] = field(default_factory=dict)
    stop_after: float | None = None
    signal: int = signal.SIGKILL
    largest_file: int = 0
    code: int = 0  # the exit code, or the signal's number below zero
    seconds: float = 0.0
    out: str = ""  # standard output, bytes that are no UTF-8 as lone surrogates
    said: str = ""  # standard error


class Forker:
    """The process that forks, with an environment of its own; use as a context."""

    def __init__(self, **environment: str) -> None:
        self._environment = {**os.environ, **environment}

    def __enter__(self) -> "Forker":
        command = [sys.executable, str(Path(__file__).resolve())]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=self._environment
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()

    def run(self, *runs: Run) -> list[Run]:
        """Run all at once, and wait for all."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([one.__dict__ for one in runs]) + "\n")
        self._process.stdin.flush()
        return [Run(**one) for one in json.loads(self._process.stdout.readline())]


def serve() -> None:
    load()
    for line in sys.stdin:
        runs = [Run(**one) for one in json.loads(line)]
        children = [(run, *start(run)) for run in runs]
        for run, child, *_ in children:
            if run.stop_after is not None:
                time.sleep(max(0.0, run.seconds + run.stop_after - time.monotonic()))
                os.kill(child, run.signal)
        for run, child, out, talk in children:
            _, status = os.waitpid(child, 0)
            run.code, run.seconds = os.waitstatus_to_exitcode(status), time.monotonic() - run.seconds
            run.out, run.said = written(out), written(talk)
        print(json.dumps([run.__dict__ for run in runs]), flush=True)


def load() -> None:
    """Load what a run needs, and let each reader be the one that is there."""
    from functools import cache
    from tempfile import TemporaryDirectory

    import kgraph.knowledge
    import kgraph.proof
    import kgraph.reading

    kgraph.reading.Reader = cache(kgraph.reading.Reader)  # type: ignore[misc, assignment]
    kgraph.knowledge.load_knowledge = cache(kgraph.knowledge.load_knowledge)
    sys.stdout, talk = sys.stderr, sys.stdout
    with TemporaryDirectory() as folder:
        paper = Path(folder) / "one.jsonl"
        paper.write_text('{"title": "One", "abstract": "We propose OneNet."}\n')
        call("build", str(paper), "-o", folder)
    sys.stdout = talk


def written(file: int) -> str:
    """What stands in a file, which is closed."""
    os.lseek(file, 0, os.SEEK_SET)
    with os.fdopen(file, "rb") as content:
        return content.read().decode("utf-8", "surrogateescape")


def start(run: Run) -> tuple[int, int, int]:
    out, talk = os.memfd_create("out"), os.memfd_create("talk")
    sys.stdout.flush()
    run.seconds = time.monotonic()  # when it began, until it ends
    child = os.fork()
    if not child:
        code = 70
        try:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out, 1)
            os.dup2(talk, 2)
            os.chdir(run.folder)
            os.environ.update(run.environment)
            if run.largest_file:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (run.largest_file, run.largest_file))
            code = call(*run.words)
        except KeyboardInterrupt:
            code = 130
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return child, out, talk


def call(*words: str) -> int:
    from kgraph.cli import main

    sys.argv = ["kgraph", *words]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    serve()
