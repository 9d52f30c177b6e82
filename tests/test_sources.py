import json
from collections import Counter
from pathlib import Path

import pytest
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import DataError
from kgraph.pipeline import papers_of
from kgraph.sources import read_papers
from kgraph.sources.identity import known_identifier, paper_id, title_key

HEAD = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community\n\nMar 12\n\n"
ABSTRACT = "We present a thing that does what it should. " * 5


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_seeds_hold_421_listings_of_390_papers() -> None:
    listed = list(read_papers([SEEDS]))
    counts = Counter(paper.listings[0].file for paper in listed)
    assert sorted(counts.values()) == [67, 71, 76, 207]
    assert len(papers_of([SEEDS])) == 390
    assert sum(len(paper.listings) for paper in papers_of([SEEDS])) == 421


def test_a_paper_knows_where_and_when_it_is_listed() -> None:
    for paper in papers_of([SEEDS]):
        for listing in paper.listings:
            line = (SEEDS / listing.file).read_text(encoding="utf-8").splitlines()[listing.line - 1]
            assert line.removeprefix("Subscribe") == paper.title
            assert listing.date == {"000": "Mar 12", "001": "Mar 13", "002": "", "003": "Mar 11"}[listing.file[:3]]


def test_both_layouts_give_the_same_papers(tmp_path: Path) -> None:
    spaced = write(tmp_path / "a.txt", f"{HEAD}One title\n\n{ABSTRACT}\n\nTwo title\n\n{ABSTRACT}\n")
    dense = write(
        tmp_path / "b.txt",
        f"Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\n"
        f"SubscribeOne title\n{ABSTRACT}\nTwo title\n{ABSTRACT}\n",
    )
    assert [p.title for p in read_papers([spaced])] == [p.title for p in read_papers([dense])] == ["One title", "Two title"]


def test_json_lines_carry_identifiers_and_dates(tmp_path: Path) -> None:
    record = {"id": "arXiv:2401.01234v3", "title": "A  title", "abstract": "An\nabstract.", "date": "2024-01-02"}
    (paper,) = read_papers([write(tmp_path / "x.jsonl", json.dumps(record) + "\n\n")])
    assert paper.id == "paper/arxiv/2401.01234"
    assert (paper.identifier, paper.title, paper.abstract) == ("arxiv:2401.01234", "A title", "An abstract.")
    assert (paper.listings[0].line, paper.listings[0].date) == (1, "2024-01-02")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", f"{HEAD}A title without more\n".encode(), ":11: the title “A title without more” has no abstract"),
        ("a.txt", f"{HEAD}A title\n\nshort\n".encode(), ":13: expected the abstract of “A title”, but “short” stands there"),
        ("a.txt", f"{HEAD}{'x' * 400}\n\n{ABSTRACT}\n".encode(), ":11: expected a title, but 400 characters"),
        ("a.txt", HEAD.encode(), ": the listing names no paper"),
        ("a.txt", b"", ": the file is empty"),
        ("a.txt", b"fine\nfine\n\xff\xfe\n", ":3: expected UTF-8 text, but byte 0xff"),
        ("a.jsonl", b'{"title": "x", "abstract": "y"}\n{"title": \n', ":2: expected a JSON object on one line"),
        ("a.jsonl", b"[1]\n", ":1: expected a JSON object, but 1 stands there"),
        ("a.jsonl", b'{"title": "x", "abstract": [1]}\n', ":1: expected a text under “abstract”, but [1] stands there"),
        ("a.jsonl", b'{"name": "x"}\n', ":1: expected a text under “title”, but there are only the keys name"),
        ("a.json", b"[]", ": the file holds no paper"),
        ("a.jsonl", b'{"title": 3, "abstract": "y"}\n', ":1: expected a text under “title”, but 3"),
        ("a.bin", b"what is this\n", ":1: expected one of the formats"),
    ],
)
def test_a_wrong_document_is_one_sentence_with_its_place(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        list(read_papers([path]))
    assert str(caught.value).startswith(str(path) + message)
    assert "\n" not in str(caught.value)


def test_missing_paths_and_empty_folders_are_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        list(read_papers([tmp_path / "nothing"]))
    with pytest.raises(DataError, match="holds no input"):
        list(read_papers([tmp_path]))


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", '{"title": "T", "abstract": "A"}\n')
    assert len(list(read_papers([path, tmp_path, str(tmp_path / "*.jsonl")]))) == 1


@given(st.text(min_size=1), st.text(min_size=1))
def test_ids_are_equal_only_for_the_same_title(one: str, other: str) -> None:
    assert (paper_id(one) == paper_id(other)) == (title_key(one) == title_key(other))


@pytest.mark.parametrize(
    ("given_id", "known"),
    [
        ("arxiv:2508.12981", "arxiv:2508.12981"),
        ("arXiv:cs/0112017v1", "arxiv:cs/0112017"),
        ("https://doi.org/10.1145/3366423.3380237", "doi:10.1145/3366423.3380237"),
        ("p002", ""),
        ("", ""),
    ],
)
def test_identifiers_are_known_by_their_form(given_id: str, known: str) -> None:
    assert known_identifier(given_id) == known
