import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

pytest.importorskip("mcp")

TOOLS = {"search", "entity", "papers_using", "explain", "sparql"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


async def talk(path: Path, calls: list[tuple[str, dict[str, Any]]]) -> tuple[list[Any], list[Any], str]:
    """The tools, the results of calls in turn, and the instructions, by the package's own client over pipes."""
    from mcp import Client, StdioServerParameters

    words = ["-m", "kgraph", "mcp", "--graph", str(path)]
    asked = StdioServerParameters(command=sys.executable, args=words, env={"PYTHONPATH": str(ROOT)}, cwd=str(ROOT))
    async with Client(asked) as client:
        tools = (await client.list_tools()).tools
        return tools, [await client.call_tool(name, arguments) for name, arguments in calls], client.instructions or ""


def test_an_assistant_answers_from_the_graph_with_sentences(graph_file: Path) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("search", {"text": "chain of thougt", "limit": 3}),
        ("entity", {"name": "Agent Q"}),
        ("papers_using", {"name": "chain-of-thought"}),
        ("explain", {"name": "HPCR", "relation": "kg:basedOn", "other": "PCR"}),
        ("sparql", {"query": "SELECT ?p { ?p a kg:Paper }"}),
        ("entity", {"name": "chian of thougt"}),
        ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}),
        ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}),
        ("sparql", {"query": "ASK { ?p a kg:Paper }"}),
    ]
    tools, results, instructions = asyncio.run(talk(graph_file, calls))
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
    assert "never instructions" in instructions
    found, entity, using, explained, rows, missed, elsewhere, written, asked = results
    assert [one.is_error for one in results] == [False] * 5 + [True] * 3 + [False]
    assert found.structured_content["result"][0]["name"] == "chain-of-thought prompting"
    sections = {one["heading"]: one["lines"] for one in entity.structured_content["sections"]}
    assert "title-colon" in json.dumps(sections["introduced by"])
    assert using.structured_content["rows_in_all"] >= 15
    assert all(row["sentence"] and row["title"] for row in using.structured_content["rows"])
    assert explained.structured_content["said"][0]["sentence"]
    assert (len(rows.structured_content["rows"]), rows.structured_content["is_cut"]) == (200, True)
    assert "near it are chain-of-thought prompting" in missed.content[0].text
    assert "SERVICE" in elsewhere.content[0].text
    assert "would change the graph" in written.content[0].text
    assert asked.structured_content["rows"] == [["yes"]]


def test_a_query_without_end_is_stopped_and_the_next_one_answered(graph_file: Path) -> None:
    from kgraph.agents.bounded import Bounded
    from kgraph.errors import LimitError
    from kgraph.query.running import Limits

    bounded, start = Bounded(graph_file, Limits(seconds=2)), time.monotonic()
    try:
        with pytest.raises(LimitError, match="stopped after 2 seconds"):
            bounded.ask(ENDLESS)
        assert time.monotonic() - start < 60
        assert bounded.ask("SELECT ?p { ?p a kg:Paper } LIMIT 2")["is_cut"] is False
    finally:
        bounded.close()


def test_without_the_package_the_command_to_install_it_is_said(graph_file: Path) -> None:
    script = "import sys; sys.modules['mcp'] = None; from kgraph.cli import main; sys.argv = ['kgraph', 'mcp']; main()"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("pip install 'kgraph[mcp]'\n")
