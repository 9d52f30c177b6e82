"""Tables: CSV, TSV and workbooks, with columns that are guessed by their names or given; Zotero's, Scopus' and others'."""

import csv
from collections.abc import Iterator, Mapping, Sequence

from kgraph.errors import SetupError
from kgraph.sources.document import Document
from kgraph.sources.fields import guessed, record_of
from kgraph.sources.options import Options
from kgraph.sources.record import Record, Records, Rejection, WrongRecordError, mapped
from kgraph.sources.workbook import check_workbook

SUFFIXES = (".csv", ".tsv", ".tab")
WORKBOOKS = (".xlsx", ".xlsm")
_DELIMITERS = (",", "\t", ";", "|")
_HEAD_LINES = 10

Row = tuple[int, Sequence[str]]


def recognises(document: Document) -> bool:
    """Whether its first line names a title and something else that papers have."""
    columns = guessed(_cells(document)[1], {})
    return "title" in columns and len(columns) > 1


def recognises_workbook(document: Document) -> bool:
    """Whether it is a workbook: an archive of sheets, or of the old form."""
    return document.head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))


def read(document: Document, options: Options) -> Records:
    """The rows of a table in text."""
    return mapped(document, _table(document, options, _text_rows(document)), record_of_row)


def read_workbook(document: Document, options: Options) -> Records:
    """The rows of the first sheet that holds papers."""
    return mapped(document, _table(document, options, _sheet_rows(document)), record_of_row)


def record_of_row(line: int, row: tuple[Mapping[str, str], Mapping[str, str], int]) -> Record:
    """The record in a row, given by the names of its columns, what they hold, and how many cells there are too many."""
    cells, columns, surplus = row
    if surplus:
        raise WrongRecordError(f"expected {len(cells)} cells, but {len(cells) + surplus} stand there")
    return record_of(line, cells, columns)


def _table(
    document: Document, options: Options, rows: Iterator[Row | Rejection]
) -> Iterator[tuple[int, tuple[Mapping[str, str], Mapping[str, str], int]] | Rejection]:
    """The rows below the first that names a title."""
    names: Sequence[str] = ()
    columns: Mapping[str, str] = {}
    seen: list[str] = []
    for row in rows:
        if isinstance(row, Rejection):
            yield row
            continue
        line, cells = row
        if columns:
            if any(cell.strip() for cell in cells):
                surplus = [cell for cell in cells[len(names) :] if cell.strip()]
                yield line, (dict(zip(names, cells, strict=False)), columns, len(surplus))
            continue
        seen = seen or [cell for cell in cells if cell.strip()]
        found = guessed(cells, options.columns)
        if found.get("title", "") in cells and found.get("title"):
            if missing := [name for name in options.columns.values() if name not in cells]:
                raise document.error(line, f"there is no column “{missing[0]}”; there are {', '.join(cells)}")
            names, columns = cells, found
        elif line > _HEAD_LINES:
            break
    if not columns:
        there = ", ".join(seen)[:200] or "none"
        if missing := [name for name in options.columns.values() if name not in seen]:
            raise document.error(1, f"there is no column “{missing[0]}”; there are {there}")
        raise document.error(1, f"expected a column with titles, say which by --columns title=NAME; the columns are {there}")


def _text_rows(document: Document) -> Iterator[Row | Rejection]:
    delimiter, _ = _cells(document)
    last = 0
    lines = (f"{line}\n" for _, line in document.lines())
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejection(document.path, last + 1, f"expected a row of cells ({error})")
        else:
            yield last + 1, cells
        last = rows.line_num


def _cells(document: Document) -> tuple[str, list[str]]:
    """The delimiter by which the first line names most, and the cells of that line."""
    first = next((line for line in document.beginning.split("\n") if line.strip()), "")
    by_delimiter = []
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([first.lstrip("\ufeff")], delimiter=delimiter), [])
        except csv.Error:
            continue
        by_delimiter.append((delimiter, cells))
    return max(by_delimiter, key=lambda pair: (len(guessed(pair[1], {})), len(pair[1])), default=(",", []))


def _sheet_rows(document: Document) -> Iterator[Row]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise SetupError(f"{document.path} needs python-calamine; install it with: pip install 'kgraph[formats]'") from error
    import io

    content = document.content()
    check_workbook(document, content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names]
    except (CalamineError, ValueError, OSError, KeyError) as error:
        raise document.error(None, f"expected a workbook ({' '.join(str(error).split())})") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's, which is no Exception
            raise
        raise document.error(None, "expected a workbook, but what reads it gives up") from error
    for sheet in sheets:
        head = sheet[:_HEAD_LINES]
        if len(sheets) == 1 or any("title" in guessed([str(cell) for cell in row], {}) for row in head):
            yield from ((number, [_shown(cell) for cell in row]) for number, row in enumerate(sheet, start=1))
            return


def _shown(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
