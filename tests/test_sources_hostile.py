"""Bad input: one sentence with its place, the good records beside it kept, within bounds of time and memory."""

import gzip
import io
import json
import random
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT, run_kgraph

from kgraph.model import Paper
from kgraph.sources import SOURCES, Options, Rejection, read_records

FIXTURES = ROOT / "tests" / "sources"
GOOD = "We propose a thing that does what it should, on and on and on."


def read(path: Path, options: Options | None = None) -> tuple[list[str], list[str]]:
    """The titles of papers and the rejections of a file, without its folder."""
    found = list(read_records([path], options or Options()))
    titles = [one.title for one in found if isinstance(one, Paper)]
    return titles, [str(one).removeprefix(f"{path.parent}/") for one in found if isinstance(one, Rejection)]


def atom(*entries: str) -> str:
    return f'<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n{"".join(entries)}</feed>\n'


def entry(title: str) -> str:
    return f"<entry><id>http://arxiv.org/abs/{title}</id><title>{title}</title><summary>{GOOD}</summary></entry>\n"


def bib(key: str) -> str:
    return f"@article{{{key},\n  title = {{{key}}},\n  abstract = {{{GOOD}}}\n}}\n"


def line(title: str) -> str:
    return json.dumps({"title": title, "abstract": GOOD}) + "\n"


