"""Bad inputs, each made from its number alone; as a script, tries so many and says what went wrong.

`python tests/fuzzing.py FOLDER COUNT [FIRST]` writes each input to the folder, reads it, and takes it away if all is well.
"""

import faulthandler
import gzip
import io
import json
import random
import resource
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "sources"
GOOD = "We propose a thing that does what it should, on and on and on."
SLOWEST = 10.0
MOST_MEMORY = 2 << 30


class Case(NamedTuple):
    """A file and how it is called, the format it is said to be, and the titles that must come out of it."""

    name: str
    content: bytes
    form: str = ""
    titles: tuple[str, ...] = ()


class Form(NamedTuple):
    """How a file of a format is made of records."""

    suffix: str
    record: Callable[[str, str], str]
    head: str = ""
    joint: str = "\n"
    tail: str = "\n"


def _index(text: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, word in enumerate(text.split()):
        found.setdefault(word, []).append(place)
    return found


def _json(**fields: Any) -> str:
    return json.dumps(fields)


FORMS = {
    "jsonl": Form(".jsonl", lambda title, text: _json(title=title, abstract=text)),
    "json": Form(".json", lambda title, text: _json(title=title, abstract=text), "[", ",\n", "]"),
    "kaggle": Form(".json", lambda title, text: _json(id="2401.00001", title=title, abstract=text, authors_parsed=[["A", "B"]])),
    "openalex": Form(
        ".json",
        lambda title, text: _json(title=title, id="https://openalex.org/W1", abstract_inverted_index=_index(text)),
        '{"meta": {}, "results": [',
        ",",
        "]}",
    ),
    "s2": Form(".json", lambda title, text: _json(paperId="a" * 40, title=title, abstract=text), '{"data": [', ", ", "]}"),
    "hf": Form(
        ".json",
        lambda title, text: _json(paper={"id": "2401.00001", "title": title, "summary": text, "upvotes": 1}),
        "[",
        ",",
        "]",
    ),
    "csv": Form(".csv", lambda title, text: f'"{title}","{text}",2024', "title,abstract,year\n"),
    "tsv": Form(".tsv", lambda title, text: f"{title}\t{text}\t2024", "title\tabstract\tyear\n"),
    "bibtex": Form(
        ".bib", lambda title, text: f"@article{{k,\n  title = {{{title}}},\n  abstract = {{{text}}},\n  year = 2024\n}}\n"
    ),
    "ris": Form(".ris", lambda title, text: f"TY  - JOUR\nTI  - {title}\nAB  - {text}\nPY  - 2024\nER  - \n"),
    "medline": Form(".nbib", lambda title, text: f"PMID- 1\nTI  - {title}\nAB  - {text}\nDP  - 2024 Jan\n"),
    "atom": Form(
        ".xml",
        lambda title, text: (
            f"<entry><id>http://arxiv.org/abs/2401.00001</id><title>{title}</title><summary>{text}</summary></entry>"
        ),
        '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n',
        "\n",
        "</feed>",
    ),
    "oai": Form(
        ".xml",
        lambda title, text: (
            "<record><header><identifier>oai:arXiv.org:2401.00001</identifier></header><metadata>"
            f"<arXiv><id>2401.00001</id><title>{title}</title><abstract>{text}</abstract></arXiv></metadata></record>"
        ),
        '<?xml version="1.0"?>\n<OAI-PMH><ListRecords>',
        "\n",
        "</ListRecords></OAI-PMH>",
    ),
    "pubmed": Form(
        ".xml",
        lambda title, text: (
            "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
            f"<ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>{text}</AbstractText></Abstract>"
            "</Article></MedlineCitation></PubmedArticle>"
        ),
        "<PubmedArticleSet>\n",
        "\n",
        "</PubmedArticleSet>",
    ),
}

SLOW = (
    "\\", "{", "$a", "<p", "&a", "\\'{", "\\'", "-", " and ", "``", " ", "\n", "\t", "<!---->", "}", "} ", "@a{", "@a{\n",
    "\\kern ", "\\kern1", "10.1", "[", '["', '{"a":', "arXiv:", "&#1", "<entry>", "<record>", "<!DOCTYPE ", "<!--", "]]>",
    "\\frac{", "$$", "$x_{", "\\url{", "\\href{a}{", "%", "~", "^", "http://", "\u0301", "\u202e", "\ufeff", "İ", "ﬃ",
    "\U0001f600", "PMID- 1\n", "TY  - J\n", "TI  - a\n", '"', "'", ",", ";", "|", "=", "= ", "\r", "\x0b", "\x85", "\u2028",
    "a\u0300", "x" * 50, "1,", "..", "(", ")",
)  # fmt: skip
ODD = (
    None, True, False, 0, -1, 1e308, float("nan"), 10**4000, "", " ", "\x00", "\ud800", "\udfff\ud800", [], {}, [[]], [None],
    {"": {}}, "x" * 70_000, [1] * 5000, {"a": [{"b": [{}]}]}, "2024-99-99", "\u202e<script>", "=1+1", "http://[", "a" * 400 + "/",
)  # fmt: skip
JUNK = (
    b"\0", b"{", b"}", b'"', b"<", b"&", b"]", b"\\", b"$", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\x1a",
    b"'", b",", b"@", b"-->",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "latin-1", "utf-32", "utf-7", "cp1252", "shift_jis", "utf-8-sig")


def mutated(content: bytes, chance: random.Random) -> bytes:
    """A file with one thing wrong."""
    at, other = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    match chance.randrange(10):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + chance.randbytes(chance.randrange(1, 9)) + content[at:]
        case 2:
            return content[:at] + content[other:]
        case 3:
            return content[:other] + content[at:]
        case 4:
            return content[:at] + chance.choice(JUNK) * chance.choice([1, 1, 5000]) + content[at:]
        case 5:
            return content.replace(
                *chance.choice([(b'"', b"'"), (b"{", b""), (b">", b""), (b"\n", b"\r"), (b":", b""), (b"\n", b"")])
            )
        case 6:
            return content.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")
        case 7:  # two encodings in one file
            half = content[at:].decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")
            return content[:at] + half
        case 8:
            return (
                content[:at] + (chance.choice(SLOW) * chance.choice([9, 900, 20_000])).encode("utf-8", "replace") + content[at:]
            )
        case _:
            words = [b"2024", b"title", b"abstract", b"QuorpNet", b"entry", b"author"]
            return content.replace(chance.choice(words), chance.choice([b"", b"null", b"9" * 5000, b"[[[["]))


def fixture(chance: random.Random) -> Case:
    """A fixture with up to three things wrong, perhaps with the end of another."""
    files = sorted(FIXTURES.iterdir())
    source = chance.choice(files)
    content = source.read_bytes()
    if chance.random() < 0.1:
        other = chance.choice(files).read_bytes()
        content = content[: chance.randrange(len(content))] + other[chance.randrange(len(other)) :]
    for _ in range(chance.randrange(1, 4)):
        content = mutated(content, chance)
    return Case(source.name, content)


def beside(chance: random.Random) -> Case:
    """Good records with a bad one among them."""
    name, form = chance.choice(list(FORMS.items()))
    titles = [f"Good {number} {chance.randrange(10**6)}" for number in range(4)]
    bad = form.record("Bad", GOOD).encode()
    match chance.randrange(6):
        case 0:
            bad = bad.replace(b"that", b"th\xe9t\xff")
        case 1:
            bad = bad.replace(b"We", b"\x00\x01\x1f")
        case 2:
            bad = form.record("Bad " * 2000, GOOD).encode()
        case 3:
            bad = form.record("Bad", "long " * 30_000).encode()
        case 4:
            bad = form.record("", "").encode()
        case _:
            at = chance.randrange(1, len(bad))
            bad = bad[:at] if name not in ("csv",) else bad.replace(b",", b"", 1)
    records = [form.record(title, GOOD).encode() for title in titles]
    records.insert(chance.randrange(5), bad)
    content = form.head.encode() + form.joint.encode().join(records) + form.tail.encode()
    return Case(f"{name}{form.suffix}", content, "", tuple(titles))


def of_types(chance: random.Random) -> Case:
    """JSON in which some values are of another type."""
    source = chance.choice([path for path in sorted(FIXTURES.iterdir()) if path.suffix in (".json", ".jsonl")])
    text = source.read_text(encoding="utf-8")
    values = [json.loads(line) for line in text.splitlines()] if source.suffix == ".jsonl" else [json.loads(text)]

    def changed(value: Any, depth: int = 0) -> Any:
        if depth and chance.random() < 0.06:
            return chance.choice(ODD)
        if isinstance(value, dict):
            return {chance.choice([key] * 30 + ["\ud800", "", "title"]): changed(one, depth + 1) for key, one in value.items()}
        if isinstance(value, list):
            return [changed(one, depth + 1) for one in value]
        return value

    content = "\n".join(json.dumps(changed(value), ensure_ascii=chance.random() < 0.5) for value in values)
    return Case(source.name, content.encode("utf-8", "surrogatepass" if chance.random() < 0.5 else "replace"))


def slow(chance: random.Random) -> Case:
    """A file with a text that repeats what a pattern may stumble over."""
    name, form = chance.choice(list(FORMS.items()))
    text = chance.choice(SLOW) * chance.choice([1000, 30_000]) + chance.choice(["", "x", "}", ">", "."])
    text = text[: chance.choice([60_000, 190_000, 1_000_000])]
    title = text[:900] if chance.random() < 0.3 else "A title"
    record = form.record(title, text)
    if chance.random() < 0.4:
        record = record.replace("2024", text[:100_000]).replace("2401.00001", text[:100_000])
    if chance.random() < 0.1:
        record = text  # in the place of a record
    return Case(f"{name}{form.suffix}", f"{form.head}{form.record('Good', GOOD)}{form.joint}{record}{form.tail}".encode())


def packed(chance: random.Random) -> Case:
    """Something compressed, and wrong."""
    inner = chance.choice([fixture, beside, of_types])(chance)
    content = inner.content if chance.random() < 0.8 else inner.content + b" " * chance.choice([10**6, 3 * 10**7])
    kind = chance.choice(["gz", "zip", "tar.gz", "zst", "gz.gz", "xlsx"])
    if kind.startswith("gz"):
        packed = gzip.compress(content, mtime=0)
        packed = gzip.compress(packed, mtime=0) if kind == "gz.gz" else packed
    elif kind == "zst":
        import zstandard

        packed = zstandard.compress(content)
    elif kind == "tar.gz":
        held = io.BytesIO()
        with tarfile.open(fileobj=held, mode="w:gz") as archive:
            for name in (inner.name, "../../etc/x.bib", "/etc/y.json"):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        packed = held.getvalue()
    else:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name in (inner.name, "../up.json", "xl/workbook.xml") if kind == "xlsx" else (inner.name, "../../up.json"):
                zipped.writestr(name, content)
        packed = held.getvalue()
    for _ in range(chance.randrange(3)):
        packed = mutated(packed, chance)
    return Case(f"x.{kind}" if kind in ("xlsx", "zip", "tar.gz") else f"{inner.name}.{kind}", packed)


DOCTYPES = (
    '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;"><!ENTITY x "&m;&m;&m;">]>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
    '<!DOCTYPE a PUBLIC "-//X" "http://127.0.0.1:9/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]>',
    '<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>',
    '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>',
)


def declared(chance: random.Random) -> Case:
    """XML that declares, includes or fetches."""
    name = chance.choice(["atom", "oai", "pubmed"])
    form, doctype = FORMS[name], chance.choice(DOCTYPES)
    records = form.joint.join([form.record("A &x; B", "&x; &l; text"), form.record("Good", GOOD)])
    place = chance.choice(["before", "behind", "inside"])
    head = {"before": doctype + form.head, "behind": form.head + doctype, "inside": form.head}[place]
    body = records.replace("text", doctype) if place == "inside" else records
    content = f"{head}{body}{form.tail}".encode()
    return Case(f"{name}.xml", mutated(content, chance) if chance.random() < 0.3 else content)


KINDS: Sequence[tuple[Callable[[random.Random], Case], int]] = (
    (fixture, 40), (beside, 22), (of_types, 12), (slow, 12), (packed, 10), (declared, 4),
)  # fmt: skip


def case(number: int) -> Case:
    """The input of a number."""
    chance = random.Random(f"kgraph {number}")
    make = chance.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0]
    made = make(chance)
    if made.titles or chance.random() < 0.7:
        return made
    from kgraph.sources import SOURCES

    return made._replace(form=chance.choice(list(SOURCES)))


