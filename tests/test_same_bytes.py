"""The same input gives the same bytes: whatever the hash seed, the order of files, the language, the time zone and the jobs.

`KGRAPH_RUNS=50 pytest tests/test_same_bytes.py` makes fifty runs.
"""

import hashlib
import inspect
import os
import random
from pathlib import Path

import pytest
from conftest import ROOT, SEEDS
from forking import Forker, Run

from kgraph.cli import build

pytestmark = pytest.mark.slow

RUNS = int(os.environ.get("KGRAPH_RUNS", "4"))
INPUTS = [
    str(path) for path in sorted((ROOT / "tests" / "sources").iterdir()) if path.suffix != ".tsv"
]  # its columns are to be given
INPUTS += map(str, sorted(SEEDS.glob("*.txt"))[: RUNS // 2])
LANGUAGES = (
    {"LC_ALL": "C.UTF-8"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},  # so that Python itself believes in ASCII
    {"LC_ALL": "C"},
    {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
)
ZONES = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu")
JOBS: tuple[tuple[str, ...], ...] = (
    (("--jobs", "1"), ("--jobs", "2"), ("--jobs", "4")) if "jobs" in inspect.signature(build).parameters else ((),)
)
IN_ONE_PROCESS = 2


def test_every_run_writes_the_same_bytes(tmp_path: Path) -> None:
    chance = random.Random(11)
    made: dict[str, list[str]] = {}
    for first in range(0, RUNS, IN_ONE_PROCESS):
        world = {"PYTHONHASHSEED": str(chance.randrange(1 << 32)), "TZ": ZONES[first // IN_ONE_PROCESS % len(ZONES)]}
        world |= LANGUAGES[(first // IN_ONE_PROCESS + 1) % len(LANGUAGES)]
        with Forker(**world) as forker:
            for number in range(first, min(first + IN_ONE_PROCESS, RUNS)):
                order = chance.sample(INPUTS, len(INPUTS))
                words = ["build", *order, *chance.choice(JOBS), "-o", str(tmp_path / str(number))]
                (run,) = forker.run(Run(words, str(tmp_path)))
                assert run.code == 0, run.said
                written = sorted((tmp_path / str(number)).iterdir())
                assert len(written) == 3
                for path in written:
                    made.setdefault(path.name, []).append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert {name: len(set(digests)) for name, digests in made.items()} == dict.fromkeys(made, 1)
    assert all(len(digests) == RUNS for digests in made.values())
