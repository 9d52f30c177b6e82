import csv
import doctest
import importlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT, paper, run_kgraph

from kgraph.answers.diff import diff
from kgraph.answers.leaderboard import benchmarks_with_numbers, leaderboard
from kgraph.answers.numbers import Share, plain, value_of
from kgraph.answers.opening import View, find, near_names, open_view
from kgraph.answers.show import show
from kgraph.answers.similar import meant, similar
from kgraph.answers.trends import trends
from kgraph.errors import QueryError
from kgraph.graph import assemble
from kgraph.knowledge import Knowledge
from kgraph.model import Decision, Entity, Evidence, Graph, Link, Listing, Paper, Reading, Result
from kgraph.pipeline import papers_of, read

HOSTILE = "Evil\x1b]0;owned\x07 [bold red]<script>alert(1)</script> =cmd()|\u202e`"


@pytest.fixture(scope="module")
def view(graph_file: Path, knowledge: Knowledge) -> View:
    return open_view(graph_file, knowledge)[0]


@pytest.fixture(scope="module")
def small_file(seed_readings: list[Reading], knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of some of the seeds' papers."""
    from kgraph.export import write_graph

    path = tmp_path_factory.mktemp("small") / "graph.ttl"
    readings = [one for number, one in enumerate(seed_readings) if number % 5 == 0 or "WebShop" in one.paper.text]
    write_graph(assemble(readings, knowledge), [path], knowledge)
    return path


def small(knowledge: Knowledge, *rows: tuple[str, str, str, str, str], metrics: tuple[str, ...] = ("higher",)) -> View:
    """Numbers on one benchmark: subject, metric, value, kind, paper."""
    papers = {row[4]: paper(row[4], "It is said.") for row in rows}
    things = {Entity("benchmark/b", "Benchmark", "B", ("B",))}
    results = []
    for subject, metric, value, kind, title in rows:
        things.add(Entity(f"method/{subject.lower()}", "Method", subject, (subject,)))
        if metric:
            things.add(Entity(f"metric/{metric}", "Metric", metric, (metric,), direction=metrics[0]))
        evidence = Evidence(papers[title].id, 0, 4, "stated-number", 0.6)
        results.append(
            Result(f"method/{subject.lower()}", "benchmark/b", f"metric/{metric}" if metric else "", value, kind, evidence)
        )
    return View(Graph(tuple(sorted(papers.values())), tuple(sorted(things)), (), tuple(sorted(results))), knowledge)


@pytest.mark.parametrize("module", ["answers.numbers", "marks"])
def test_examples_in_the_code_hold(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"kgraph.{module}")).failed == 0


def test_show_says_what_the_statements_of_a_node_say(view: View) -> None:
    found = show(view, "method/agent-q")
    assert (found.type, found.name) == ("Method", "Agent Q")
    sections = {section.heading: section.lines for section in found.sections}
    assert [line.name for line in sections["introduced by"]] == [
        "Agent Q: Advanced Reasoning and Learning for Autonomous AI Agents"
    ]
    assert "WebShop" in [line.name for line in sections["evaluated on"]]
    assert any("81.7% success rate" in line.name for line in sections["numbers claimed"])
    for lines in sections.values():
        for line in lines:
            assert line.sentences
            for sentence in line.sentences:
                assert sentence.text in next(one for one in view.graph.papers if one.title == sentence.paper).text


def test_every_statement_of_every_node_is_in_a_section(view: View) -> None:
    relations = {(row["relation"], row["side"]) for row in view.settings["sections"]}
    said = {link.relation for link in view.graph.links}
    assert {(relation, side) for relation in said for side in ("head", "tail")} <= relations
    assert {row["relation"] for row in view.settings["sections"]} <= set(view.knowledge.ontology.relations)


def test_show_counts_a_family_and_says_through_which_member(view: View) -> None:
    found = show(view, "model/llama")
    through = [line for section in found.sections for line in section.lines if line.note.startswith("as ")]
    assert through
    assert dict(found.facts)["named by"].endswith("with its family")


def test_show_finds_the_code_of_what_a_paper_introduces(view: View) -> None:
    things = [entity.id for entity in view.graph.entities if entity.type == "Method"]
    codes = {thing: [one for one in show(view, thing).sections if one.heading == "code"] for thing in things[:150]}
    lines = [line for sections in codes.values() for section in sections for line in section.lines]
    assert lines
    assert all(line.name.startswith("http") for line in lines)


