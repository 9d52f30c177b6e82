"""Every format is read back by a reader that is not ours, and says what the graph says.

On demand: `KGRAPH_XSD=folder` (with `graphml.xsd.xml` and what it includes) holds GraphML to its schema, `KGRAPH_GRAPHS=1000`
makes so many graphs, and `KGRAPH_NODE_MODULES=folder` lets graphology, the library of Gephi Lite, read GraphML and GEXF, and
Neo4j's own parser the Cypher.
"""

import csv
import io
import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import networkx as nx
import numpy as np
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import rdflib
from conftest import run_kgraph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kgraph.errors import DataError
from kgraph.export import FORMATS, known, output_paths, render, syntaxes, write_graph, write_outputs
from kgraph.export.files import write_folder
from kgraph.export.html.part import focus, whole
from kgraph.export.lines import unsorted
from kgraph.export.measures import measures
from kgraph.export.rdf import triples
from kgraph.export.sorting import sorted_groups
from kgraph.export.text import scalar, xml_scalar
from kgraph.knowledge import load_knowledge
from kgraph.model import Entity, Evidence, Graph, Link, Listing, Paper, Result
from kgraph.query import load_store
from kgraph.reload import reload

pytestmark = pytest.mark.slow

GRAPHS = int(os.environ.get("KGRAPH_GRAPHS", "40"))
XSD, NODE = os.environ.get("KGRAPH_XSD"), os.environ.get("KGRAPH_NODE_MODULES")
SYNTAXES = {
    ".ttl": (ox.RdfFormat.TURTLE, "turtle"),
    ".nt": (ox.RdfFormat.N_TRIPLES, "nt"),
    ".nq": (ox.RdfFormat.N_QUADS, "nquads"),
    ".trig": (ox.RdfFormat.TRIG, "trig"),
    ".rdf": (ox.RdfFormat.RDF_XML, "xml"),
    ".jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
}
KNOWLEDGE = load_knowledge()
TEXT = st.text(
    alphabet=st.characters() | st.sampled_from("<>&\"'\\{}|;,=+-@#[]()*_`~$^%:/.?\x00\x0b\x1f\ufffe\ud800\r\n\t\u2028]]>u0027"),
    max_size=30,
)
DATES = st.sampled_from(["", "2023", "2024-02", "2024-02-29", "2025-01-01"])


@st.composite
def graphs(draw: Any) -> Graph:
    """Graphs of a few papers and things with any text in any field that has text."""
    papers = [
        Paper(
            f"paper/p{at}",
            draw(TEXT),
            draw(TEXT),
            (Listing(draw(TEXT), at + 1, draw(TEXT)),),
            date=draw(DATES),
            authors=tuple(draw(st.lists(TEXT, max_size=2))),
            keywords=tuple(sorted(draw(st.sets(TEXT, max_size=2)))),
        )
        for at in range(draw(st.integers(1, 3)))
    ]
    names = draw(st.lists(TEXT, min_size=1, max_size=3, unique=True))
    things = [
        Entity(
            KNOWLEDGE.ontology.id("Method", f"{name} {at}"),
            "Method",
            name,
            tuple(sorted({name, *draw(st.sets(TEXT, max_size=2))})),
        )
        for at, name in enumerate(names)
    ]
    said = {
        (paper.id, relation, thing.id): Evidence(paper.id, 0, len(paper.text), draw(TEXT), 0.5)
        for paper in papers
        for thing in things
        for relation in draw(st.sets(st.sampled_from(["uses", "introduces", "mentions"]), max_size=2))
    }
    if len(things) > 1:
        said[things[0].id, "basedOn", things[1].id] = Evidence(papers[0].id, 0, 1, draw(TEXT), 0.25)
    links = tuple(sorted(Link(*key, (one,)) for key, one in said.items()))
    results = (Result(things[0].id, "", "", draw(TEXT), draw(TEXT), Evidence(papers[0].id, 0, 1, draw(TEXT), 1.0)),)
    return Graph(tuple(papers), tuple(sorted(things)), links, results)


@pytest.fixture(scope="module")
def part(seed_graph: Graph) -> Graph:
    """Some of the seeds' graph, with dates and a thing that no statement joins."""
    found = focus(whole(seed_graph), ["benchmark/gsm8k"], 2).graph
    dates = ["2024-01-31", "2024-02", "2023", "2024-02-01"]
    papers = tuple(replace(paper, date=dates[at % 4], authors=("A. One", "B. Two")) for at, paper in enumerate(found.papers))
    return replace(found, papers=papers)


