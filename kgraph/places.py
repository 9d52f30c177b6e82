"""Where results are written that are more than one machine's: folders of this one, and addresses that fsspec knows."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from kgraph.errors import DataError, SetupError
from kgraph.export.files import write_files

_PUT_WHOLE = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "memory"}
"""Where a file that is written is seen when it is whole, and not before."""


def is_address(place: str) -> bool:
    """Whether a place is no path.

    >>> is_address("s3://bucket/graph.nt.parts/"), is_address("out/graph.nt.parts")
    (True, False)
    """
    return "://" in place


def absolute(place: str) -> str:
    """A place as other processes need it."""
    return place if is_address(place) else os.path.abspath(place)  # noqa: PTH100 - a Path would not take out ".."


def write(folder: str, name: str, content: bytes) -> None:
    """Write a file to a folder, whole or not at all: beside its place first, unless an address takes it as a whole.

    Raises:
        DataError: it cannot be written.
        SetupError: what knows the address is not installed.
    """
    with _opened(folder) as (files, root):
        if not files:
            write_files({Path(root, name): content})
            return
        if not _PUT_WHOLE.isdisjoint([files.protocol] if isinstance(files.protocol, str) else files.protocol):
            files.pipe_file(f"{root}/{name}", content)
            return
        files.makedirs(root, exist_ok=True)
        part = f"{root}/.{name}.{uuid4().hex}.part"
        try:
            files.pipe_file(part, content)
            files.mv(part, f"{root}/{name}")
        except BaseException:
            with suppress(OSError):
                files.rm_file(part)
            raise


def files_in(folder: str) -> set[str]:
    """The names of the files in a folder, none if there is no such folder."""
    with _opened(folder) as (files, root), suppress(FileNotFoundError):
        if not files:
            return {path.name for path in Path(root).iterdir()}
        files.invalidate_cache()
        return {name.rstrip("/").rpartition("/")[2] for name in files.ls(root, detail=False)}
    return set()


def remove(folder: str, names: Iterable[str]) -> None:
    """Take files out of a folder; one that is not there is well so."""
    with _opened(folder) as (files, root):
        for name in names:
            with suppress(FileNotFoundError):
                if files:
                    files.rm_file(f"{root}/{name}")
                else:
                    Path(root, name).unlink()


@contextmanager
def _opened(folder: str) -> Iterator[tuple[Any, str]]:
    """The file system of an address, None for this machine's own, and the path there; what goes wrong is one sentence."""
    try:
        if not is_address(folder):
            yield None, folder
            return
        import fsspec

        files, root = fsspec.url_to_fs(folder)
        yield (None if "file" in files.protocol else files), root.rstrip("/")
    except ImportError as error:
        raise SetupError(f"{folder} cannot be written: {error}; pip install 'kgraph[s3]' has what s3:// needs.") from error
    except _errors() as error:
        raise DataError(folder, None, f"cannot be written ({' '.join(str(error).split()) or type(error).__name__})") from error


def _errors() -> tuple[type[Exception], ...]:
    """What file systems raise; s3:// has an error of its own where there are no credentials."""
    try:
        from botocore.exceptions import BotoCoreError
    except ImportError:
        return OSError, ValueError
    return OSError, ValueError, BotoCoreError
