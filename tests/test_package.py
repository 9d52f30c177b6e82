"""What is installed from a wheel works the same as the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT, SEEDS

pytestmark = pytest.mark.slow

ONE_SEED = SEEDS / "003_7b66d92a51306598.txt"


def test_a_wheel_builds_the_same_graph_from_an_empty_folder(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    wheel = next(iter(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])))
    unpacked, empty = tmp_path / "site", tmp_path / "empty"
    zipfile.ZipFile(wheel).extractall(unpacked)
    empty.mkdir()
    outputs = []
    for path in (unpacked, ROOT):
        out = empty / path.name
        script = "import kgraph, sys; assert kgraph.__file__.startswith(sys.argv.pop(1)); from kgraph.cli import main; main()"
        call = [sys.executable, "-c", script, str(path), "build", str(ONE_SEED), "-o", str(out)]
        done = subprocess.run(
            call, cwd=empty, env={**os.environ, "PYTHONPATH": str(path)}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        outputs.append({file.name: file.read_bytes() for file in out.iterdir()})
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == 3