def rendered(graph: Graph, suffix: str) -> Any:
    return render(graph, Path(f"g{suffix}"), KNOWLEDGE)


def statements(graph: Graph) -> list[tuple[str, str, str]]:
    return sorted((link.head, link.relation, link.tail) for link in graph.links)


def nodes(graph: Graph) -> dict[str, str]:
    return {one.id: one.title for one in graph.papers} | {one.id: one.name for one in graph.entities}


# RDF


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # by rdflib's own parsers
@pytest.mark.parametrize("suffix", SYNTAXES)
def test_rdf_says_the_same_in_every_syntax(part: Graph, suffix: str) -> None:
    made = {(one, predicate, str(getattr(value, "value", value))) for one, predicate, value in triples(part, KNOWLEDGE.ontology)}
    form, name = SYNTAXES[suffix]
    content = rendered(part, suffix)
    quads = list(ox.parse(input=content, format=form))
    assert {(q.subject.value, q.predicate.value, q.object.value) for q in quads} == made
    by_rdflib = rdflib.Dataset().parse(data=content, format=name)
    assert {(str(one), str(predicate), str(value)) for one, predicate, value, _ in by_rdflib.quads()} == made
    if suffix in (".nq", ".trig"):
        papers = {KNOWLEDGE.ontology.iri(paper.id) for paper in part.papers}
        assert {q.graph_name.value for q in quads if q.graph_name != ox.DefaultGraph()} == papers
        derived = KNOWLEDGE.ontology.term("prov:wasDerivedFrom")
        assert all(q.graph_name == q.object for q in quads if q.predicate.value == derived)


@pytest.mark.parametrize("suffix", SYNTAXES)
def test_every_syntax_gives_the_graph_back(part: Graph, suffix: str, tmp_path: Path) -> None:
    path, ontology = tmp_path / f"g{suffix}", KNOWLEDGE.ontology
    (tmp_path / "g.ttl").write_bytes(rendered(part, ".ttl"))
    known = reload(load_store(tmp_path / "g.ttl"), ontology, path)
    write_graph(known, [path], KNOWLEDGE)
    assert reload(load_store(path), ontology, path) == known
    assert len(known.links) == len(part.links)


def test_json_ld_is_framed_by_paper_in_short_keys(part: Graph) -> None:
    document = json.loads(rendered(part, ".jsonld"))
    papers = [node for node in document["@graph"] if node["type"] == "Paper"]
    assert document["@graph"][: len(papers)] == papers
    assert {node["id"]: node["title"] for node in papers} == {f"kgid:{paper.id}": paper.title for paper in part.papers}
    for node in document["@graph"]:
        assert not [key for key in node if ":" in key or "@" in key]
    found = {one["id"]: one for node in papers for one in node["evidence"]}
    assert len(found) == sum(len(link.evidence) for link in part.links) + len(part.results)
    assert {one["predicate"] for one in found.values()} - {"hasResult"} == {link.relation for link in part.links}
    assert all(listing["line"] for node in papers for listing in node["listedIn"])


# Networks


def test_graphml_has_what_gephi_and_cytoscape_look_for(part: Graph) -> None:
    content = rendered(part, ".graphml")
    read = nx.read_graphml(io.BytesIO(content))
    declared = {(key.get("for"), key.get("attr.name"), key.get("attr.type")) for key in ET.fromstring(content) if key.get("for")}
    assert {("node", one, "int") for one in ("r", "g", "b", "degree", "community")} <= declared
    assert {("node", "label", "string"), ("node", "name", "string"), ("node", "type", "string")} <= declared
    assert {("edge", "label", "string"), ("edge", "interaction", "string"), ("edge", "weight", "double")} <= declared
    names = [name.casefold() for domain in ("node", "edge") for kind, name, _ in declared if kind == domain]
    assert len(names) == len(declared)
    assert sorted(data["label"] for _, data in read.nodes(data=True)) == sorted(nodes(part).values())
    assert sorted(data["weight"] for *_, data in read.edges(data=True)) == sorted(link.support for link in part.links)
    assert all(re.fullmatch("#[0-9a-f]{6}", data["colour"]) for _, data in read.nodes(data=True))


