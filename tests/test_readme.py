"""The README is kept true: its two commands, every command of the program, and every output it shows."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, run_kgraph

pytestmark = pytest.mark.slow

README = (ROOT / "README.md").read_text(encoding="utf-8")
CUT = "…"


def console_blocks() -> list[tuple[str, list[str]]]:
    """Each `$ command` of a console block with the lines shown beneath it."""
    shown: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                shown.append((line[2:], []))
            else:
                shown[-1][1].append(line)
    return shown


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("readme")
    (place / "seeds").symlink_to(ROOT / "seeds")
    (place / "tests").symlink_to(ROOT / "tests")
    return place


def test_every_output_shown_is_what_comes_out(workplace: Path) -> None:
    assert console_blocks()
    for command, lines in console_blocks():
        name, *arguments = shlex.split(command)
        assert name == "kgraph"
        done = run_kgraph(*arguments, cwd=workplace, COLUMNS="110")
        assert done.returncode == (arguments[0] == "diff"), done.stderr
        output = (done.stderr + done.stdout).decode().splitlines()
        kept = lines[: lines.index(CUT)] if CUT in lines else lines
        assert [line.rstrip() for line in output][: len(kept)] == kept, command
        assert CUT in lines or len(output) == len(lines), command


def test_every_command_has_a_section() -> None:
    listed = re.findall(r"^  (\w+) +", run_kgraph("--help").stdout.decode().partition("Commands:")[2], re.MULTILINE)
    assert listed
    for command in listed:
        assert f"### kgraph {command}" in README


def test_python_shown_runs(workplace: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], cwd=workplace, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == re.findall(r"# → (.*)", code)


def test_ci_calls_the_test_command_of_the_readme() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
