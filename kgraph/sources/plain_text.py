"""Plain text, one abstract a file: the first line is the title, the rest the abstract."""

from kgraph.sources.document import Document, undecoded
from kgraph.sources.options import Options
from kgraph.sources.record import LONGEST_TITLE, Record, Records

SUFFIXES = (".txt", ".text")


def recognises(_: Document) -> bool:
    """Nothing in it says so: it is known by its suffix, or given."""
    return False


def read(document: Document, _: Options) -> Records:
    """The one paper."""
    text = document.text()
    if byte := undecoded(text):
        line = next(number for number, line in enumerate(text.split("\n"), start=1) if undecoded(line))
        raise document.error(line, f"expected UTF-8 text, but byte {byte} stands there")
    blank = text[: len(text) - len(text.lstrip())].count("\n")
    title, abstract = [*text.strip().split("\n", 1), ""][:2]
    if len(title) > LONGEST_TITLE:
        raise document.error(blank + 1, f"expected a title as the first line, but {len(title):,} characters stand there")
    yield Record(blank + 1, title, abstract)
