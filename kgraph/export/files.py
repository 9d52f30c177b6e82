"""Files that are whole or not there at all, whenever the writer is stopped and however many write at once."""

import errno
import glob
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kgraph.errors import DataError

try:
    import fcntl
except ImportError:  # Windows has none; there, an open file cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

_PART = ".part"
_SURELY_ABANDONED = 3600.0
"""After so many seconds a part file is no writer's any more, where that cannot be asked."""


Content = bytes | Iterable[bytes]
"""What a file is to hold, whole or in parts as they come, none of which stays in memory."""
_LINES = 1000


class Filled(NamedTuple):
    """A folder that is one whole: what fills it when it is new, and the name of a file by which an earlier one is known."""

    fill: Callable[[Path], None]
    mark: str


def encoded(texts: Iterable[str]) -> Iterator[bytes]:
    """Texts as UTF-8, so many at once that it takes no time, and so few that they take no room."""
    remaining = iter(texts)
    while some := list(islice(remaining, _LINES)):
        yield "".join(some).encode("utf-8")


STDOUT = Path("-")


def write_files(contents: Mapping[Path, Content]) -> None:
    """Write all files, then put all in place: each is written beside its place, flushed to disk and renamed; - is stdout.

    What a writer that was killed left beside these places is taken out; what another writes at the same time stays.

    Raises:
        DataError: a file cannot be written; nothing that stood there before is touched.
    """
    written: list[tuple[Path, Path]] = []
    path = Path()
    with ExitStack() as opened:
        try:
            for path, content in contents.items():
                if path == STDOUT:
                    continue
                _make(path.parent)
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, "it is a folder")
                _remove_abandoned(path)
                part, file = _new_part(path)
                opened.callback(file.close)
                written.append((part, path))
                _write(file, content)
                part.chmod(0o666 & ~_umask())
                if not fcntl:
                    file.close()
            for part, path in written:
                part.replace(path)
        except OSError as error:
            raise DataError(path, None, f"cannot be written ({error.strerror or error})") from error
        finally:
            for part, _ in written:
                with suppress(OSError):
                    part.unlink()
    if STDOUT in contents:
        content = contents[STDOUT]
        sys.stdout.buffer.writelines([content] if isinstance(content, bytes) else content)


def _make(folder: Path) -> None:
    """Make a folder if there is none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except ValueError as error:  # what no path can hold
        raise OSError(errno.EINVAL, str(error)) from error


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


def write_folder(folder: Path, contents: Mapping[str, Content]) -> None:
    """Write the files of a folder by their names in it: all within a folder of their own first, then each is put in its place.

    What an earlier graph left here and this one has not goes; what others put here stays.

    Raises:
        DataError: a file cannot be written.
    """
    try:
        _make(folder)
        for abandoned in folder.glob(f".*{_PART}"):
            _remove_abandoned_room(abandoned)
        earlier = _listed(folder)
        with tempfile.TemporaryDirectory(prefix=".", suffix=_PART, dir=folder) as room, _held(Path(room)):
            whole = [name for name, content in contents.items() if isinstance(content, bytes)]
            with ThreadPoolExecutor(_AT_ONCE) as pool:  # a disk confirms many files as soon as one
                list(pool.map(lambda name: _write_through(Path(room, name), contents[name]), whole))
            for name in contents.keys() - set(whole):
                _write_through(Path(room, name), contents[name])
            _list(folder, Path(room), earlier | contents.keys())
            for name in contents:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                Path(room, name).replace(folder / name)
            for name in sorted(earlier - contents.keys()):
                (folder / name).unlink(missing_ok=True)
                with suppress(OSError):  # what others put there keeps a folder
                    (folder / name).parent.rmdir()
            _list(folder, Path(room), contents.keys())
    except OSError as error:
        raise DataError(error.filename or folder, None, f"cannot be written ({error.strerror or error})") from error


def write_filled(folder: Path, filled: Filled) -> None:
    """Fill a new folder beside the place of an earlier one, then put it there.

    Raises:
        DataError: the folder cannot be written, or something else stands there.
    """
    if folder.exists() and not (folder / filled.mark).exists():
        raise DataError(folder, None, "cannot be written (what stands there is no such folder)")
    try:
        _make(folder.parent)
        for abandoned in folder.parent.glob(f".{glob.escape(folder.name)}.*{_PART}"):
            _remove_abandoned_room(abandoned)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=_PART, dir=folder.parent) as room, _held(Path(room)):
            filled.fill(Path(room, "new"))
            if folder.exists():
                folder.rename(Path(room, "old"))
            Path(room, "new").rename(folder)
    except OSError as error:
        raise DataError(folder, None, f"cannot be written ({error.strerror or error})") from error


_NAMES = ".kgraph"
"""The file that lists what was written to a folder."""
_LOCK = ".lock"
_AT_ONCE = 16


def _listed(folder: Path) -> set[str]:
    """The names of what was written here; a name that leads elsewhere is none."""
    with suppress(FileNotFoundError, UnicodeDecodeError):
        names = (folder / _NAMES).read_text(encoding="utf-8").splitlines()
        return {name for name in names if name and ".." not in Path(name).parts and not Path(name).is_absolute()}
    return set()


def _list(folder: Path, room: Path, names: Iterable[str]) -> None:
    _write_through(room / _NAMES, "".join(f"{name}\n" for name in sorted(names)).encode("utf-8"))
    (room / _NAMES).replace(folder / _NAMES)


def _write_through(path: Path, content: Content) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        _write(file, content)


def _write(file: BinaryIO, content: Content) -> None:
    """Write a content part by part, down to the disk."""
    for part in (content,) if isinstance(content, bytes) else content:
        file.write(part)
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _held(room: Path) -> Iterator[None]:
    """A folder that stays locked while this process fills it."""
    with (room / _LOCK).open("wb") as file:
        if fcntl:
            with suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _remove_abandoned_room(room: Path) -> None:
    with suppress(OSError):
        if (room / _LOCK).exists():
            with (room / _LOCK).open("rb") as file:
                is_abandoned = _is_abandoned(file)
        else:
            is_abandoned = time.time() - room.stat().st_mtime > _SURELY_ABANDONED
        if is_abandoned:
            shutil.rmtree(room)
