"""What is checked of a workbook before it is read: how far it grows, and how far apart its cells are."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from kgraph.errors import DataError
from kgraph.sources.document import Document
from kgraph.sources.opening import ALWAYS_ALLOWED, GREATEST_RATIO

MOST_CELLS = 10_000_000
"""How many cells the square between a sheet's first and last cell may have, for all of them take memory."""

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br\s*+=\s*+["']([A-Z]{1,3})(\d{1,7})["']""")
_OLD = b"\xd0\xcf\x11\xe0"
_OVERLAP = 200


def check_workbook(document: Document, content: bytes) -> None:
    """Nothing, if a workbook can be read safely.

    Raises:
        DataError: it is none, grows beyond the limit whatever size it says it has, or has cells far apart.
    """
    if content.startswith(_OLD):
        raise document.error(None, "expected a workbook in .xlsx, but an older one stands there; save it as .xlsx or .csv")
    most = max(ALWAYS_ALLOWED, GREATEST_RATIO * len(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
                raise document.error(None, "expected a workbook in .xlsx, but another archive stands there")
            for member in members:
                columns = rows = 0
                rest = b""
                for chunk in _unpacked(content, member):
                    most -= len(chunk)
                    if most < 0:
                        raise document.error(
                            None, f"expected a file that grows at most {GREATEST_RATIO} times, but it grows further"
                        )
                    if member.filename.startswith("xl/worksheets/"):
                        for column, row in _CELL.findall(rest + chunk):
                            columns, rows = max(columns, _number(column)), max(rows, int(row))
                        rest = chunk[-_OVERLAP:]
                if columns * rows > MOST_CELLS:
                    raise document.error(None, f"expected at most {MOST_CELLS:,} cells between a sheet's first and last")
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise DataError(document.path, None, f"expected a workbook ({error})") from error


def _unpacked(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a member of an archive holds, however large it says it is."""
    at = member.header_offset
    start = at + 30 + int.from_bytes(content[at + 26 : at + 28], "little") + int.from_bytes(content[at + 28 : at + 30], "little")
    packed = content[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise ValueError("it is compressed in an unusual way")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not unpacker.eof:
        yield unpacker.decompress(packed, 1 << 20)
        packed = unpacker.unconsumed_tail


def _number(column: bytes) -> int:
    """The number of a column: A is 1, XFD 16,384."""
    number = 0
    for letter in column:
        number = number * 26 + letter - ord("A") + 1
    return number
