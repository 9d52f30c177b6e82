"""What can go wrong in a way the user can mend; `str(error)` is one whole sentence.

KgraphError
├── DataError      a file is wrong: where, what was expected, what stood there
├── OntologyError  no such class, relation or prefix; names what there is
├── QueryError     a query does not parse, or names something unknown
│   └── LimitError a query was stopped, as it went over a limit of time, rows or memory
├── SetupError     something to install is missing; gives the command
└── WorkerError    a process was killed; names the paper it was about
"""

import re
from pathlib import Path


class KgraphError(Exception):
    """The user can mend it; `excerpt` shows the place, where there is one to show."""

    excerpt = ""


class DataError(KgraphError):
    """A file is wrong: `path:line: what was expected and what stood there`."""

    def __init__(self, path: Path | str, line: int | None, sentence: str) -> None:
        self.path = _printable(str(path))
        self.line = line
        self.sentence = _printable(sentence)
        where = self.path if line is None else f"{self.path}:{line}"
        super().__init__(f"{where}: {self.sentence}")

    def __reduce__(self) -> tuple[type["DataError"], tuple[str, int | None, str]]:
        return DataError, (self.path, self.line, self.sentence)  # as another process has to make it


class OntologyError(KgraphError):
    """No such class, relation or prefix."""


class QueryError(KgraphError):
    """A query does not parse, or names something unknown: `line` and `column` from 1 where it has a place."""

    def __init__(self, sentence: str, line: int | None = None, column: int | None = None, excerpt: str = "") -> None:
        self.line, self.column, self.excerpt = line, column, excerpt
        super().__init__(sentence)


class LimitError(QueryError):
    """A query was stopped: `limit` is what it went over, "time", "rows" or "process"."""

    def __init__(self, limit: str, sentence: str) -> None:
        self.limit = limit
        super().__init__(sentence)


class SetupError(KgraphError):
    """Something to install is missing."""


class WorkerError(KgraphError):
    """A process was killed."""


def _printable(text: str) -> str:
    """A text on one line, in which what cannot be written stands as its code."""
    return re.sub(r"\s+", " ", text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00"))