class Trial:
    """Tries inputs one after the other and remembers what went wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.texts: dict[str, Any] = {}
        self.rejections = self.records = 0
        self.slowest = (0.0, "")
        self.outside: list[str] = []
        sys.addaudithook(self._heard)

    def _heard(self, event: str, given: tuple[Any, ...]) -> None:
        if event.startswith(("socket.connect", "socket.getaddrinfo", "urllib", "subprocess", "os.system")) or (
            event == "open" and str(given[0]).startswith("/etc/passwd")
        ):
            self.outside.append(f"{event} {given}")

    def go(self, number: int) -> None:
        from kgraph.errors import KgraphError
        from kgraph.intake import take_in
        from kgraph.model import Paper
        from kgraph.sources import Options, Rejection, read_records

        made = case(number)
        path = self.folder / f"{number}-{made.name}"
        path.write_bytes(made.content)
        started, problem, titles = time.process_time(), "", set()
        faulthandler.dump_traceback_later(6 * SLOWEST, exit=True)
        try:
            for one in read_records([path], Options(form=made.form)):
                if isinstance(one, Paper):
                    self.records += 1
                    titles.add(one.title)
                    known = (*one.identifiers, *one.authors, *one.venues, *one.categories, *one.keywords, *one.links)
                    " ".join((one.text, *known)).encode("utf-8")
                    self.texts.setdefault(one.text, one)
                elif isinstance(one, Rejection):
                    self.rejections += 1
                    said = str(one)
                    said.encode("utf-8")
                    problem = problem or ("a message of several lines" if "\n" in said or len(said) > 2000 else "")
            take_in([path], Options(form=made.form))
        except KgraphError:
            pass
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        faulthandler.cancel_dump_traceback_later()
        seconds = time.process_time() - started
        self.slowest = max(self.slowest, (seconds, f"{number} {made.name}"))
        if seconds > SLOWEST:
            problem = f"took {seconds:.0f} s"
        if missing := set(made.titles) - titles:
            problem = problem or f"lost {sorted(missing)}"
        if self.outside:
            problem, self.outside = f"reached out: {self.outside[0]}", []
        if problem:
            self.problems.append(f"{number} {made.name} {made.form}: {problem}"[:300])
        else:
            path.unlink()


def main(folder: Path, count: int, first: int = 0) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    trial = Trial(folder)
    for number in range(first, first + count):
        trial.go(number)
    seconds, slowest = trial.slowest
    print(
        json.dumps(
            {
                "inputs": count,
                "problems": trial.problems,
                "records": trial.records,
                "rejections": trial.rejections,
                "slowest": f"{seconds:.1f} s: {slowest}",
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
            }
        )
    )
    with (folder / "papers.json").open("w", encoding="utf-8") as file:
        for paper in list(trial.texts.values())[:20_000]:
            file.write(json.dumps({"title": paper.title, "abstract": paper.abstract}) + "\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
