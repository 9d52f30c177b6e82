"""An input document as every source reads it: once, from beginning to end, and never more of it in memory than a limit."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import BinaryIO

from kgraph.errors import DataError

HEAD = 1 << 16
"""How many bytes a source may look at to recognise its format."""

LONGEST_RECORD = 1 << 24
"""The most characters that a line or a record has (16 million)."""

LONGEST_DOCUMENT = 1 << 27
"""The most bytes of a document that is read whole (128 MiB); those that are read by lines or records have no limit."""

_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS = {"us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1", "latin-1": "latin-1", "windows-1252": "cp1252"}
_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class Document:
    """A document: how it is called in messages and in the graph, its first bytes, and all of its bytes as a stream to read once.

    Text is UTF-8, with or without a byte order mark, UTF-16 with one, or what an XML declaration says; a byte that is none of it
    stands in the text as a lone surrogate, so that what it is in can be rejected and the rest be kept.
    """

    path: str
    name: str
    head: bytes
    stream: BinaryIO

    @cached_property
    def encoding(self) -> str:
        """The encoding, by the byte order mark or the XML declaration."""
        if self.head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        declared = _DECLARED.search(self.head[:200])
        return _ENCODINGS.get(declared[1].decode("ascii").lower(), "utf-8-sig") if declared else "utf-8-sig"

    @cached_property
    def beginning(self) -> str:
        """The first bytes as text, by which the format is recognised."""
        return self.head.decode(self.encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")

    @property
    def suffix(self) -> str:
        """The suffix, without one that says how it is compressed."""
        return PurePosixPath(re.sub(r"\.(gz|zst)$", "", self.name.lower())).suffix

    def error(self, line: int | None, sentence: str) -> DataError:
        """An error at a line (from 1) of this document."""
        return DataError(self.path, line, sentence)

    def text_stream(self) -> io.TextIOWrapper:
        """The document as text whose lines end with a line feed alone."""
        return io.TextIOWrapper(self.stream, self.encoding, errors=self._errors, newline=None)

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines with their numbers, without line ends.

        Raises:
            DataError: a line is longer than a record may be.
        """
        text, number = self.text_stream(), 0
        while line := text.readline(LONGEST_RECORD):
            number += 1
            if len(line) == LONGEST_RECORD and not line.endswith("\n"):
                raise self.error(
                    number, f"expected a line of at most {LONGEST_RECORD:,} characters, but a longer one stands there"
                )
            yield number, line.rstrip("\n")

    def text(self) -> str:
        """The whole text, whose lines end with a line feed alone.

        Raises:
            DataError: it is longer than a document that is read whole may be.
        """
        return self.content().decode(self.encoding, self._errors).replace("\r\n", "\n").replace("\r", "\n")

    def content(self) -> bytes:
        """All bytes.

        Raises:
            DataError: there are more than a document that is read whole may have.
        """
        content = self.stream.read(LONGEST_DOCUMENT + 1)
        if len(content) > LONGEST_DOCUMENT:
            limit = LONGEST_DOCUMENT >> 20
            raise self.error(None, f"expected at most {limit} MiB in this format, but there is more; split it or give lines")
        return content

    @property
    def _errors(self) -> str:
        return "replace" if self.encoding == "utf-16" else "surrogateescape"


def undecoded(text: str) -> str:
    """The first byte of a text that could not be decoded, such as `0xff`, "" if all could."""
    found = _UNDECODED.search(text)
    return f"0x{ord(found[0]) & 0xFF:02x}" if found else ""
