"""Files that are whole or not there at all."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kgraph.errors import DataError


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write all files, then put all in place: each is written beside its place, flushed to disk and renamed.

    Raises:
        DataError: a file cannot be written; nothing that stood there before is touched.
    """
    written: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
            written.append((Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o666 & ~_umask())
        for part, path in written:
            part.replace(path)
    except OSError as error:
        raise DataError(path, None, f"cannot be written ({error.strerror or error})") from error
    finally:
        for part, _ in written:
            with suppress(OSError):
                part.unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
