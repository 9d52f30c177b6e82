"""A server of kgraph as a process, and requests to it."""

import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

os.environ.setdefault("NO_PROXY", "127.0.0.1,localhost")


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


class Server(NamedTuple):
    process: subprocess.Popen[bytes]
    port: int

    def __call__(self, path: str, method: str = "GET", body: bytes | str | None = None, **headers: str) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        link.request(method, path, body, fields)
        got = link.getresponse()
        answer = Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
        link.close()
        return answer

    def ask(self, query: str, **headers: str) -> Answer:
        return self("/sparql?" + urlencode({"query": query}), **headers)


def start(graph: Path, *options: str) -> Server:
    call = [sys.executable, "-m", "kgraph", "serve", str(graph), "--port", "0", *options]
    process = subprocess.Popen(call, stderr=subprocess.PIPE)
    assert process.stderr
    said = process.stderr.readline().decode()
    assert said.startswith("Serving "), said
    return Server(process, int(said.split("127.0.0.1:")[1].split("/")[0]))


def stop(server: Server) -> float:
    started = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(timeout=20)
    if server.process.stderr:
        server.process.stderr.close()
    return time.monotonic() - started
