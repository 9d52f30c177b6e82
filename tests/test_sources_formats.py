"""Each format's fixture in `tests/sources/`: one paper told in every format, and what a format has beside it."""

import gzip
import io
import json
import random
import tarfile
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import zstandard
from conftest import ROOT, run_kgraph
from fuzzing import FORMS

from kgraph.intake import take_in
from kgraph.model import Paper
from kgraph.sources import LeftOut, Options, find_documents, form_of, read_papers, read_records
from kgraph.sources.document import Document
from kgraph.sources.latex import read_latex

FIXTURES = ROOT / "tests" / "sources"
TABLE = Options(columns={"title": "Name", "abstract": "Text", "url": "Link"})
ABSTRACT = (
    "We propose QuorpNet, a framework for quorping with α-stable noise. It runs in O(n^2) and improves accuracy by 5% over "
    "Gröbner baselines."
)
EXPECTED = {
    "acl.bib": ("bibtex", 2, 1, "acl:2024.acl-long.1 arxiv:2401.00001 doi:10.1000/quorp.1", "2024-01"),
    "arxiv-atom.xml": ("arxiv-atom", 2, 1, "arxiv:2401.00001 arxiv:2401.00001v2 doi:10.1000/quorp.1", "2024-01-02"),
    "arxiv-kaggle.jsonl": ("arxiv-kaggle", 2, 2, "arxiv:2401.00001 arxiv:2401.00001v2 doi:10.1000/quorp.1", "2024-01-02"),
    "arxiv-oai.xml": ("arxiv-oai", 2, 2, "arxiv:2401.00001 doi:10.1000/quorp.1", "2024-01-02"),
    "daily.jsonl": ("jsonl", 1, 1, "arxiv:2401.00001", "2024-01-02"),
    "hf-articles.html": ("hf-html", 2, 2, "arxiv:2401.00001", ""),
    "hf-daily.json": ("hf-json", 1, 1, "arxiv:2401.00001", "2024-01-02"),
    "hf-page.html": ("hf-html", 1, 1, "arxiv:2401.00001", "2024-01-02"),
    "medline.nbib": ("medline", 2, 1, "doi:10.1000/quorp.1 pmid:777", "2024-01-05"),
    "one.txt": ("text", 1, 1, "", ""),
    "openalex.json": ("openalex", 2, 1, "arxiv:2401.00001 doi:10.1000/quorp.1 openalex:W123 pmid:777", "2024-01-05"),
    "pubmed.xml": ("pubmed", 1, 1, "doi:10.1000/quorp.1 pmid:777", "2024-01-05"),
    "semantic-scholar.json": (
        "semantic-scholar",
        2,
        1,
        "acl:2024.acl-long.1 arxiv:2401.00001 doi:10.1000/quorp.1 pmid:777 s2:c8b25fab5608c3e033d34b4483ec47e68ba109b7",
        "2024-01-02",
    ),
    "table.tsv": ("csv", 1, 1, "arxiv:2401.00001 arxiv:2401.00001v2", "2024"),
    "zotero.csv": ("csv", 2, 1, "arxiv:2401.00001 doi:10.1000/quorp.1", "2024-01-02"),
    "zotero.ris": ("ris", 2, 1, "arxiv:2401.00001 doi:10.1000/quorp.1", "2024-01-02"),
}


def the_one(path: Path) -> Document:
    (document,) = find_documents([path])
    assert isinstance(document, Document)
    return document


def papers_of(path: Path, options: Options = TABLE) -> list[Paper]:
    return list(read_papers([path], options if path.suffix == ".tsv" else Options()))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_format_is_recognised_and_tells_what_it_knows(name: str) -> None:
    form, records, abstracts, identifiers, date = EXPECTED[name]
    document = the_one(FIXTURES / name)
    assert form_of(document) == form
    papers = papers_of(FIXTURES / name)
    assert (len(papers), sum(bool(paper.abstract) for paper in papers)) == (records, abstracts)
    first = papers[0]
    assert first.title.rstrip(".") == "QuorpNet: Fast Quorping"
    assert " ".join(first.identifiers) == identifiers
    assert first.date == date
    if first.authors:
        assert first.authors[:2] == ("Ada Quorp", "Zoë Net")
    assert "Gröbner" in first.abstract
    assert "5%" in first.abstract
    assert "α-stable" in first.abstract
    if form not in ("pubmed", "medline", "ris"):  # whose abstract is told in other words
        assert first.abstract == ABSTRACT


def test_there_is_a_fixture_of_every_file_and_no_other() -> None:
    assert {path.name for path in FIXTURES.iterdir()} == set(EXPECTED)


