"""Workers that answer requests, one request each at a time: killed and replaced when one takes too long or dies."""

import asyncio
import os
import signal
import time
from collections.abc import Callable

from kgraph.errors import LimitError
from kgraph.query.running import Limits
from kgraph.query.worker import DONE, HEAD, Handler, Worker, died, hire, out_of_time

_PATIENCE = 0.1
"""Seconds without any answer after which a request that waits has another worker hired."""
_SLOW = 1.0
"""Seconds after which a worker gives way to the others, and counts no more among those that are kept."""


class Pool:
    """As many workers as are kept, besides those with a slow request, and never more than `most`."""

    def __init__(self, prepare: Callable[[], Handler], limits: Limits, kept: int, most: int) -> None:
        self._prepare, self._limits, self._kept, self._most = prepare, limits, kept, most
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._workers: dict[int, Worker] = {}
        self._slow: set[int] = set()
        self._waiting, self._answered = 0, 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Hire the workers that are kept."""
        for _ in range(self._kept):
            self._idle.put_nowait(await self._hired())

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers.values():
            os.kill(worker.pid, signal.SIGKILL)
        self._workers.clear()

    async def ask(self, message: bytes) -> bytes:
        """What a worker answers.

        Raises:
            LimitError: all are busy too long, or this one takes too long or dies.
        """
        end = time.monotonic() + self._limits.seconds
        worker, is_quick = await self._free(end), False
        slow = asyncio.get_running_loop().call_later(_SLOW, self._give_way, worker)
        try:
            reply = await asyncio.wait_for(_exchange(worker, message), end - time.monotonic())
            is_quick, self._answered = worker.pid not in self._slow, time.monotonic()
        except TimeoutError:
            raise out_of_time(self._limits) from None
        except OSError:
            raise died(self._limits) from None
        finally:  # also when the client has gone, and this is cancelled
            slow.cancel()
            self._back(worker, is_quick)
        return reply

    async def _free(self, end: float) -> Worker:
        if not self._idle.empty():
            return self._idle.get_nowait()
        self._waiting += 1
        try:
            while time.monotonic() < end:
                try:
                    return await asyncio.wait_for(self._idle.get(), _PATIENCE)
                except TimeoutError:
                    is_stuck = time.monotonic() - self._answered > _PATIENCE  # not merely busy
                    if is_stuck and len(self._workers) < self._most:
                        return await self._hired()
        finally:
            self._waiting -= 1
        raise LimitError("process", "The server is busy with other queries; ask again in a while.")

    def _give_way(self, worker: Worker) -> None:
        os.setpriority(os.PRIO_PROCESS, worker.pid, 10)
        self._slow.add(worker.pid)
        self._refill()

    def _back(self, worker: Worker, is_quick: bool) -> None:
        if is_quick and (self._waiting or len(self._workers) - len(self._slow) <= self._kept):
            self._idle.put_nowait(worker)
            return
        if self._workers.pop(worker.pid, None) is None:  # all have been ended
            return
        self._slow.discard(worker.pid)
        worker.link.close()
        os.kill(worker.pid, signal.SIGKILL)
        self._reap(worker.pid)
        self._refill()

    def _reap(self, pid: int) -> None:
        """Take note of an end without waiting for it: giving back gigabytes takes a while."""
        if os.waitpid(pid, os.WNOHANG)[0] == 0:
            asyncio.get_running_loop().call_later(0.05, self._reap, pid)

    def _refill(self) -> None:
        if len(self._workers) - len(self._slow) < self._kept and len(self._workers) < self._most:
            task = asyncio.ensure_future(self._one_more())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _one_more(self) -> None:
        self._idle.put_nowait(await self._hired())

    async def _hired(self) -> Worker:
        worker = hire(self._prepare, self._limits)
        worker.link.setblocking(False)
        self._workers[worker.pid] = worker
        await _reply(worker)
        return worker


async def _exchange(worker: Worker, message: bytes) -> bytes:
    await asyncio.get_running_loop().sock_sendall(worker.link, HEAD.pack(DONE, len(message)) + message)
    return await _reply(worker)


async def _reply(worker: Worker) -> bytes:
    loop, content, size = asyncio.get_running_loop(), bytearray(), HEAD.size
    while len(content) < size:
        chunk = await loop.sock_recv(worker.link, 1 << 20)
        if not chunk:
            raise ConnectionError
        content += chunk
        if size == HEAD.size <= len(content):
            size += HEAD.unpack(content[: HEAD.size])[1]
    return bytes(content[HEAD.size :])