def test_yed_finds_names_shapes_and_colours(part: Graph, tmp_path: Path) -> None:
    (tmp_path / "g.yed.graphml").write_bytes(rendered(part, ".yed.graphml"))
    read = nx.read_graphml(tmp_path / "g.yed.graphml")
    assert read.number_of_edges() == len(part.links)
    labels = {data["label"] for _, data in read.nodes(data=True)}
    assert {name for name in nodes(part).values() if len(name) <= 60} <= labels
    assert {data["shape_type"] for _, data in read.nodes(data=True)} >= {"ellipse", "rectangle"}
    assert b"<y:Fill color=" in rendered(part, ".yed.graphml")


def test_gexf_is_the_same_to_networkx(part: Graph) -> None:
    content = rendered(part, ".gexf")
    read = nx.read_gexf(io.BytesIO(content), version="1.3")
    assert {node: data["label"] for node, data in read.nodes(data=True)} == nodes(part)
    assert read.number_of_edges() == len(part.links)
    assert {data["viz"]["color"]["r"] for _, data in read.nodes(data=True)} > {0}
    root = ET.fromstring(content)
    space = {"g": "http://gexf.net/1.3"}
    edges = root.findall(".//g:edge", space)
    assert sorted((e.get("source"), e.get("kind"), e.get("target")) for e in edges) == statements(part)
    assert len({e.get("id") for e in edges}) == len(edges)
    starts = {node.get("id"): node.get("start") for node in root.findall(".//g:node", space)}
    days = {"2024-01-31": "2024-01-31", "2024-02": "2024-02-01", "2023": "2023-01-01", "2024-02-01": "2024-02-01"}
    assert all(starts[paper.id] == days[paper.date] for paper in part.papers)
    growing = [
        [
            (one.get("start"), one.get("end"), one.get("value"))
            for one in node.iter("{http://gexf.net/1.3}attvalue")
            if one.get("start")
        ]
        for node in root.findall(".//g:node", space)
    ]
    longest = max(growing, key=len)
    assert longest[0][:2] == ("2023-01-01", "2024-01-30")
    assert longest[-1][1] is None
    assert [int(value) for *_, value in longest] == sorted({int(value) for *_, value in longest})


def test_gexf_without_dates_is_static(seed_graph: Graph) -> None:
    content = rendered(seed_graph, ".gexf")
    assert b'mode="static"' in content
    assert b'mode="dynamic"' not in content
    read = nx.read_gexf(io.BytesIO(content), version="1.3")
    assert (read.number_of_nodes(), read.number_of_edges()) == (len(nodes(seed_graph)), len(seed_graph.links))


def test_cytoscape_json_is_the_same_to_networkx(part: Graph) -> None:
    read = nx.cytoscape_graph(json.loads(rendered(part, ".cyjs")))
    assert {node: data["name"] for node, data in read.nodes(data=True)} == nodes(part)
    assert sorted((head, key, tail) for head, tail, key in read.edges(keys=True)) == statements(part)


def test_communities_and_ranks_are_those_that_igraph_and_networkx_find(seed_graph: Graph) -> None:
    found = measures(seed_graph)
    assert found == measures(seed_graph)
    view = nx.MultiDiGraph([(link.head, link.tail, {"weight": link.support}) for link in seed_graph.links])
    view.add_nodes_from(nodes(seed_graph))
    assert {node: one.degree for node, one in found.items()} == dict(view.degree())
    step, shares = np.asarray(nx.google_matrix(view)), np.full(len(view), 1 / len(view))
    for _ in range(100):
        shares = shares @ step
    ranks = dict(zip(view, shares, strict=True))
    assert all(abs(one.pagerank - ranks[node]) < 1e-6 for node, one in found.items())
    groups: dict[int, set[str]] = {}
    for node, one in found.items():
        groups.setdefault(one.community, set()).add(node)
    sizes = [len(groups[number]) for number in sorted(groups)]
    assert sizes == sorted(sizes, reverse=True)
    simple = nx.Graph(view)
    assert nx.community.modularity(simple, groups.values(), weight=None) > 0.6
    for suffix, reader in ((".graphml", nx.read_graphml), (".gexf", lambda file: nx.read_gexf(file, version="1.3"))):
        read = reader(io.BytesIO(rendered(seed_graph, suffix)))
        assert sorted(one.community for one in found.values()) == sorted(data["community"] for _, data in read.nodes(data=True))


