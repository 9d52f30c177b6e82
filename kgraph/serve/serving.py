"""The server: one process that speaks HTTP and workers that answer, from the first request to the last signal."""

import gc
import os
import socket
import sys
from pathlib import Path

from kgraph.errors import SetupError
from kgraph.knowledge import Knowledge
from kgraph.query.running import Limits
from kgraph.query.worker import can_fork
from kgraph.serve.front import Front
from kgraph.serve.pool import Pool
from kgraph.serve.site import open_site

_MOST = 32
"""Workers at most, those with slow queries included."""


def serve_graph(graph: Path, knowledge: Knowledge, port: int, limits: Limits, cors: str = "") -> None:
    """Serve a graph at 127.0.0.1 until a signal ends it.

    Raises:
        DataError: the graph cannot be read.
        SetupError: the server's packages are not installed, the port is taken, or the system cannot fork.
    """
    try:
        import uvicorn
    except ImportError as error:
        raise SetupError("Serving needs uvicorn; install it with: pip install 'kgraph[serve]'") from error
    if not can_fork():
        raise SetupError("Serving needs a system that can fork, such as Linux, macOS or WSL.")
    place = _listen(port)
    if graph.is_dir():  # a store on disk is opened by each worker: its threads do not survive a fork
        pool = Pool(lambda: open_site(graph, knowledge, limits.rows).handle, limits, _kept(), _MOST)
    else:
        site = open_site(graph, knowledge, limits.rows)
        pool = Pool(lambda: site.handle, limits, _kept(), _MOST)
    gc.freeze()  # so that workers share the graph's pages
    config = uvicorn.Config(
        Front(pool, cors), log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=1, ws="none"
    )
    print(f"Serving {graph} at http://127.0.0.1:{place.getsockname()[1]}/ (Ctrl-C stops it).", file=sys.stderr, flush=True)
    uvicorn.Server(config).run(sockets=[place])


def _kept() -> int:
    return max(2, min(4, os.cpu_count() or 2))


def _listen(port: int) -> socket.socket:
    place = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, else asyncio leaves delays in
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        place.bind(("127.0.0.1", port))
    except OSError as error:
        raise SetupError(f"Port {port} cannot be had ({error.strerror}); choose another with: kgraph serve --port 0") from error
    place.listen(1024)  # who comes before the workers are ready waits for them
    return place
