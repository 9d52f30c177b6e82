"""A text document on disk, as every source reads it."""

from dataclasses import dataclass
from pathlib import Path

from kgraph.errors import DataError


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded document: where it is, the name it goes by in the graph, and its lines without line ends."""

    path: Path
    name: str
    lines: tuple[str, ...]

    def error(self, line: int | None, sentence: str) -> DataError:
        """An error at a line (from 1) of this document."""
        return DataError(self.path, line, sentence)


def read_document(path: Path, name: str) -> Document:
    """Decode a file as UTF-8, with or without a byte order mark.

    Raises:
        DataError: it cannot be read, is empty, or is not UTF-8 (with the line of the first wrong byte).
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(path, None, f"cannot be read ({error.strerror or error})") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        wrong = content[error.start : error.start + 1].hex()
        raise DataError(path, line, f"expected UTF-8 text, but byte 0x{wrong} stands there") from error
    if not text.strip():
        raise DataError(path, None, "the file is empty")
    return Document(path, name, tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
