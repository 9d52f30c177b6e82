"""Bad inputs by the hundred: a sentence for each, within bounds of time, memory and network, and nothing good lost.

`KGRAPH_FUZZ=10000 pytest tests/test_fuzz.py` tries ten thousand; so does `python tests/fuzzing.py FOLDER 10000`, which says more.
`KGRAPH_LINE=1073741824` makes the long line one of a gigabyte.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

pytestmark = pytest.mark.slow

INPUTS = int(os.environ.get("KGRAPH_FUZZ", "500"))
LONG = int(os.environ.get("KGRAPH_LINE", str(1 << 28)))


def test_bad_inputs_are_sentences_and_good_ones_beside_them_are_kept(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "fuzzing.py"), str(tmp_path), str(INPUTS)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["problems"] == []
    assert found["megabytes"] < 1024
    assert found["records"] > INPUTS / 2
    assert found["rejections"] > INPUTS / 4


HEADS = {
    "bib": b"@article{a,\n title={",
    "csv": b"title,abstract\nA,a\n",
    "gz": b"\x1f\x8b\x08\x00",
    "html": b"<!doctype html><html><body>",
    "json": b'[{"title": "',
    "jsonl": b'{"title": "A"}\n{"title": "',
    "nbib": b"PMID- 1\nTI  - ",
    "ris": b"TY  - JOUR\nTI  - A\nER  - \nTY  - JOUR\nTI  - ",
    "tsv": b"title\tabstract\nA\ta\n",
    "txt": b"A\n",
    "xlsx": b"PK\x03\x04",
    "xml": b'<?xml version="1.0"?><feed><entry><title>',
    "zip": b"PK\x03\x04",
}


@pytest.mark.parametrize("suffix", HEADS)
def test_a_line_without_end_is_a_sentence_and_needs_no_memory_without_end(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"x.{suffix}"
    with path.open("wb") as file:
        file.write(HEADS[suffix])
        file.truncate(LONG)  # NULs that take no place on the disk
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from kgraph.sources import *\n"
        "for one in read_records(sys.argv[1:]): print(type(one).__name__, getattr(one, 'sentence', ''))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, cwd=ROOT, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Rejection expected" in done.stdout or "Rejection cannot be read" in done.stdout
    assert done.stdout.count("Paper") == (suffix in ("jsonl", "csv", "tsv", "ris"))
