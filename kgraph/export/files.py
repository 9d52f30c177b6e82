"""Files that are whole or not there at all, whenever the writer is stopped and however many write at once."""

import errno
import glob
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from kgraph.errors import DataError

try:
    import fcntl
except ImportError:  # Windows has none; there, an open file cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

_PART = ".part"
_AT_ONCE = 1000
_SURELY_ABANDONED = 3600.0
"""After so many seconds a part file is no writer's any more, where that cannot be asked."""


Content = bytes | Callable[[BinaryIO], None]
"""What a file is to hold, or what writes it."""


def write_lines(lines: Iterable[str], output: BinaryIO) -> None:
    """Write texts as UTF-8, so many at once that it takes no time, and so few that they take no room."""
    remaining = iter(lines)
    while some := "".join(islice(remaining, _AT_ONCE)):
        output.write(some.encode("utf-8"))


def write_files(contents: Mapping[Path, Content]) -> None:
    """Write all files, then put all in place: each is written beside its place, flushed to disk and renamed.

    What a writer that was killed left beside these places is taken out; what another writes at the same time stays.

    Raises:
        DataError: a file cannot be written; nothing that stood there before is touched.
    """
    written: list[tuple[Path, Path]] = []
    path = Path()
    with ExitStack() as opened:
        try:
            for path, content in contents.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, "it is a folder")
                _remove_abandoned(path)
                part, file = _new_part(path)
                opened.callback(file.close)
                written.append((part, path))
                if callable(content):
                    content(file)
                else:
                    file.write(content)
                file.flush()
                os.fsync(file.fileno())
                part.chmod(0o666 & ~_umask())
                if not fcntl:
                    file.close()
            for part, path in written:
                part.replace(path)
        except (OSError, ValueError) as error:
            raise DataError(path, None, f"cannot be written ({getattr(error, 'strerror', None) or error})") from error
        finally:
            for part, _ in written:
                with suppress(OSError):
                    part.unlink()


def _new_part(path: Path) -> tuple[Path, BinaryIO]:
    """A new file beside a path, which stays locked while this process has it open."""
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_PART, dir=path.parent)
        file = os.fdopen(handle, "wb")
        if fcntl:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return Path(name), file
        file.close()  # another held it for abandoned before the lock was there


def _remove_abandoned(path: Path) -> None:
    for name in path.parent.glob(f".{glob.escape(path.name)}.*{_PART}"):
        with suppress(OSError), name.open("rb") as file:
            if _is_abandoned(file):
                name.unlink()


def _is_abandoned(file: BinaryIO) -> bool:
    """Whether no process holds a part file any more: its writer's lock ends with the writer."""
    if fcntl:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass
        else:
            return True
    return time.time() - os.fstat(file.fileno()).st_mtime > _SURELY_ABANDONED


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