# Neo4j, tables, notes

HEAD = re.compile(r"(?P<name>\w*)(?P<type>:(ID|LABEL|START_ID|END_ID|TYPE|int|double|string\[\]))?")


def neo4j_rows(content: bytes) -> list[dict[str, Any]]:
    """The rows of a file by the grammar that Neo4j documents for its import: RFC 4180 with a header of name:type."""
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    fields = [HEAD.fullmatch(field) for field in head]
    assert all(fields)
    assert all(len(row) == len(head) for row in rows)
    read = {":int": int, ":double": float, ":string[]": lambda value: value.split(";"), ":LABEL": lambda value: value.split(";")}
    return [
        {name: read.get(field["type"], str)(value) for name, field, value in zip(head, fields, row, strict=True) if field}
        for row in rows
    ]


def test_neo4j_files_keep_the_grammar_of_its_import(part: Graph) -> None:
    files = rendered(part, ".neo4j")
    rows = {one["id:ID"]: one for one in neo4j_rows(files["nodes.csv"])}
    assert {key: one["name"] for key, one in rows.items()} == nodes(part)
    assert all(one[":LABEL"][0] == "Kgraph" and len(one[":LABEL"]) == 2 for one in rows.values())
    edges = neo4j_rows(files["relationships.csv"])
    assert sorted((one[":START_ID"], one[":TYPE"], one[":END_ID"]) for one in edges) == statements(part)
    assert {one[":START_ID"] for one in edges} | {one[":END_ID"] for one in edges} <= rows.keys()
    script = files["load.cypher"].decode()
    assert script.count("CREATE CONSTRAINT") == 1
    assert script.count("{head: ") == len(part.links)
    assert script.count("\n{id: ") == len(rows)


def test_parquet_holds_every_record(part: Graph) -> None:
    files = rendered(part, ".parquet")
    read = {name: pq.read_table(io.BytesIO(content)).to_pylist() for name, content in files.items()}
    assert {one["id"]: one["abstract"] for one in read["papers.parquet"]} == {one.id: one.abstract for one in part.papers}
    assert read["papers.parquet"][0]["authors"] == ["A. One", "B. Two"]
    assert read["papers.parquet"][0]["listings"][0]["line"] == part.papers[0].listings[0].line
    assert {one["id"]: tuple(one["aliases"]) for one in read["entities.parquet"]} == {
        one.id: one.aliases for one in part.entities
    }
    assert sorted((one["head"], one["relation"], one["tail"]) for one in read["links.parquet"]) == statements(part)
    texts = {paper.id: paper.text for paper in part.papers}
    assert len(read["evidence.parquet"]) == sum(len(link.evidence) for link in part.links)
    assert all(texts[one["paper"]][one["start"] : one["end"]] == one["sentence"] for one in read["evidence.parquet"])
    assert [one["value"] for one in read["results.parquet"]] == [one.value for one in part.results]


@pytest.mark.parametrize(("suffix", "dialect"), [(".csv", "excel"), (".tsv", "excel-tab")])
def test_tables_hold_every_record(part: Graph, suffix: str, dialect: str) -> None:
    files = rendered(part, suffix)
    read = {
        name.partition(".")[0]: list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), dialect=dialect))
        for name, content in files.items()
    }
    assert {name: len(rows) for name, rows in read.items()} == {
        "papers": len(part.papers),
        "entities": len(part.entities),
        "links": len(part.links),
        "evidence": sum(len(link.evidence) for link in part.links),
        "results": len(part.results),
    }
    assert sorted((one["head"], one["relation"], one["tail"]) for one in read["links"]) == statements(part)
    assert {one["id"]: float(one["pagerank"]) for one in read["entities"]} == {
        one.id: measures(part)[one.id].pagerank for one in part.entities
    }


def links_of(text: str) -> list[str]:
    """Where the links of a note lead."""
    tokens = [child for token in MarkdownIt().parse(text) for child in token.children or ()]
    return [unquote(str(token.attrs["href"])) for token in tokens if token.type == "link_open"]