def test_a_miss_names_what_is_near(graph_file: Path, knowledge: Knowledge) -> None:
    seen, store = open_view(graph_file, knowledge)
    with pytest.raises(QueryError, match="near it are chain-of-thought prompting"):
        find(seen, store, "chian-of-thougt")
    with pytest.raises(QueryError, match=r"can be .*ka~knowledge-accumulation"):
        find(seen, store, "KA")
    assert near_names(seen.graph, "zzzzqqqq") == []
    assert find(seen, store, "Agent Q: Advanced Reasoning and Learning for Autonomous AI Agents").startswith("paper/")


def test_hostile_text_is_made_printable(knowledge: Knowledge, tmp_path: Path) -> None:
    from kgraph.export import write_graph

    bad = replace(paper(f"On {HOSTILE}", f"We propose {HOSTILE}."), listings=(Listing("a\x1b[31m.txt", 1, "Mar 1"),))
    thing = Entity("method/evil", "Method", HOSTILE, (HOSTILE,))
    graph = Graph((bad,), (thing,), (Link(bad.id, "introduces", thing.id, (Evidence(bad.id, 0, 10, "x", 0.5),)),))
    path = tmp_path / "graph.ttl"
    write_graph(graph, [path], knowledge)
    for words in (["show", "method/evil", "--evidence"], ["show", bad.id], ["similar", bad.id], ["diff", str(path)]):
        where = [str(path)] if words[0] == "diff" else ["--graph", str(path)]
        done = run_kgraph(*words, *where)
        assert done.returncode == 0, done.stderr
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", (done.stdout + done.stderr).decode())
        assert words[0] == "diff" or "[bold red]<script>" in " ".join(done.stdout.decode().split())


def test_numbers_are_read_as_written() -> None:
    written = [r"92.5\%", r"53. 6\%", "1.4%-19.8%", "+15 points", "1,319", r"3\times", "-2.1", "0.5 ± 0.1", "many"]
    assert [value_of(value) for value in written] == [92.5, 53.6, 19.8, 15.0, 1319.0, 3.0, -2.1, 0.5, None]
    assert plain(r"53. 6\%") == "53.6%"


def test_a_leaderboard_knows_the_better_direction(knowledge: Knowledge) -> None:
    rows = (("One", "m", "0.2", "absolute", "P"), ("Two", "m", "0.1", "absolute", "Q"), ("Three", "m", "0.2", "absolute", "R"))
    for direction, order in (("higher", ["One", "Three", "Two"]), ("lower", ["Two", "One", "Three"])):
        (board,) = leaderboard(small(knowledge, *rows, metrics=(direction,)), "benchmark/b")
        assert [one.subject for one in board.claims] == order
        assert [one.place for one in board.claims] == ([1, 1, 3] if direction == "higher" else [1, 2, 2])


def test_a_leaderboard_brings_shares_to_percent_and_keeps_differences_apart(knowledge: Knowledge) -> None:
    rows = [("One", "m", "0.93", "absolute", "P"), ("Two", "m", "92.5%", "absolute", "Q"), ("Three", "m", "4", "delta", "R")]
    found = leaderboard(small(knowledge, *rows, ("Four", "", "7", "absolute", "S")), "benchmark/b")
    assert [(board.metric, board.kind) for board in found] == [("m", "absolute"), ("", "absolute"), ("m", "delta")]
    assert [(one.subject, one.shown, one.written) for one in found[0].claims] == [
        ("One", "93%", "0.93"),
        ("Two", "92.5%", "92.5%"),
    ]
    assert [one.place for board in found[1:] for one in board.claims] == [0, 0]


def test_leaderboards_hold_all_numbers_on_a_benchmark(view: View) -> None:
    for name, numbers, _ in benchmarks_with_numbers(view):
        (node,) = [entity.id for entity in view.graph.entities if entity.name == name and entity.type == "Benchmark"]
        own = [board for board in leaderboard(view, node) if board.benchmark == name]
        assert sum(len(board.claims) for board in own) == numbers
    with pytest.raises(QueryError, match="is a method, not a benchmark"):
        leaderboard(view, "method/agent-q")