CASES = {
    "broken.xml": (atom(entry("A"), "<entry><title>B</wrong></entry>\n", entry("C")), "AC", ":4: expected well-formed XML"),
    "unclosed.xml": (atom(entry("A"), "<entry><title>B</title>\n", entry("C")), "AC", ":4: expected </entry>"),
    "cut.xml": (atom(entry("A"), entry("B"))[:-40], "A", ":4: expected </entry>, but the record ends"),
    "entity.xml": (atom(entry("A"), "<entry><title>&xxe;</title></entry>\n", entry("C")), "AC", ":4: expected well-formed XML"),
    "deep.xml": (
        atom(entry("A"), "<entry>" + "<a>" * 99 + "</a>" * 99 + "</entry>\n", entry("C")),
        "AC",
        ":4: expected at most 60",
    ),
    "error.xml": (
        atom("<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>no id</summary></entry>"),
        "",
        ":3: expected a paper, but an error of the API stands there: no id",
    ),
    "open.bib": (bib("A") + "@article{B,\n title = {B {C},\n}\n" + bib("D"), "AD", ":5: expected a brace that closes"),
    "nokey.bib": (bib("A") + "@article{title = {B}}\n" + bib("D"), "AD", ":5: expected a key and fields"),
    "notitle.bib": (bib("A") + "@article{B, year = 2000}\n" + bib("D"), "AD", ":5: record B: expected a title, but None"),
    "cut.jsonl": (line("A") + line("B")[:-20] + "\n" + line("C"), "AC", ":2: expected a JSON object on one line"),
    "types.jsonl": (line("A") + '{"title": ["B"]}\n' + line("C"), "AC", ":2: expected a text under “title”, but ['B']"),
    "deep.jsonl": (line("A") + "[" * 100_000 + "\n" + line("C"), "AC", ":2: expected a JSON object on one line"),
    "long.jsonl": (line("A") + line("x" * 5000) + line("C"), "AC", ":2: expected a title of at most 1,000 characters"),
    "huge.jsonl": (
        line("A") + json.dumps({"title": "B", "abstract": "y " * 40_000}) + "\n" + line("C"),
        "AC",
        ":2: expected an abstract of at most 50,000 characters",
    ),
    "array.json": (f'[{line("A")},\n{{"title": oops}},\n{line("C")}]', "AC", ":3: expected a JSON object"),
    "cut.json": (f'{{"results": [{line("A")}, {line("B")}'[:-30], "A", ":2: expected a JSON object"),
    "number.json": (
        f"[{line('A')}, 5, {line('C')}]".replace("[", '[ {"title": "Z"},'),
        "ZAC",
        ":2: expected a JSON object, but 5",
    ),
    "surplus.csv": (f"title,abstract\nA,{GOOD.replace(',', '')}\nB,x,y,z\nC,c\n", "AC", ":3: expected 2 cells, but 4"),
    "empty.csv": ("title,abstract\nA,a\n,b\nC,c\n", "AC", ":3: expected a title, but '' stands there"),
    "untitled.ris": (
        "TY  - JOUR\nTI  - A\nER  - \nTY  - JOUR\nAB  - b\nER  - \nTY  - JOUR\nTI  - C\nER  - \n",
        "AC",
        ":4: expected a title",
    ),
    "untitled.nbib": ("PMID- 1\nTI  - A\n\nPMID- 2\nAB  - b\n\nPMID- 3\nTI  - C\n", "AC", ":4: record 2: expected a title"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_record_is_reported_and_those_beside_it_are_kept(name: str, tmp_path: Path) -> None:
    content, titles, message = CASES[name]
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    found, rejections = read(path)
    assert found == list(titles)
    assert len(rejections) == 1
    assert rejections[0].startswith(name + message)
    assert "\n" not in rejections[0]


@pytest.mark.parametrize(
    ("name", "good"), [("x.jsonl", line), ("x.bib", bib), ("x.csv", lambda title: f"{title},{GOOD.replace(',', '')}\n")]
)
def test_a_byte_that_is_no_utf_8_spoils_its_record_alone(name: str, good: object, tmp_path: Path) -> None:
    assert callable(good)
    head = b"title,abstract\n" if name == "x.csv" else b""
    wrong = str(good("B")).replace("thing", "th\0ng").encode().replace(b"\0", b"\xe9")
    path = tmp_path / name
    path.write_bytes(head + good("A").encode() + wrong + good("C").encode())
    titles, rejections = read(path)
    assert titles == ["A", "C"]
    assert len(rejections) == 1
    assert "expected UTF-8 text" in rejections[0]
    assert "0xe9" in rejections[0]


def test_what_is_no_character_becomes_a_space(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"title": "A\\u0000B", "abstract": "x\\ud800y\\u0008z \\ud83d\\ude00"}\n')
    (paper,) = read_records([path])
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract) == ("A B", "x\ufffdy z 😀")


BOMB = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>'


@pytest.mark.parametrize(
    "doctype",
    [
        BOMB,
        '<!DOCTYPE feed [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE feed SYSTEM "http://127.0.0.1:1/x.dtd" [ <!ENTITY % p SYSTEM "http://127.0.0.1:1/"> %p; ]>',
    ],
)
@pytest.mark.parametrize("name", ["arxiv-atom.xml", "arxiv-oai.xml", "pubmed.xml"])
def test_a_dtd_is_refused(doctype: str, name: str, tmp_path: Path) -> None:
    content = (FIXTURES / name).read_text(encoding="utf-8")
    head, _, rest = content.partition("\n")
    path = tmp_path / name
    path.write_text(f"{head}\n{doctype}\n{rest}", encoding="utf-8")
    titles, rejections = read(path)
    assert titles == []
    assert "without a DTD of its own" in rejections[0]


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    zeros = b'{"title": "' + b"0" * 200_000_000
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(zeros, 9))
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.jsonl", zeros)
        archive.writestr("y.jsonl", line("Y"))
    for name in ("x.jsonl.gz", "x.zip"):
        _, rejections = read(tmp_path / name)
        assert any("grows" in one or "characters" in one for one in rejections), rejections


def test_layers_upon_layers_are_refused(tmp_path: Path) -> None:
    content = line("A").encode()
    for _ in range(4):
        content = gzip.compress(content)
    (tmp_path / "x.gz").write_bytes(content)
    assert "layers of compression" in read(tmp_path / "x.gz")[1][0]


def test_a_torn_archive_keeps_what_came_before(tmp_path: Path) -> None:
    content = "".join(line(f"{number} {random.Random(number).random()}") for number in range(3000)).encode()
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(content)[:-2000])
    titles, rejections = read(tmp_path / "x.jsonl.gz")
    assert len(titles) > 1000
    assert "cannot be read to its end" in rejections[-1]


def test_a_long_line_needs_no_long_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    with path.open("wb") as file:
        file.write(line("A").encode() + b'{"title": "')
        for _ in range(300):
            file.write(b"x" * 1_000_000)
    script = f"from kgraph.sources import read_records; print(*read_records([{str(path)!r}]))"

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, preexec_fn=limit, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert "x.jsonl:2: expected a line of at most" in done.stdout


