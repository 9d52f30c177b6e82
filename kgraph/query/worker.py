"""A process that answers one message after another and can be killed: a hostile query ends it, and it alone.

It is forked, so that a graph in memory is there at once and stands in memory once. When it is ready it can open no file and no
connection, takes no more memory than it is given, and ends by itself when the process that asks is gone.
"""

import json
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from kgraph.errors import KgraphError, LimitError, QueryError
from kgraph.query.running import Limits

Handler = Callable[[bytes], bytes]
HEAD = struct.Struct(">cI")
DONE, FAILED = b"+", b"-"
_GRACE = 2


class Worker(NamedTuple):
    """A process and the socket to it."""

    pid: int
    link: socket.socket

    def end(self) -> None:
        """Kill the process."""
        self.link.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def can_fork() -> bool:
    """Whether this system can run a worker."""
    return hasattr(os, "fork")


def hire(prepare: Callable[[], Handler], limits: Limits) -> Worker:
    """Start a process that prepares its handler and then answers messages with it."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid:
        theirs.close()
        return Worker(pid, ours)
    code = 1
    try:
        _work(theirs, prepare, limits)
        code = 0
    finally:
        if bug := sys.exc_info()[1]:
            sys.excepthook(type(bug), bug, bug.__traceback__)
        os._exit(code)


def ask_once(prepare: Callable[[], Handler], message: bytes, limits: Limits) -> bytes:
    """What a new worker answers to one message; the time that it takes to prepare is not counted.

    Raises:
        LimitError: it takes too long, or dies.
        KgraphError: what its preparation or its handler raised.
    """
    worker = hire(prepare, limits)
    try:
        _reply(worker.link)  # it is ready
        worker.link.settimeout(limits.seconds)
        worker.link.sendall(HEAD.pack(DONE, len(message)) + message)
        return _reply(worker.link)
    except TimeoutError:
        raise out_of_time(limits) from None
    except ConnectionError:
        pass
    finally:
        worker.end()
    raise died(limits)


def _reply(link: socket.socket) -> bytes:
    flag, size = HEAD.unpack(receive(link, HEAD.size))
    content = receive(link, size)
    if flag == FAILED:
        raise _unpacked_error(content)
    return content


def out_of_time(limits: Limits) -> LimitError:
    """The error of a query that takes too long."""
    return LimitError("time", f"The query was stopped after {limits.seconds:g} seconds, the longest that one may take.")


def died(limits: Limits) -> LimitError:
    """The error of a query that its process did not survive."""
    return LimitError(
        "process",
        f"The query ended the process that ran it: it needs more than {limits.megabytes:,} MB, or nests too deeply.",
    )


def receive(link: socket.socket, size: int) -> bytes:
    """So many bytes from a socket.

    Raises:
        ConnectionError: the other side has ended before.
    """
    content = bytearray()
    while len(content) < size:
        chunk = link.recv(min(1 << 20, size - len(content)))
        if not chunk:
            raise ConnectionError
        content += chunk
    return bytes(content)


def _work(link: socket.socket, prepare: Callable[[], Handler], limits: Limits) -> None:
    """The worker's life."""
    _let_go_of_the_rest(link)
    try:
        handle = prepare()
    except KgraphError as error:
        link.sendall(_packed_error(error))
        return
    _bind_hands(limits)
    link.sendall(HEAD.pack(DONE, 0))
    while True:
        try:
            _, size = HEAD.unpack(receive(link, HEAD.size))
            message = receive(link, size)
        except ConnectionError:
            return
        signal.alarm(int(limits.seconds) + _GRACE)  # should the asking process die meanwhile, this one ends too
        try:
            reply = handle(message)
            link.sendall(HEAD.pack(DONE, len(reply)) + reply)
        except KgraphError as error:
            link.sendall(_packed_error(error))
        signal.alarm(0)


def _let_go_of_the_rest(link: socket.socket) -> None:
    """Neither signals nor sockets of the process it was forked from."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.closerange(3, link.fileno())
    os.closerange(link.fileno() + 1, 1 << 16)


def _bind_hands(limits: Limits) -> None:
    """From here on no file and no connection can be opened, and memory is limited."""
    import resource

    limit_memory(limits)
    sys.stderr = os.fdopen(os.dup(2), "w")  # a fault of ours is said; what the engine says as it dies is not
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def limit_memory(limits: Limits) -> None:
    """From here on no more memory than is held now and a query may take, where the system says what is held."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        import resource

        most = int(statm.read_text().split()[0]) * resource.getpagesize() + (limits.megabytes << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _packed_error(error: KgraphError) -> bytes:
    kind = next(name for name, cls in _ERRORS.items() if isinstance(error, cls))
    content = json.dumps([kind, str(error), vars(error)], default=str).encode()
    return HEAD.pack(FAILED, len(content)) + content


_ERRORS: Mapping[str, type[KgraphError]] = {"limit": LimitError, "query": QueryError, "other": KgraphError}


def _unpacked_error(content: bytes) -> KgraphError:
    kind, sentence, details = json.loads(content)
    error = _ERRORS[kind].__new__(_ERRORS[kind], sentence)
    vars(error).update(details)
    return error