def test_similar_papers_share_what_is_rare(view: View) -> None:
    node = meant(view, "method/agent-q")
    found = similar(view, node, 400)
    scores = [near.score for near in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    for near in found[:20]:
        assert near.shared
        assert sum(one.part for one in near.shared) <= 1.0001
        assert all(one.papers < len(view.papers) for one in near.shared)
        back = {one.id: one.score for one in similar(view, near.id, 400)}
        assert back[node] == pytest.approx(near.score)
    with pytest.raises(QueryError, match="no paper here introduces"):
        meant(view, "model/gpt-4")


def dated(knowledge: Knowledge, months: dict[str, tuple[int, int]], listing: str = "") -> View:
    """Papers by month, so many of them using a thing."""
    papers: list[Paper] = []
    links = []
    for month, (using, all_of) in months.items():
        for number in range(all_of):
            one = paper(f"Paper {number} of {month}", "It is so.")
            papers.append(
                replace(one, listings=(Listing("a", len(papers), month),)) if listing else replace(one, date=f"{month}-03")
            )
            if number < using:
                links.append(Link(one.id, "uses", "method/m", (Evidence(one.id, 0, 5, "x", 0.9),)))
    things = (Entity("method/m", "Method", "M", ("M",)),)
    return View(Graph(tuple(sorted(papers)), things, tuple(sorted(links))), knowledge)


def test_trends_rise_and_fall_only_where_the_interval_says_so(knowledge: Knowledge) -> None:
    for months, verdict in (
        ({"2024-01": (1, 40), "2024-02": (2, 40), "2024-03": (15, 40), "2024-04": (18, 40)}, "rises"),
        ({"2024-01": (18, 40), "2024-02": (15, 40), "2024-03": (2, 40), "2024-04": (1, 40)}, "falls"),
        ({"2024-01": (1, 5), "2024-02": (2, 5)}, "unclear"),
    ):
        found = trends(dated(knowledge, months), at_least=1)
        one = next(trend for trend in found.trends if trend.thing == "M")
        assert (one.verdict, one.role, found.by) == (verdict, "used", "month")
        assert one.low <= one.change <= one.high
        assert [share.having for share in one.counts] == [using for using, _ in months.values()]
    assert found.periods == ("2024-01", "2024-02")
    low, high = Share(0, 10).interval
    assert (low, round(high, 3)) == (0.0, 0.278)


def test_trends_go_by_the_dates_that_there_are(view: View, knowledge: Knowledge) -> None:
    found = trends(view)
    assert (found.by, found.periods) == ("listing", ("Mar 11", "Mar 12", "Mar 13"))
    assert sum(found.papers) + found.undated == len(view.papers)
    with pytest.raises(QueryError, match="no dates of publication"):
        trends(view, "month")
    with pytest.raises(QueryError, match="needs two periods"):
        trends(dated(knowledge, {"2024-01": (1, 5)}))
    with pytest.raises(QueryError, match="There is no period Mar 20"):
        trends(view, split="Mar 20")
    newest_first = dated(knowledge, {"Feb 2": (1, 5), "Jan 30": (1, 5)}, "listing")
    assert trends(newest_first).periods == ("Jan 30", "Feb 2")


DECISIONS = (
    Decision("merge", "method/monte-carlo-tree-search", "method/agent-q", "a test"),
    Decision("rename", "benchmark/webshop", "Web Shop", "a test"),
    Decision("drop", "method/dpo", "", "a test"),
)


def test_diff_says_what_decisions_changed_and_nothing_else(knowledge: Knowledge, tmp_path: Path) -> None:
    source = tmp_path / "papers.jsonl"
    line = {"title": "Agent Q", "abstract": "We propose Agent Q, a method based on DPO. Agent Q reaches 81% accuracy on WebShop."}
    source.write_text(json.dumps(line) + "\n" + json.dumps({"title": "On MCTS", "abstract": "We use Monte Carlo tree search."}))
    readings = list(read(papers_of([source]), knowledge))
    old, new = assemble(readings, knowledge), assemble(readings, knowledge, DECISIONS)
    assert diff(old, old).changes == ()
    found = diff(old, new, DECISIONS)
    things = {one.id: (one.how, one.detail) for one in found.changes if one.what == "things"}
    assert things["benchmark/webshop"] == ("changed", "is now Web Shop (Benchmark)")
    assert things["method/agent-q"] == ("changed", "is now Monte Carlo tree search (Method)")
    assert things["method/dpo"] == ("lost", "")
    assert found.number("papers", "changed") == found.number("statements", "added") == 0
    for one in found.changes:
        assert any("a test" in why for why in one.why), one
    back = diff(new, old, DECISIONS)
    assert back.number("things", "added") >= 1


def test_diff_tells_rules_sentences_and_papers(seed_graph: Graph) -> None:
    link = max(seed_graph.links, key=lambda one: len(one.evidence))
    weaker = replace(link, evidence=(link.evidence[0]._replace(confidence=0.1), *link.evidence[1:-1]))
    without = replace(seed_graph, links=tuple(weaker if one == link else one for one in seed_graph.links[1:]))
    papers = (replace(seed_graph.papers[0], abstract="Other words."), *seed_graph.papers[1:], paper("A new one"))
    found = diff(seed_graph, replace(without, papers=papers))
    assert [(one.how, one.detail) for one in found.changes if one.what == "papers"] == [
        ("added", ""),
        ("changed", "abstract differs"),
    ]
    (lost,) = [one for one in found.changes if (one.what, one.how) == ("statements", "lost")]
    assert set(lost.why) == {one.rule for one in seed_graph.links[0].evidence}
    (changed,) = [one for one in found.changes if (one.what, one.how) == ("statements", "changed")]
    assert "→ 0.1" in changed.detail
    assert f"−1 {link.evidence[-1].rule}" in changed.detail


def test_the_commands_print_text_and_rows(small_file: Path) -> None:
    graph = ("--graph", str(small_file))
    for words in (["leaderboard", "WebShop"], ["similar", "Agent Q"], ["trends"]):
        done = run_kgraph(*words, *graph, "--format", "csv")
        assert done.returncode == 0, done.stderr
        rows = list(csv.DictReader(done.stdout.decode().splitlines()))
        assert rows
        assert None not in rows[0]
    shown = json.loads(run_kgraph("show", "WebShop", *graph, "--format", "json").stdout)
    assert (shown["type"], shown["name"]) == ("Benchmark", "WebShop")
    text = run_kgraph("leaderboard", "WebShop", *graph, COLUMNS="100").stdout.decode()
    assert "what abstracts claim" in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_diff_has_the_exit_codes_of_diff(small_file: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    from kgraph.export import write_graph

    other = tmp_path / "other.ttl"
    write_graph(Graph((paper("On quorping"),)), [other], knowledge)
    assert run_kgraph("diff", str(other), str(other)).returncode == 0
    done = run_kgraph("diff", str(other), str(small_file), "--format", "md")
    assert done.returncode == 1
    assert done.stdout.startswith(b"# What changed in the graph\n")
    trouble = run_kgraph("diff", str(other), "nothing.ttl")
    assert (trouble.returncode, trouble.stderr.count(b"\n")) == (2, 1)


@pytest.mark.parametrize("command", ["show", "leaderboard", "similar", "trends", "diff", "mcp", "report"])
def test_help_begins_with_a_sentence_and_ends_with_examples(command: str) -> None:
    text = run_kgraph(command, "--help", COLUMNS="110").stdout.decode()
    assert re.search(r"Usage: .*\n\n +[A-Z][^.]*[.:]", text)
    assert text.count(f"\n    kgraph {command}") == 2


def test_a_graph_gives_its_views(seed_graph: Graph) -> None:
    import kgraph

    links = seed_graph.to_pandas("links")
    assert len(links) == len(seed_graph.links)
    assert {"head", "relation", "tail"} <= set(links.columns)
    assert len(seed_graph.to_pandas("papers")) == seed_graph.to_networkx().number_of_nodes() - len(seed_graph.entities)
    with pytest.raises(kgraph.QueryError, match="There is no table edges; there are papers, entities, links"):
        seed_graph.to_pandas("edges")


def test_one_path_is_enough_to_build_from_and_importing_is_light(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text('{"title": "On quorping", "abstract": "We propose QuorpNet, a framework."}\n')
    assert [one.title for one in papers_of(str(tmp_path / "one.jsonl"))] == ["On quorping"]
    heavy = "{'pandas', 'numpy', 'networkx', 'rdflib', 'spacy', 'igraph', 'pyoxigraph'}"
    script = f"import sys, kgraph; assert not {heavy} & set(sys.modules), sys.modules"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
