"""Input documents → papers: one reader per format, chosen by content first and suffix second."""

import glob
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kgraph.errors import DataError
from kgraph.model import Paper
from kgraph.sources import jsonl, listing
from kgraph.sources.document import Document, read_document

__all__ = ["SOURCES", "Source", "find_documents", "read_papers"]


@dataclass(frozen=True, slots=True)
class Source:
    """An input format: the suffixes it goes by, whether a document is of it, and how its papers are read."""

    suffixes: tuple[str, ...]
    recognises: Callable[[Document], bool]
    read: Callable[[Document], Iterator[Paper]]


SOURCES: dict[str, Source] = {
    "listing": Source((".txt",), listing.recognises, listing.read),
    "jsonl": Source((".jsonl", ".ndjson"), jsonl.recognises, jsonl.read),
}
"""The input formats by name; a new one is a module and a line here."""


def find_documents(paths: Iterable[str | Path]) -> list[tuple[Path, str]]:
    """The files that the paths (files, folders, globs) stand for, each once, with the name it goes by in the graph.

    A file in a folder goes by its path below that folder, any other by its file name.

    Raises:
        DataError: a path does not exist, or a folder holds no file of a known suffix.
    """
    found: dict[Path, tuple[Path, str]] = {}
    for given in paths:
        for path in _expand(Path(given)):
            if path.is_dir():
                inside = sorted(p for p in path.rglob("*") if _is_input(p, path))
                if not inside:
                    suffixes = ", ".join(suffix for source in SOURCES.values() for suffix in source.suffixes)
                    raise DataError(path, None, f"the folder holds no input, that is, no file named *{suffixes}")
                for file in inside:
                    found.setdefault(file.resolve(), (file, file.relative_to(path).as_posix()))
            else:
                found.setdefault(path.resolve(), (path, path.name))
    if not found:
        raise DataError("sources", None, "no file, folder or pattern was given")
    return sorted(found.values(), key=lambda item: (item[1], str(item[0])))


def read_papers(paths: Iterable[str | Path]) -> Iterator[Paper]:
    """The papers of all documents, one for each listing.

    Raises:
        DataError: a document is missing, empty, not UTF-8, or of no known format, or one of its lines is wrong.
    """
    for path, name in find_documents(paths):
        document = read_document(path, name)
        yield from _source_of(document).read(document)


def _source_of(document: Document) -> Source:
    suffix = document.path.suffix.lower()
    matching = [source for source in SOURCES.values() if source.recognises(document)]
    by_suffix = [source for source in SOURCES.values() if suffix in source.suffixes]
    if not (matching or by_suffix):
        raise document.error(1, f"expected one of the formats {', '.join(SOURCES)}, but recognised none")
    return (matching or by_suffix)[0]


def _expand(path: Path) -> list[Path]:
    if path.exists():
        return [path]
    matches = sorted(Path(match) for match in glob.glob(str(path), recursive=True))  # noqa: PTH207 (patterns may be absolute)
    if not matches:
        raise DataError(path, None, "there is no such file or folder")
    return matches


def _is_input(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    suffixes = [suffix for source in SOURCES.values() for suffix in source.suffixes]
    return path.is_file() and not hidden and path.suffix.lower() in suffixes
