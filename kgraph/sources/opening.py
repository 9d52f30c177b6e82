"""Files to documents: what is compressed or an archive is opened, with limits against bombs, and nothing is written to disk."""

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kgraph.errors import DataError, SetupError
from kgraph.sources.document import HEAD, Document

GREATEST_RATIO = 100
"""How many times its compressed size a file may grow."""

ALWAYS_ALLOWED = 1 << 26
"""What a compressed file may grow to whatever its size (64 MiB)."""

DEEPEST_NESTING = 2
"""How many layers of compression and archives are opened."""

MOST_MEMBERS = 100_000
"""How many files an archive may hold."""

_BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError, RuntimeError, NotImplementedError, ValueError)
"""What the decompressors raise about wrong bytes; RuntimeError is zipfile's for a password, NotImplementedError for a method."""


@dataclass(eq=False)
class _Guarded(io.RawIOBase):
    """A stream whose bytes are counted, after some that were read of it before; what goes wrong in it is one sentence."""

    source: BinaryIO
    path: str
    guard: "_Guard | None" = None
    before: bytes = b""
    count: int = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        if self.before:
            chunk, self.before = self.before[: len(buffer)], self.before[len(buffer) :]
        else:
            chunk = self.take(len(buffer))
        self.count += len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def take(self, size: int) -> bytes:
        """The next bytes of the source, which count as what came out of a compressed file."""
        try:
            chunk = self.source.read(size)
        except _BROKEN as error:
            raise DataError(self.path, None, f"cannot be read to its end ({_reason(error)})") from error
        if self.guard:
            self.guard.spend(len(chunk))
        return chunk


@dataclass
class _Guard:
    """How much came out of one compressed file, held against how much of it was read."""

    path: str
    taken: Callable[[], int]
    grown: int = 0

    def spend(self, size: int) -> None:
        """Count what came out.

        Raises:
            DataError: it is too much.
        """
        self.grown += size
        if self.grown > max(ALWAYS_ALLOWED, self.taken() * GREATEST_RATIO):
            raise DataError(self.path, None, f"expected a file that grows at most {GREATEST_RATIO} times, but it grows further")


def documents(stream: BinaryIO, path: str, name: str, depth: int = 0) -> Iterator[Document]:
    """The documents in a stream of bytes: itself, or what it holds if it is compressed or an archive.

    Raises:
        DataError: it is broken, grows beyond the limits, or is nested too deeply.
        SetupError: what opens it is not installed.
    """
    head = _head(stream, path)
    whole = _Guarded(stream, path, before=head)
    opened = next((open_ for starts, open_ in _OPENERS if head.startswith(starts) and not _is_workbook(head, name)), None)
    if opened is None:
        yield Document(path, name, head, io.BufferedReader(whole, HEAD))
        return
    if depth >= DEEPEST_NESTING:
        raise DataError(path, None, f"expected at most {DEEPEST_NESTING} layers of compression, but there are more")
    yield from opened(whole, path, name, depth)


def _buffered(stream: BinaryIO, path: str, guard: _Guard | None = None, before: bytes = b"") -> BinaryIO:
    return io.BufferedReader(_Guarded(stream, path, guard, before), HEAD)


def _guard(stream: _Guarded) -> _Guard:
    return _Guard(stream.path, lambda: stream.count)


def _head(stream: BinaryIO, path: str) -> bytes:
    head = b""
    guarded = _Guarded(stream, path)
    while len(head) < HEAD and (chunk := guarded.take(HEAD - len(head))):
        head += chunk
    return head


def _is_workbook(head: bytes, name: str) -> bool:
    return head.startswith(b"PK") and (name.lower().endswith((".xlsx", ".xlsm", ".ods")) or b"[Content_Types].xml" in head[:HEAD])


def _gzip(stream: _Guarded, path: str, name: str, depth: int) -> Iterator[Document]:
    unpacked = _buffered(gzip.GzipFile(fileobj=stream, mode="rb"), path, _guard(stream))  # type: ignore[arg-type]
    yield from _unpacked(unpacked, path, name, depth)


def _zstd(stream: _Guarded, path: str, name: str, depth: int) -> Iterator[Document]:
    try:
        import zstandard
    except ImportError as error:
        raise SetupError(f"{path} needs zstandard; install it with: pip install 'kgraph[formats]'") from error

    source: BinaryIO = stream  # type: ignore[assignment]

    class Frames(io.RawIOBase):
        """Zstandard's stream with its own error told as that of a file."""

        def __init__(self) -> None:
            self._reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(source, read_across_frames=True)

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            try:
                return self._reader.read(size)
            except zstandard.ZstdError as error:
                raise OSError(str(error)) from error

    unpacked = _buffered(Frames(), path, _guard(stream))  # type: ignore[arg-type]
    yield from _unpacked(unpacked, path, name, depth)


def _unpacked(stream: BinaryIO, path: str, name: str, depth: int) -> Iterator[Document]:
    """What came out of one compressed file: the members of a tar archive, or a document."""
    head = _head(stream, path)
    rest = _buffered(stream, path, before=head)
    if head[257:262] != b"ustar":
        yield from documents(rest, path, name, depth + 1)
        return
    try:
        with tarfile.open(fileobj=rest, mode="r|") as archive:
            for number, member in enumerate(archive):
                if number >= MOST_MEMBERS:
                    raise DataError(path, None, f"expected at most {MOST_MEMBERS:,} files, but the archive holds more")
                file = archive.extractfile(member) if member.isreg() and not _is_hidden(member.name) else None
                if file:
                    inner = f"{name}/{member.name}"
                    yield from documents(file, f"{path}/{member.name}", inner, depth + 1)  # type: ignore[arg-type]
    except _BROKEN as error:
        raise DataError(path, None, f"cannot be read to its end ({_reason(error)})") from error


def _zip(stream: _Guarded, path: str, name: str, depth: int) -> Iterator[Document]:
    """The members of a zip archive, whose directory stands at its end: of a file as it is, of a stream read whole."""
    if depth == 0 and stream.source.seekable():
        archived, size = stream.source, stream.source.seek(0, io.SEEK_END)
    else:
        content = Document(path, name, b"", io.BufferedReader(stream, HEAD)).content()
        archived, size = io.BytesIO(content), len(content)
    guard = _Guard(path, lambda: size)
    try:
        with zipfile.ZipFile(archived) as archive:
            members = sorted((one for one in archive.infolist() if not one.is_dir()), key=lambda one: one.filename)
            if len(members) > MOST_MEMBERS:
                raise DataError(path, None, f"expected at most {MOST_MEMBERS:,} files, but the archive holds {len(members):,}")
            for member in members:
                if not _is_hidden(member.filename):
                    place, inner = f"{path}/{member.filename}", f"{name}/{member.filename}"
                    with archive.open(member) as file:
                        unpacked = _buffered(file, place, guard)  # type: ignore[arg-type]
                        yield from documents(unpacked, place, inner, depth + 1)
    except _BROKEN as error:
        raise DataError(path, None, f"cannot be read to its end ({_reason(error)})") from error


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


_OPENERS = ((b"\x1f\x8b", _gzip), (b"\x28\xb5\x2f\xfd", _zstd), (b"PK\x03\x04", _zip))