def notes_hold(files: Mapping[str, bytes], graph: Graph) -> None:
    assert len(files) == len(nodes(graph)) + 1
    assert len({path.casefold() for path in files}) == len(files)
    for path, content in files.items():
        assert len(path.rpartition("/")[2].encode()) < 200
        base = Path("/v", path).parent
        _, _, body = content.decode().rpartition("\n---\n")
        for link in links_of(body):
            assert os.path.normpath(base / link) in {f"/v/{other}" for other in files}, (path, link)
    assert sorted(links_of(files["index.md"].decode())) == sorted(files.keys() - {"index.md"})


def test_notes_are_linked_and_hold_what_is_said(part: Graph) -> None:
    files = rendered(part, ".vault")
    notes_hold(files, part)
    note = files["Benchmark/GSM8K.md"].decode()
    assert note.startswith('---\nid: "benchmark/gsm8k"\n')
    linking = sum(link.tail == "benchmark/gsm8k" for link in part.links)
    assert linking
    assert note.count("\n- [") == linking


# Hostile text


@settings(max_examples=GRAPHS, deadline=None, suppress_health_check=list(HealthCheck))
@given(graphs())
def test_no_text_breaks_a_format(graph: Graph) -> None:
    made = len(set(triples(graph, KNOWLEDGE.ontology)))
    for suffix, (form, _) in SYNTAXES.items():
        found = {quad.triple for quad in ox.parse(input=rendered(graph, suffix), format=form)}
        assert made * 0.9 <= len(found) <= made, suffix  # texts that differ only in what a syntax cannot hold become one
    count = (len(nodes(graph)), len(graph.links))
    content = rendered(graph, ".graphml")
    root = ET.fromstring(content)
    ids = [element.get("id") or "" for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[\w.:-]+", one) for one in ids)
    for reader, suffix in ((nx.read_graphml, ".graphml"), (nx.read_graphml, ".yed.graphml")):
        read = reader(io.BytesIO(rendered(graph, suffix)))
        assert (read.number_of_nodes(), read.number_of_edges()) == count
    read = nx.read_gexf(io.BytesIO(rendered(graph, ".gexf")), version="1.3")
    assert (read.number_of_nodes(), read.number_of_edges()) == count
    names = {node: scalar(name) for node, name in nodes(graph).items()}
    assert {node: data["label"] for node, data in read.nodes(data=True)} == names
    read = nx.cytoscape_graph(json.loads(rendered(graph, ".cyjs")))
    assert {node: data["name"] for node, data in read.nodes(data=True)} == names
    files = rendered(graph, ".neo4j")
    assert {one["id:ID"]: one["name"] for one in neo4j_rows(files["nodes.csv"])} == {
        node: xml_scalar(name) for node, name in nodes(graph).items()
    }
    assert len(neo4j_rows(files["relationships.csv"])) == len(graph.links)
    for suffix, dialect in ((".csv", "excel"), (".tsv", "excel-tab")):
        for content in rendered(graph, suffix).values():
            rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), dialect=dialect))
            assert len({len(row) for row in rows}) == 1
            assert not [one for row in rows for one in row if one.lstrip().startswith(("=", "+", "-", "@", "\t"))]
    notes_hold(rendered(graph, ".vault"), graph)
    assert pq.read_table(io.BytesIO(rendered(graph, ".parquet")["links.parquet"])).num_rows == len(graph.links)


# What is too much for memory


@pytest.mark.parametrize("at_once", [1, 10_000, 1 << 26])
def test_lines_come_sorted_and_once_however_few_fit_in_memory(part: Graph, at_once: int) -> None:
    lines = b"".join(unsorted(part, KNOWLEDGE)).decode().splitlines(keepends=True)
    groups = ["".join(sorted(found)) for _, found in groupby(lines, lambda line: line.partition(" ")[0])]
    made = "".join(sorted_groups([*groups, "", *groups[::2]], at_once))
    assert made == "".join(sorted(set(lines))) == rendered(part, ".nt").decode()


@pytest.mark.parametrize("suffix", [".ttl", ".trig", ".rdf"])
def test_a_syntax_is_the_same_however_many_statements_are_written_at_once(
    part: Graph, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rendered(part, suffix)
    monkeypatch.setattr(syntaxes, "_AT_ONCE", 7)
    assert rendered(part, suffix) == whole


def test_what_is_known_is_forgotten_when_it_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "_FEW", 3)
    made = known.Known[int, str](str)
    assert [made[number] for number in (*range(10), 0)] == [*map(str, range(10)), "0"]
    assert len(made) < 5


