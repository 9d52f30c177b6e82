"""What was given on the command line to files: paths, folders, globs, standard input, and addresses that are named as such."""

import glob
import io
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from kgraph.errors import DataError, SetupError

STDIN = "-"
_REMOTE = ("https://", "http://", "s3://")
PACKED = (".gz", ".zst", ".zip", ".tgz")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document is: a path, `-` or an address, and the name it goes by in the graph."""

    path: str
    name: str

    def open(self) -> BinaryIO:
        """Its bytes as a stream.

        Raises:
            DataError: it cannot be read.
            SetupError: what reads addresses is not installed.
        """
        if self.path == STDIN:
            return sys.stdin.buffer
        if self.path.startswith(_REMOTE):
            return _fetched(self.path)
        try:
            return Path(self.path).open("rb")
        except (OSError, ValueError) as error:
            raise DataError(self.path, None, f"cannot be read ({getattr(error, 'strerror', None) or error})") from error


def find_places(paths: Iterable[str | Path], suffixes: Collection[str]) -> list[Place]:
    """The files that the paths (files, folders, globs, addresses, `-`) stand for, each once, in the order of their names.

    A file in a folder goes by its path below that folder, any other by its file name; in a folder, files of other suffixes and
    hidden ones are passed over.

    Raises:
        DataError: a path does not exist, or a folder holds no file of a known suffix.
    """
    found: dict[str, Place] = {}
    for given in map(str, paths):
        if given == STDIN or given.startswith(_REMOTE):
            name = "stdin" if given == STDIN else PurePosixPath(given.partition("?")[0]).name
            found.setdefault(given, Place(given, name or given))
            continue
        for path in _expand(given):
            for file, name in _inside(path, suffixes) if path.is_dir() else [(path, path.name)]:
                found.setdefault(str(file.resolve()), Place(str(file), name))
    if not found:
        raise DataError("sources", None, "no file, folder or pattern was given")
    return sorted(found.values(), key=lambda place: (place.name, place.path))


def _inside(folder: Path, suffixes: Collection[str]) -> Iterator[tuple[Path, str]]:
    files = sorted(path for path in folder.rglob("*") if _is_input(path, folder, suffixes))
    if not files:
        raise DataError(folder, None, f"the folder holds no input, that is, no file named *{', *'.join(sorted(suffixes))}")
    return ((file, file.relative_to(folder).as_posix()) for file in files)


def _is_input(path: Path, folder: Path, suffixes: Collection[str]) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.suffix.lower() in {*suffixes, *PACKED} and path.is_file()


def _expand(given: str) -> list[Path]:
    try:
        if Path(given).exists():
            return [Path(given)]
        matches = sorted(Path(match) for match in glob.glob(given, recursive=True))  # noqa: PTH207 (patterns may be absolute)
    except (OSError, ValueError) as error:
        raise DataError(given[:200], None, f"is no path ({error})") from error
    if not matches:
        raise DataError(given, None, "there is no such file or folder")
    return matches


def _fetched(address: str) -> BinaryIO:
    """An address's bytes; only those that the user names are asked for."""
    try:
        import fsspec

        stream: BinaryIO = fsspec.open(address, "rb").open()
    except ImportError as error:
        needed, extra = ("s3fs", "s3") if address.startswith("s3://") else ("fsspec and aiohttp", "remote")
        raise SetupError(f"{address} needs {needed}; install it with: pip install 'kgraph[{extra}]'") from error
    except (OSError, ValueError) as error:
        raise DataError(address, None, f"cannot be read ({' '.join(str(error).split()) or type(error).__name__})") from error
    has_size = isinstance(getattr(stream, "size", None), int)
    return stream if has_size else io.BufferedReader(stream)  # type: ignore[type-var]
