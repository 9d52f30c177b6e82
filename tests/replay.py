"""A server on this machine that replays recorded answers of arXiv's and OpenAlex's APIs, and remembers what it was asked."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from conftest import ROOT

ANSWERS = ROOT / "tests" / "answers"


class Answer(NamedTuple):
    content: bytes
    status: int = 200
    headers: Mapping[str, str] = {}
    length: int | None = None  # what Content-Length says


class Asked(NamedTuple):
    at: float
    url: str
    parameters: dict[str, str]
    headers: dict[str, str]


@dataclass
class Replay:
    """What was asked, and answers that come before the recorded ones, such as refusals."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    first: list[Answer] = field(default_factory=list)

    def answer(self, parameters: Mapping[str, str]) -> Answer:
        if self.first:
            return self.first.pop(0)
        if "cursor" in parameters:
            place = "start" if parameters["cursor"] == "*" else parameters["cursor"]
            return Answer(recorded(f"openalex-{place}.json"))
        return Answer(recorded(f"arxiv-{parameters['start']}.xml"))


def recorded(name: str) -> bytes:
    return (ANSWERS / name).read_bytes()


@contextmanager
def replaying() -> Iterator[Replay]:
    replay = Replay()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            parameters = {key: values[0] for key, values in parse_qs(parts.query).items()}
            replay.asked.append(Asked(time.monotonic(), self.path, parameters, dict(self.headers)))
            answer = replay.answer(parameters)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content) if answer.length is None else answer.length))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    replay.url = f"http://127.0.0.1:{server.server_port}/api"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