def test_a_store_takes_the_place_of_one_and_of_nothing_else(part: Graph, tmp_path: Path) -> None:
    path, few = tmp_path / "g.db", focus(whole(part), ["benchmark/gsm8k"], 1).graph
    for graph in (part, few):
        write_graph(graph, [path], KNOWLEDGE)
        assert len(ox.Store.read_only(str(path))) == len(rendered(graph, ".nt").splitlines())
    assert [one.name for one in tmp_path.iterdir()] == ["g.db"]
    (tmp_path / "h.db").mkdir()
    with pytest.raises(DataError, match="what stands there is no such folder"):
        write_graph(few, [tmp_path / "h.db"], KNOWLEDGE)
    with pytest.raises(DataError, match="a store of Oxigraph can only be written to disk"):
        rendered(few, ".db")


# Folders


def test_the_files_of_a_folder_change_together_and_others_stay(part: Graph, tmp_path: Path) -> None:
    folder = tmp_path / "g.vault"
    write_graph(part, [folder], KNOWLEDGE)
    (folder / "mine.md").write_text("mine")
    (folder / "Method" / "mine.md").write_text("mine")
    smaller = focus(whole(part), ["benchmark/gsm8k"], 1).graph
    write_graph(smaller, [folder], KNOWLEDGE)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {*rendered(smaller, ".vault"), "mine.md", "Method/mine.md", ".kgraph"}
    assert len(found) < len(rendered(part, ".vault"))


def test_what_a_list_names_elsewhere_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / ".kgraph").write_text(f"../mine\n{tmp_path}/mine\n")
    (folder / ".left.part").mkdir()
    (folder / ".left.part" / ".lock").touch()
    write_folder(folder, {"a/b": b"1"})
    assert (tmp_path / "mine").exists()
    assert sorted(path.name for path in folder.iterdir()) == [".kgraph", "a"]
    (folder / "c").mkdir()
    with pytest.raises(DataError, match="cannot be written"):
        write_folder(folder, {"a/b": b"2", "c": b"3"})