def test_one_paper_in_all_formats_is_one_that_knows_all_its_sources() -> None:
    intake = take_in(sorted(FIXTURES / name for name in EXPECTED if name != "table.tsv"))
    (paper,) = (paper for paper in intake.papers if paper.identifier == "arxiv:2401.00001")
    assert {listing.file for listing in paper.listings} == set(EXPECTED) - {"table.tsv"}
    assert paper.id == "paper/arxiv/2401.00001"
    assert {"acl", "arxiv", "doi", "openalex", "pmid", "s2"} == {one.partition(":")[0] for one in paper.identifiers}
    assert paper.authors == ("Ada Quorp", "Zoë Net", "The Quorp Group")
    assert paper.date == "2024-01-02"
    assert paper.venues == ("ACL", "J. Quorp 1 (2024) 1", "Journal of Quorping")
    assert {"cs.CL", "cs.LG"} <= set(paper.categories)
    assert paper.keywords == ("noise", "quorping")
    assert paper.links == ("https://github.com/quorp/quorpnet", "https://quorp.github.io/")


def test_the_order_of_files_does_not_matter() -> None:
    files = sorted(FIXTURES.iterdir())
    found = set()
    for _ in range(10):
        random.shuffle(files)
        found.add(tuple(take_in(files).papers))
    assert len(found) == 1


def test_a_summary_by_a_machine_is_not_read() -> None:
    (paper,) = papers_of(FIXTURES / "hf-daily.json")
    assert "AI says" not in paper.text
    assert paper.keywords == ()


def test_references_of_a_paper_are_not_its_identifiers() -> None:
    (paper,) = papers_of(FIXTURES / "pubmed.xml")
    assert "doi:10.1000/other" not in paper.identifiers
    assert paper.abstract.startswith("BACKGROUND: We propose")
    assert paper.abstract.endswith("p<0.01.")


def test_categories_and_dates_choose_papers() -> None:
    path = FIXTURES / "arxiv-kaggle.jsonl"
    for options in (Options(categories=("cs",)), Options(categories=("cs.CL",)), Options(since="2024-01")):
        read = list(read_records([path], options))
        assert [type(one) for one in read] == [Paper, LeftOut]
    assert len(list(read_papers([path], Options(categories=("math", "cs"))))) == 2
    assert not list(read_papers([path], Options(categories=("c",))))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (r"{\'e} Erd\H{o}s, na\"{\i}ve, \c{c}, {\L}ukasz, Stra\ss e, \v Sa", "é Erdős, naïve, ç, Łukasz, Straße, Ša"),
        (r"$O(n^2)$, $x_{t+1}$, $10^{-3}$, $k$-means, $\tilde{O}(\sqrt{AT})$", "O(n^2), x_(t+1), 10^-3, k-means, Õ(√AT)"),
        (r"90\% \& \textbf{bold {\it it}} $\geq$ 5$^\circ$", "90% & bold it ≥ 5°".replace("5°", "5^∘")),
        ("between $5 and $10, $3-$4; C:\\", "between $5 and $10, $3-$4; C:\\"),
        (r"\url{https://a.b/c\_d} \href{http://x.y}{code} the set {1, 2}", "https://a.b/c_d code (http://x.y) the set {1, 2}"),
        (r"``so'' -- and --- so", "“so” – and — so"),
    ],
)
def test_latex_is_read_as_a_person_reads_it(raw: str, said: str) -> None:
    assert read_latex(raw) == said


def packed(name: str, content: bytes) -> dict[str, bytes]:
    """The same file in every wrapping."""
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"folder/{name}", content)
        archive.writestr("__MACOSX/._x", b"x")
    with tarfile.open(fileobj=tarred, mode="w:gz") as tar:
        member = tarfile.TarInfo(f"folder/{name}")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return {
        f"{name}.gz": gzip.compress(content),
        f"{name}.zst": zstandard.compress(content),
        "a.zip": zipped.getvalue(),
        "a.tar.gz": tarred.getvalue(),
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_compressed_files_and_archives_hold_the_same(name: str, tmp_path: Path) -> None:
    plain = [(paper.title, paper.abstract, paper.identifiers) for paper in papers_of(FIXTURES / name)]
    options = TABLE if name.endswith(".tsv") else Options()
    for file, content in packed(name, (FIXTURES / name).read_bytes()).items():
        (tmp_path / file).write_bytes(content)
        papers = list(read_papers([tmp_path / file], options))
        assert [(paper.title, paper.abstract, paper.identifiers) for paper in papers] == plain, file
        assert papers[0].listings[0].file == (f"{file}/folder/{name}" if file in ("a.zip", "a.tar.gz") else file)


def workbook(rows: list[list[str]]) -> bytes:
    def cell(text: str) -> str:
        return f'<c t="inlineStr"><is><t>{text}</t></is></c>'

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kinds}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="S" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return output.getvalue()


def test_a_workbook_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook([["Title", "Abstract", "DOI", "Year"], ["QuorpNet", "We quorp.", "10.1000/q", "2024"]]))
    (paper,) = read_papers([path])
    assert (paper.title, paper.abstract, paper.identifier, paper.date) == ("QuorpNet", "We quorp.", "doi:10.1000/q", "2024")
    assert paper.listings[0].line == 2


