import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SEEDS, run_kgraph

from kgraph.cli import DOCKS

ONE_SEED = str(SEEDS / "003_7b66d92a51306598.txt")


COMMANDS = sorted({*DOCKS, "build", "extract", "stats"})
OPTION = re.compile(r"^ +(?:(-\w), )?(--[a-z][\w-]*)(?: ([A-Z]\S*))?(?: |$)", re.MULTILINE)


@pytest.fixture(scope="module")
def helps() -> dict[str, str]:
    """What each command says when asked for help."""
    return {command: run_kgraph(command, "--help", COLUMNS="100").stdout.decode() for command in COMMANDS}


def test_help_begins_with_a_sentence_and_ends_with_two_examples_or_more(helps: dict[str, str]) -> None:
    for command, text in helps.items():
        usage, sentence, *_, examples = text.strip().split("\n\n")
        assert usage.startswith(f"Usage: kgraph {command} ")
        assert re.match(r" +[A-Z][^.]+\.", sentence), command
        first, *calls = map(str.strip, examples.splitlines())
        assert first == "Examples:"
        assert [call.split()[:2] for call in calls[:2]] == [["kgraph", command]] * 2


def test_an_option_has_one_short_form_and_one_kind_of_value_wherever_it_stands(helps: dict[str, str]) -> None:
    forms: dict[str, set[tuple[str, str]]] = {}
    for text in helps.values():
        for short, option, value in OPTION.findall(text.partition("Options:")[2].partition("Examples:")[0]):
            forms.setdefault(option, set()).add((short, value))
    assert len(forms) > 30
    assert {option: said for option, said in forms.items() if len(said) > 1} == {}


@pytest.mark.slow
def test_a_graph_goes_through_a_pipe(graph_file: Path, tmp_path: Path) -> None:
    turtle = graph_file.read_bytes()
    assert run_kgraph("export", str(graph_file), "-o", "-").stdout == turtle
    assert run_kgraph("build", ONE_SEED, "-o", "-").stdout.startswith(b"@prefix")
    whole = run_kgraph("stats", str(graph_file)).stdout
    assert run_kgraph("stats", "-g", "-", stdin=turtle).stdout == run_kgraph("stats", "-", stdin=turtle).stdout == whole
    page = run_kgraph("view", "-", "--focus", "GSM8K", stdin=turtle)
    assert page.stdout.startswith(b"<!doctype html>")
    assert b"Wrote" not in page.stderr
    refused = run_kgraph("serve", "-", cwd=tmp_path, stdin=turtle)
    assert refused.returncode == 2
    assert b"read more than once" in refused.stderr


def test_help_loads_nothing_heavy() -> None:
    script = """
import sys
from kgraph.cli import main
sys.argv = ["kgraph", "--help"]
try:
    main()
except SystemExit:
    heavy = {"spacy", "rdflib", "networkx", "pyvis", "igraph", "pyoxigraph", "numpy", "rich"}
    own = {name.partition(".")[2] for name in sys.modules if name.startswith("kgraph.")} - {"cli", "errors", "group", "inputs"}
    docks = {name.partition(".")[0] for name in own if name.endswith(".command")}
    print(sorted(heavy & set(sys.modules)), sorted(own - docks - {f"{dock}.command" for dock in docks}))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] []"


def test_build_extract_query_and_stats_work_together(tmp_path: Path) -> None:
    done = run_kgraph("build", ONE_SEED, "-o", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    assert done.stderr.decode().startswith("67 papers from 67 listings; ")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["graph.graphml", "graph.html", "graph.ttl"]
    graph = str(tmp_path / "out" / "graph.ttl")
    done = run_kgraph("query", "SELECT (COUNT(*) AS ?n) { ?p a kg:Paper }", "--graph", graph)
    assert done.stdout.split() == [b"n", b"67"]
    done = run_kgraph("stats", "--graph", graph)
    assert done.returncode == 0
    assert "kg:Paper" in done.stdout.decode()
    done = run_kgraph("extract", ONE_SEED)
    assert len([json.loads(line) for line in done.stdout.decode().splitlines()]) == 67


def test_a_file_as_output_names_its_format(tmp_path: Path) -> None:
    assert run_kgraph("build", ONE_SEED, "-o", str(tmp_path / "my.ttl")).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["my.ttl"]
    done = run_kgraph("build", ONE_SEED, "-o", str(tmp_path / "my.xyz"))
    assert done.returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["my.ttl"]


def test_a_folder_may_have_a_dot_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text('{"title": "On quorping", "abstract": "We propose QuorpNet, a framework."}\n')
    for output in ("my.graph/", "my.graph", "new.x/y.z/"):
        assert run_kgraph("build", "papers.jsonl", "-o", output, cwd=tmp_path).returncode == 0
        assert len(list((tmp_path / output).iterdir())) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["build", "nothing.txt"], 1, "kgraph: nothing.txt: there is no such file or folder"),
        (["query", "x", "--graph", "nothing.ttl"], 1, "kgraph: nothing.ttl: cannot be read"),
        (["build"], 2, "Usage: "),
        (["nonsense"], 2, "Usage: "),
    ],
)
def test_errors_are_a_sentence_and_a_code(tmp_path: Path, arguments: list[str], code: int, message: str) -> None:
    done = run_kgraph(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert done.stderr.decode().startswith(message)
    assert b"Traceback" not in done.stderr


def test_a_reader_that_stops_early_gets_no_traceback() -> None:
    writer = subprocess.Popen(
        [sys.executable, "-m", "kgraph", "extract", ONE_SEED], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert writer.stdout
    assert writer.stderr
    writer.stdout.readline()
    writer.stdout.close()
    assert b"Traceback" not in writer.stderr.read()
    writer.stderr.close()
    writer.wait()


@pytest.mark.parametrize("arguments", [["explain", "GSM8K"], ["query", "report-things"], ["stats"], ["suggest"]])
def test_a_reader_that_reads_nothing_is_no_error(graph_file: Path, arguments: list[str]) -> None:
    call = [sys.executable, "-m", "kgraph", *arguments, "--graph", str(graph_file)]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:
        assert writer.stdout
        assert writer.stderr
        writer.stdout.close()
        words = writer.stderr.read().decode()
    assert "Error" not in words
    assert writer.returncode == 0


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    done = run_kgraph("build", ONE_SEED, "-o", str(blocked / "graph.ttl"))
    assert done.returncode == 1
    assert b"cannot be written" in done.stderr


def test_the_version_is_the_package_s() -> None:
    from importlib.metadata import version

    assert run_kgraph("--version").stdout.decode() == f"kgraph {version('kgraph')}\n"


@pytest.mark.slow
def test_a_terminal_hears_what_takes_a_while_and_a_pipe_does_not(tmp_path: Path) -> None:
    import pty

    build = [sys.executable, "-m", "kgraph", "build", ONE_SEED, "-o", "g.nt", "--work", "work"]
    ours, theirs = pty.openpty()
    running = subprocess.Popen(build, cwd=tmp_path, stderr=theirs)
    os.close(theirs)
    heard = b""
    with contextlib.suppress(OSError):  # so a terminal ends
        while some := os.read(ours, 1 << 16):
            heard += some
    os.close(ours)
    assert running.wait() == 0
    for word in (b"Taking papers in", b"Reading", b"Resolving names", b"Writing", b"Wrote g.nt."):
        assert word in heard
    piped = subprocess.run(build, cwd=tmp_path, capture_output=True, check=True).stderr
    assert len(piped.splitlines()) == 3