def test_every_format_is_the_same_for_every_hash_seed(part: Graph, tmp_path: Path) -> None:
    write_graph(focus(whole(part), ["benchmark/gsm8k"], 1).graph, [tmp_path / "g.ttl"], KNOWLEDGE)
    suffixes = [suffix for suffix in FORMATS if suffix not in (".html", ".db")]  # what a store has is the same, not its bytes
    for seed in "12":
        outputs = [word for suffix in suffixes for word in ("-o", str(tmp_path / seed / f"g{suffix}"))]
        done = run_kgraph("export", str(tmp_path / "g.ttl"), *outputs, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
    one, other = (
        {path.relative_to(tmp_path / seed): path.read_bytes() for path in (tmp_path / seed).rglob("*") if path.is_file()}
        for seed in "12"
    )
    assert one == other
    assert len(one) > 30


def test_an_output_names_a_file_a_folder_of_files_or_a_folder_of_formats(part: Graph, tmp_path: Path) -> None:
    few = focus(whole(part), ["benchmark/gsm8k"], 1).graph
    outputs = [f"{tmp_path}/g.neo4j/", f"{tmp_path}/G.CSV", f"{tmp_path}/g.nt"]
    assert [path.name for path in write_outputs(few, outputs, KNOWLEDGE)] == ["g.neo4j", "G.CSV", "g.nt"]
    names = sorted(path.name for path in (tmp_path / "g.neo4j").iterdir())
    assert names == [".kgraph", "load.cypher", "nodes.csv", "relationships.csv"]
    assert [path.name for path in output_paths(f"{tmp_path}/all/", few)] == ["graph.ttl", "graph.graphml", "graph.html"]
    (tmp_path / "h.csv").write_text("mine")
    with pytest.raises(DataError, match="cannot be written"):
        write_outputs(few, f"{tmp_path}/h.csv", KNOWLEDGE)
    assert (tmp_path / "h.csv").read_text() == "mine"


def test_export_wants_an_output(tmp_path: Path) -> None:
    done = run_kgraph("export", cwd=tmp_path)
    assert done.returncode == 2
    assert b"expected at least one file" in done.stderr


# On demand


@pytest.mark.skipif(not XSD, reason="KGRAPH_XSD names the folder of the GraphML schema")
def test_graphml_is_valid_against_the_schema(seed_graph: Graph) -> None:
    from lxml import etree

    class Local(etree.Resolver):  # type: ignore[misc]
        def resolve(self, address: str, _: Any, context: Any) -> Any:
            return self.resolve_filename(str(Path(XSD or "") / f"{Path(address).name.removesuffix('.xml')}.xml"), context)

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    schema = etree.XMLSchema(etree.parse(str(Path(XSD or "") / "graphml.xsd.xml"), parser))
    schema.assertValid(etree.fromstring(rendered(seed_graph, ".graphml")))

    @settings(max_examples=GRAPHS, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(graphs())
    def check(graph: Graph) -> None:
        schema.assertValid(etree.fromstring(rendered(graph, ".graphml")))

    check()


READERS = """
const { readFileSync } = require("fs"), { MultiDirectedGraph } = require("graphology");
const { DOMParser } = require("@xmldom/xmldom");
global.DOMParser = DOMParser;
const counts = {}, LIKE_GEPHI_LITE = { allowUndeclaredAttributes: true, addMissingNodes: true };
for (const [kind, file] of [["graphml", process.argv[2]], ["gexf", process.argv[3]]]) {
  const graph = require(`graphology-${kind}`).parse(MultiDirectedGraph, readFileSync(file, "utf8"), LIKE_GEPHI_LITE);
  const node = graph.nodes().find((one) => graph.getNodeAttribute(one, "label") === "GSM8K");
  counts[kind] = [graph.order, graph.size, graph.getNodeAttribute(node, "community")];
}
console.log(JSON.stringify(counts));
"""


@pytest.mark.skipif(not NODE, reason="KGRAPH_NODE_MODULES names a folder with graphology-graphml and graphology-gexf")
def test_graphology_reads_graphml_and_gexf(seed_graph: Graph, part: Graph, tmp_path: Path) -> None:
    for graph in (seed_graph, part):
        write_graph(graph, [tmp_path / "g.graphml", tmp_path / "g.gexf"], KNOWLEDGE)
        call = ["node", "-e", READERS, "-", str(tmp_path / "g.graphml"), str(tmp_path / "g.gexf")]
        done = subprocess.run(call, cwd=Path(NODE or "").parent, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        expected = [len(nodes(graph)), len(graph.links), measures(graph)["benchmark/gsm8k"].community]
        assert json.loads(done.stdout) == {"graphml": expected, "gexf": expected}


LINTER = """
const { lintCypherQuery, parseStatementsStrs } = require("@neo4j-cypher/language-support");
const text = require("fs").readFileSync(process.argv[2], "utf8");
console.log(JSON.stringify([lintCypherQuery(text, {}).diagnostics, parseStatementsStrs(text).length]));
"""
WORDS = [
    "\\",
    '\\"',
    "\\u0022}]) DETACH DELETE n //",
    "'); MATCH (n) DETACH DELETE n; //",
    "`",
    "${x}",
    "a;\nb",
    "\x00\x1b",
    "*/ /*",
    "\\\\u",
]


@pytest.mark.skipif(
    not NODE or not Path(NODE, "@neo4j-cypher").exists(),
    reason="KGRAPH_NODE_MODULES names a folder with @neo4j-cypher/language-support",
)
def test_neo4j_s_own_parser_takes_what_is_loaded(part: Graph, tmp_path: Path) -> None:
    things = [Entity(f"method/{at}", "Method", word, (word, f"{word}{word}")) for at, word in enumerate(WORDS)]
    few = replace(focus(whole(part), ["benchmark/gsm8k"], 1).graph, results=())
    graph = replace(few, entities=tuple(sorted((*few.entities, *things))))
    write_graph(graph, [tmp_path / "g.neo4j"], KNOWLEDGE)
    call = ["node", "-e", LINTER, "-", str(tmp_path / "g.neo4j" / "load.cypher")]
    done = subprocess.run(call, cwd=Path(NODE or "").parent, capture_output=True, text=True, check=False)
    kinds = {"Paper", *(one.type for one in graph.entities)}
    relations = {link.relation for link in graph.links}
    assert json.loads(done.stdout) == [[], 1 + len(kinds) + len(relations)], done.stderr