def test_strict_stops_at_the_first_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(line("A") + "{\n" + line("C"))
    done = run_kgraph("build", str(path), "-o", str(tmp_path / "g.ttl"))
    assert done.returncode == 3
    assert b"2 papers from 2 listings" in done.stderr
    assert b"rejected: " in done.stderr
    assert f"{path}:2: expected a JSON object on one line".encode() in done.stderr
    assert b"Records: 1 rejected" in done.stderr
    (tmp_path / "g.ttl").unlink()
    done = run_kgraph("build", str(path), "--strict", "-o", str(tmp_path / "g.ttl"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"kgraph: {path}:2: expected".encode())
    assert not (tmp_path / "g.ttl").exists()
    path.write_text("{\n")
    assert run_kgraph("build", str(path), "-o", str(tmp_path / "g.ttl")).returncode == 1


def test_a_paper_without_abstract_is_kept_counted_and_said(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"title": "Only a title"}\n' + line("B"))
    done = run_kgraph("extract", str(tmp_path / "x.jsonl"))
    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 2
    assert b"1 without an abstract, kept with the title" in done.stderr


def test_texts_that_make_a_slow_regex_explode_do_not(tmp_path: Path) -> None:
    bad = [
        "\\" * 40_000,
        "{" * 40_000,
        "$a" * 20_000,
        "<p" * 20_000,
        "&a" * 20_000,
        "\\'{" * 10_000,
        "-" * 40_000,
        " and " * 9_000,
        "``" * 20_000,
    ]
    for number, text in enumerate(bad):
        rows = {
            "id": "0704.0001",
            "title": text[:900],
            "abstract": text,
            "authors": text,
            "authors_parsed": None,
            "update_date": text,
        }
        (tmp_path / f"{number}.json").write_text(json.dumps(rows))
        (tmp_path / f"{number}.bib").write_text(
            f"@article{{a,\ntitle = {{x}}, author = {{{text}}},\n abstract = {{{text}}}\n}}\n"
        )
        (tmp_path / f"{number}.csv").write_text(f"title,abstract,authors\nx,{text},{text}\n")
        (tmp_path / f"{number}.xml").write_text(atom(f"<entry><title>{text}</title></entry>"))
        (tmp_path / f"{number}.txt").write_text(text)
    started = time.monotonic()
    list(read_records([tmp_path]))
    assert time.monotonic() - started < 20


def test_bytes_of_any_kind_are_no_traceback(tmp_path: Path) -> None:
    chance = random.Random(3)
    for number, form in enumerate(SOURCES):
        for content in (chance.randbytes(3000), b"\0" * 3000, b"PK\x03\x04" + chance.randbytes(99), io.BytesIO().getvalue()):
            path = tmp_path / f"{number}.bin"
            path.write_bytes(content)
            list(read_records([path], Options(form=form)))


def workbook(last: str, said_size: int | None = None, sheet: str = "") -> bytes:
    """A workbook with a title in its first cell and a cell far behind."""
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    row = "".join(filter(str.isdigit, last))
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c></row>'
    cells += f'<row r="{row}"><c r="{last}" t="inlineStr"><is><t>Good</t></is></c></row>'
    members = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{book}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{rel}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
        f'Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet or f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        if said_size is not None:
            archive.getinfo("xl/worksheets/sheet1.xml").file_size = said_size  # a lie in the directory
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (workbook("XFD1048576"), "at most 10,000,000 cells"),
        (workbook("ZZ200000"), "at most 10,000,000 cells"),
        (workbook("A2", 100, sheet=" " * 200_000_000), "it grows further"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "save it as .xlsx or .csv"),
        (b"PK\x03\x04" + b"\0" * 5000, "expected a workbook"),
    ],
    ids=["far", "less far", "lie", "old", "zeros"],
)
def test_a_workbook_that_would_take_all_memory_is_refused(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    titles, rejections = read(path)
    assert titles == []
    assert sentence in rejections[0]


def test_a_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook("A2"))
    assert read(path) == (["Good"], [])


@pytest.mark.parametrize(
    "unit", ["<div>", "<b><a x>", "<p>a", "<article>", "<h3>", "<a href='", "<article><h3><a href=/papers/2401.00001>"]
)
def test_html_is_passed_over_once_however_deep_it_is(unit: str, tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text("<!doctype html><body>" + unit * (4_000_000 // len(unit)))
    started = time.process_time()
    read(path)
    assert time.process_time() - started < 10