def test_utf_16_with_a_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("Title\tAbstract\nZoë\tEine Übersicht\n".encode("utf-16"))
    assert [(paper.title, paper.abstract) for paper in read_papers([path])] == [("Zoë", "Eine Übersicht")]


def test_standard_input_is_a_document() -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "kgraph", "extract", "-"],
        input=(FIXTURES / "acl.bib").read_bytes(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 2
    assert b'{"file": "stdin", "line": 7}' in done.stdout


def test_an_address_is_read_only_as_it_is_named() -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(FIXTURES))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        done = run_kgraph("sources", f"http://127.0.0.1:{server.server_port}/arxiv-atom.xml", COLUMNS="200")
        assert done.returncode == 0, done.stderr
        assert b"arxiv-atom" in done.stdout
        assert run_kgraph("sources", f"http://127.0.0.1:{server.server_port}/nothing.xml").returncode == 3
    finally:
        server.shutdown()
        server.server_close()


def test_sources_says_what_each_file_is() -> None:
    done = run_kgraph("sources", str(FIXTURES / "acl.bib"), str(FIXTURES / "arxiv-atom.xml"), COLUMNS="200")
    assert done.returncode == 0
    lines = [line.split("│")[1:-1] for line in done.stdout.decode().splitlines() if line.startswith("│")]
    cells = [[cell.strip() for cell in line] for line in lines]
    assert [row[1:] for row in cells[:2]] == [
        ["bibtex", "2", "1", "0", "0", "0"],
        ["arxiv-atom", "2", "1", "1", "0", "0"],
    ]
    assert cells[2] == ["2 files", "", "4", "2", "1", "0", "0"]


def test_columns_can_be_given() -> None:
    table = str(FIXTURES / "table.tsv")
    assert run_kgraph("sources", table).returncode == 3
    assert run_kgraph("sources", table, "--columns", "title=Name,abstract=Text").returncode == 0
    assert b"there is no column" in run_kgraph("sources", table, "--columns", "title=Nome").stderr
    assert run_kgraph("sources", table, "--columns", "nonsense").returncode == 2
    assert run_kgraph("sources", table, "--from", "nonsense").returncode == 2
    assert run_kgraph("sources", table, "--since", "soon").returncode == 2


def test_papers_of_a_document_have_lines_of_their_own() -> None:
    papers = list(read_papers([FIXTURES / "semantic-scholar.json"]))
    assert [paper.listings[0].line for paper in papers] == [1, 2]


KEPT = ("json", "jsonl")  # the same source; listings are the other
LATEX = r"Caf{\'e} nets are \alpha-stable in $O(n^2)$ and win 5\% of \textit{all} games, a ``draw'' aside."
READ = "Café nets are α-stable in O(n^2) and win 5% of all games, a “draw” aside."


@pytest.mark.parametrize("name", [*(name for name in FORMS if name not in KEPT), "text"])
def test_latex_is_read_in_every_format_but_two(name: str, tmp_path: Path) -> None:
    long = f"{LATEX} And so on, for long enough to be an abstract of a paper that says what it does."
    if name == "text":
        path = tmp_path / "y.txt"
        path.write_text(f"{LATEX}\n{long}\n")
    else:
        form = FORMS[name]
        path = tmp_path / f"x{form.suffix}"
        path.write_text(form.head + form.record(LATEX, long) + form.tail, encoding="utf-8")
    (paper,) = read_records([path])
    assert isinstance(paper, Paper)
    assert paper.title == READ
    assert paper.abstract.startswith(READ)
    assert paper.text == f"{paper.title}\n\n{paper.abstract}"


def test_json_lines_of_titles_and_abstracts_are_kept_as_they_stand(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(json.dumps({"title": LATEX}) + "\n")
    (paper,) = read_records([tmp_path / "x.jsonl"])
    assert isinstance(paper, Paper)
    assert paper.title == LATEX


def test_two_hyphens_and_money_are_no_latex(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"title": "A -- B: from $5 to $10"}\n')
    (paper,) = read_records([tmp_path / "x.jsonl"])
    assert isinstance(paper, Paper)
    assert paper.title == "A -- B: from $5 to $10"


def test_an_archive_larger_than_what_is_read_whole_is_streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgraph.sources.document.LONGEST_DOCUMENT", 1000)
    lines = "".join(
        f'{{"id": "2401.{n:05}", "title": "T{n} {random.Random(n).random()}", "authors_parsed": []}}\n' for n in range(500)
    )
    with zipfile.ZipFile(tmp_path / "archive.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("arxiv-metadata-oai-snapshot.json", lines)
    assert (tmp_path / "archive.zip").stat().st_size > 1000
    assert len([one for one in read_records([tmp_path / "archive.zip"]) if isinstance(one, Paper)]) == 500
