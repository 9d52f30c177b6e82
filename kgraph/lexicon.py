"""What is known: the names of the field from `ontology/lexicon/*.tsv`, and what makes two names the same."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import attrgetter
from pathlib import Path

from kgraph.errors import DataError

_JOINTS = re.compile(r"[\s\-\u2010-\u2015\u2212_/]+")
_NEITHER = re.compile(r"[^\w+*.@#:]|_")
_LAST_PART = re.compile(r"(?<=.)(?:[-/ _][^-/ _]*|(?<=[A-Za-z])\d[\w.]*)$")
_WORD, _SEVERAL_WORDS = re.compile(r"[a-z0-9]+"), re.compile(r"\w[ -]\w")
SMALL_WORDS = frozenset({"a", "an", "and", "as", "by", "for", "from", "in", "of", "on", "or", "the", "to", "via", "with"})
"""Words of a long form that need not stand in its short form."""
_SHORT_FORM = 4
_COLUMNS = ["name", "aliases", "broader", "context", "source"]


def _long_words(long_form: str) -> list[str]:
    """The words of a long form, small words aside."""
    return [word for word in _WORD.findall(long_form.lower().replace("-", "")) if word not in SMALL_WORDS]


def _stems(words: list[str]) -> set[str]:
    return {word[:4] for word in words}


@lru_cache(maxsize=1 << 16)
def normalise(name: str) -> str:
    """The key under which two names are the same: case, white space, hyphens, slashes and a plural s do not count.

    An address keeps its path, and loses scheme, `www.` and a final slash.

    >>> normalise("Chain of Thoughts") == normalise("chain-of-thought")
    True
    >>> normalise("https://www.github.com/A/b-c/")
    'github.com/a/b-c'
    """
    if "://" in name:
        return name.partition("://")[2].casefold().removeprefix("www.").rstrip("/")
    key = _NEITHER.sub("", _JOINTS.sub("", unicodedata.normalize("NFKC", name).casefold())) or name.casefold()
    return key[:-1] if len(key) > 4 and key.endswith("s") and not key.endswith("ss") else key


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A row of the lexicon: `context` holds words of which one must occur in the paper for the name to count."""

    name: str
    type: str
    aliases: tuple[str, ...] = ()
    broader: str = ""
    context: frozenset[str] = frozenset()
    source: str = ""
    direction: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The name and its aliases as written in the row."""
        return (self.name, *self.aliases)

    def may_be(self, long_form: str) -> bool:
        """Whether a long form can be this thing's; not if its initials are a form of it and its words those of no other form.

        >>> act = Known("ACT", "Method", ("action chunking with transformers",))
        >>> act.may_be("Action Chunking Transformers"), act.may_be("affect control theory")
        (True, False)
        """
        if not long_form:
            return True
        words = _long_words(long_form)
        initials = "".join(word[0] for word in words)
        if initials not in map(normalise, self.forms):
            return True
        spelled = [_long_words(form) for form in self.forms if _SEVERAL_WORDS.search(form)]
        return not spelled or any(4 * len(_stems(words) & _stems(other)) >= 3 * max(len(words), len(other)) for other in spelled)


@dataclass(frozen=True)
class Lexicon:
    """All known names, and the strings that look like names of things and are none."""

    rows: tuple[Known, ...] = field(repr=False)
    ignored: frozenset[str] = field(default=frozenset(), repr=False)

    @cached_property
    def by_key(self) -> Mapping[str, tuple[Known, ...]]:
        """Rows by the normalised form of their name or any alias."""
        found: dict[str, list[Known]] = {}
        for row in self.rows:
            for key in dict.fromkeys(normalise(form) for form in row.forms):
                found.setdefault(key, []).append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], Known]:
        """Rows by type and name."""
        return {(row.type, row.name): row for row in self.rows}

    def is_ignored(self, name: str) -> bool:
        """Whether a string looks like a name but is none: an institution, a product, a whole field."""
        return name in self.ignored or name.lower() in self.ignored

    def type_of_part(self, name: str) -> str:
        """The type of the known thing that a hyphenated name begins with ("BigEarthNet-10"), "" if there is none."""
        first, hyphen, _ = name.partition("-")
        rows = self.by_key.get(normalise(first), ()) if hyphen and len(first) > 3 else ()
        return rows[0].type if len(rows) == 1 and first in rows[0].forms else ""

    def ancestors(self, name: str, cls: str) -> Iterator[str]:
        """Names of known things that a name begins with, longest first: its last part is dropped again and again.

        `Llama-3.1-8B-Instruct` gives `Llama 3.1` and `Llama` if these are rows. A few letters that stand for a row only in its
        context begin no name: TS-SQL has nothing of Thompson sampling. Nor does a word that a row writes in capitals alone
        ("Fact-Consistency" and FACT).
        """
        while cut := _LAST_PART.search(name):
            name = name[: cut.start()]
            key, is_word = normalise(name), name[1:].islower() and name.isalpha()
            for row in self.by_key.get(key, ()):
                is_short = row.context and len(key) < _SHORT_FORM and key != normalise(row.name)
                if row.type == cls and not is_short and not (is_word and row.name.isupper()):
                    yield row.name


def plural(form: str) -> str:
    """The plural of a name, "" where a plural s makes no sense.

    >>> [plural(form) for form in ["GAN", "strategy", "patch", "C++", "loss", "series"]]
    ['GANs', 'strategies', 'patches', '', 'losses', '']
    """
    last = form[-1]
    if not last.isalpha() or (last == "s" and not form.endswith("ss")) or len(form) < 2:
        return ""
    if form.endswith(("x", "ch", "sh", "z", "ss")):
        return form + "es"
    if last == "y" and form[-2] not in "aeiou":
        return form[:-1] + "ies"
    return form + "s"


def read_lexicon(folder: Path, types: Mapping[str, str]) -> Lexicon:
    """Read `<kind>s.tsv` for each type and its kind (`{"Method": "method"}`), and `ignored.tsv`.

    Raises:
        DataError: a row has the wrong number of cells, no name, a place out of order, a broader name that is no row, or a form
            that another row has too while neither says in which context it counts.
    """
    rows: list[Known] = []
    for cls, kind in types.items():
        path = folder / f"{kind}s.tsv"
        if path.exists():
            rows.extend(_read_rows(path, cls))
    ignored_path = folder / "ignored.tsv"
    ignored = [cells[0] for _, cells in _read_cells(ignored_path, ["name", "kind"])] if ignored_path.exists() else []
    lexicon = Lexicon(
        tuple(sorted(rows, key=attrgetter("name", "type"))),
        frozenset(form for name in ignored for form in (name, plural(name)) if form),
    )
    for key, same in lexicon.by_key.items():
        anywhere = [row for row in same if not row.context]
        if len(anywhere) > 1:
            names = " and ".join(repr(row.name) for row in anywhere)
            raise DataError(folder, None, f"{names} share the form {key!r}, and neither has a context")
    return lexicon


def _read_rows(path: Path, cls: str) -> Iterator[Known]:
    rows = list(_read_cells(path, _COLUMNS))
    names = {cells[0] for _, cells in rows}
    order = [(name.casefold(), name) for _, (name, *_) in rows]
    for (line, (name, aliases, broader, context, source, *direction)), before in zip(rows, [("", ""), *order], strict=False):
        if (name.casefold(), name) <= before:
            raise DataError(
                path, line, f"{name!r} should stand once, and in the order of the alphabet, but stands behind {before[1]!r}"
            )
        if broader and broader not in names:
            raise DataError(path, line, f"the broader name {broader!r} of {name!r} is no row of this file")
        forms = tuple(dict.fromkeys(form.strip() for form in aliases.split("|") if form.strip()))
        words = frozenset(context.split())
        yield Known(name, cls, forms, broader, words, source, direction[0] if direction else "")


def _read_cells(path: Path, columns: list[str]) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        head = next(reader, [])
        if head[: len(columns)] != columns:
            raise DataError(path, 1, f"the columns should begin {', '.join(columns)}, but are {', '.join(head)}")
        for cells in reader:
            if len(cells) != len(head) or not cells[0]:
                raise DataError(path, reader.line_num, f"a row should have {len(head)} cells and a name")
            yield reader.line_num, cells
