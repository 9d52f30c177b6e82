"""What the README says of extending kgraph is done as it says."""

import re
import shutil
import sys
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT, paper

from kgraph.export import FORMATS, write_graph
from kgraph.export.formats import Format
from kgraph.knowledge import Knowledge, load_knowledge
from kgraph.model import Graph
from kgraph.pipeline import reader
from kgraph.sources import SOURCES, Source, read_papers

SECTION = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Extend\n")[2].partition("\n## ")[0]
BLOCKS = [(kind, code) for kind, code in re.findall(r"```(\w+)\n(.*?)```", SECTION, re.DOTALL)]


def block(kind: str, number: int = 0) -> str:
    return [code for name, code in BLOCKS if name == kind][number]


def module(name: str, code: str) -> ModuleType:
    made = module_from_spec(spec_from_loader(name, None))  # type: ignore[arg-type]
    exec(code, made.__dict__)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "ontology", tmp_path / "ontology"))


def test_each_takes_few_lines() -> None:
    assert [kind for kind, _ in BLOCKS] == ["tsv", "toml", "py", "py"]
    assert all(code.count("\n") < 20 for _, code in BLOCKS)


def test_a_name_is_a_row(folder: Path) -> None:
    path = folder / "lexicon" / "methods.tsv"
    head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = sorted([*rows, block("tsv")], key=lambda row: (row.split("\t")[0].casefold(), row.split("\t")[0]))
    path.write_text("".join([head, *rows]), encoding="utf-8")
    (reading,) = reader(load_knowledge(folder))(
        [paper("On quorping", "We train the zimbler network, and the ZimblerNet framework.")]
    )
    assert [(one.type, one.name) for one in reading.entities] == [("Method", "ZimblerNet")]


def test_a_phrase_is_a_cue(folder: Path) -> None:
    text = paper("On agents", "The agent is quorpily powered by GPT-4.")
    with (folder / "patterns" / "roles.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + block("toml"))
    (reading,) = reader(load_knowledge(folder))([text])
    assert {one.cue for one in reading.mentions if one.name == "GPT-4"} == {"powered-by"}


def test_a_source_is_a_module_and_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starred = module("starred", block("py"))
    monkeypatch.setitem(SOURCES, "starred", Source(starred.SUFFIXES, starred.recognises, starred.read))
    path = tmp_path / "papers.starred"
    path.write_text("On quorping * We quorp.\nOn more * We quorp more.\n", encoding="utf-8")
    read = {one.title: one.abstract for one in read_papers([path])}
    assert read == {"On quorping": "We quorp.", "On more": "We quorp more."}


def test_an_exporter_is_a_function_and_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed_graph: Graph, knowledge: Knowledge
) -> None:
    monkeypatch.setitem(sys.modules, "kgraph.export.dot", module("kgraph.export.dot", block("py", 1)))
    monkeypatch.setitem(FORMATS, ".dot", Format("DOT", "dot", "dot"))  # type: ignore[arg-type]
    write_graph(seed_graph, [tmp_path / "graph.dot"], knowledge)
    text = (tmp_path / "graph.dot").read_text(encoding="utf-8")
    edges = re.findall(r'^"(.*?)" -> "(.*?)" \[label="(.*?)"\];$', text, re.MULTILINE)
    assert edges == [(link.head, link.tail, link.relation) for link in seed_graph.links]
