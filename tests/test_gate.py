"""One gate: format, lint, types, import rule, size budgets and "meaning is data" are tests like any other."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from kgraph.knowledge import Knowledge

PYTHON = sorted((ROOT / "kgraph").rglob("*.py"))


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "format", "--check", "kgraph", "tests"],
        ["ruff", "check", "kgraph", "tests"],
        ["mypy"],
        ["importlinter.cli", "lint"],
    ],
    ids=lambda command: command[0],
)
def test_tools_find_nothing(command: list[str]) -> None:
    call = (
        [sys.executable, "-m", *command]
        if command[0] != "importlinter.cli"
        else [str(Path(sys.executable).parent / "lint-imports")]
    )
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_functions_keep_their_budget(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 250
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 40, f"{node.name} in {path}"


def test_no_class_or_relation_is_named_in_code_outside_the_ontology(knowledge: Knowledge) -> None:
    ontology = knowledge.ontology
    words = {*ontology.things, *ontology.relations, *(relation.role for relation in ontology.relations.values())}
    words -= {"", "mentions"}  # "mentions" is also a key of the JSON lines
    for path in PYTHON:
        if path.name == "ontology.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in words:
                pytest.fail(f"{path.relative_to(ROOT)}:{node.lineno} names {node.value!r}; it belongs in ontology/")


def test_neither_code_nor_readme_speaks_of_a_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    shown = [ROOT / name for name in tracked if name.endswith((".py", ".md", ".toml", ".ttl", ".rq", ".js", ".css", "run"))]
    for path in shown or PYTHON:
        assert not re.search(r"/work/|/root/|\.\./shared", path.read_text(encoding="utf-8")) or path == Path(__file__), path
