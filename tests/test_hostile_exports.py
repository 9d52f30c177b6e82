"""Two thousand hostile strings through every exporter, and labels into IRIs.

`KGRAPH_LABELS=100000 pytest tests/test_hostile_exports.py` makes IRIs of a hundred thousand, and has rdflib read all.
"""

import csv
import io
import json
import os
import random
import re
import unicodedata
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import igraph
import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from conftest import run_kgraph
from selectolax.lexbor import LexborHTMLParser
from test_page_hostile import SEEDS, hostile

from kgraph.export import FORMATS, render, write_graph
from kgraph.export.characters import INSTEAD, carried
from kgraph.export.html import SCRIPTS
from kgraph.export.jsonlines import json_line
from kgraph.export.rdf import triples
from kgraph.graph import assemble
from kgraph.knowledge import Knowledge, load_knowledge
from kgraph.model import Decision, Entity, Graph, Reading
from kgraph.ontology import slug
from kgraph.pipeline import read
from kgraph.sources import read_records

pytestmark = pytest.mark.slow

LABELS = int(os.environ.get("KGRAPH_LABELS", "20000"))
STRINGS = 2000
ODD = (*range(0x20), 0x7F, 0x85, 0xAD, 0x200B, 0x200D, 0x202E, 0x2028, 0xFEFF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xD800, 0xDFFF)
PIECES = [
    *(one for one in SEEDS if len(one) < 1000),
    *map(chr, ODD),
    *("<", ">", "&", '"', "'", "\\", "`", "{", "}", "|", "^", "%", "%00", "#", "?", "//", "../", "@prefix x: <y> ."),
    *('""" . <a> <b> <c> . """', "> <u:extra> <u:extra> <u:extra> . <", "]]>", "<!--", "-->", "<![CDATA[", "&#0;", "&#xD800;"),
    *(
        "&lt;",
        "\u0130",
        "ß",
        "ﬁ",
        "e\u0301",
        "é",
        "Å",
        "\u212b",
        "=1+1",
        "\t=1",
        "\n@x",
        "＝1",
        "-1",
        "+1",
        "a,b",
        'a"b',
        "a\r\nb",
    ),
    *("kg:x", "_:b", "$x", "?x", "LoRA", "GPT-4", "我", "🏳️‍🌈", "null", "NaN"),
]


@cache
def strings(count: int, seed: int = 0) -> list[str]:
    """So many different texts of hostile pieces."""
    chance, found = random.Random(seed), dict.fromkeys(one for one in PIECES)
    while len(found) < count:
        made = "".join(chance.choices(PIECES, k=chance.randrange(1, 6)))
        if chance.random() < 0.2:
            made += "".join(chr(chance.randrange(0x11_0000)) for _ in range(5))
        found.setdefault(made)
    return list(found)[:count]


def hostile_graph(texts: list[str]) -> Graph:
    """Each text as a title, an abstract, a file, a date, a name, an alias, a note, a rule, a value and a reason; ids are ids."""
    made = hostile(texts)
    decisions = tuple(Decision("merge", f"method/{at}", "method/0", text) for at, text in enumerate(texts))
    named = {entity.id: entity for entity in made.entities}
    entities = tuple(Entity(**{**_fields(one), "apart": ("method/0",), "name": one.name or "x"}) for one in named.values())
    return Graph(made.papers, entities, made.links, made.results, decisions)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return hostile_graph(strings(STRINGS))


def _fields(entity: Entity) -> dict[str, object]:
    return {name: getattr(entity, name) for name in Entity.__slots__}


def fit(text: str, suffix: str) -> str:
    return FORMATS[suffix].unfit.sub(INSTEAD, text)


def test_turtle_says_every_text_and_nothing_more_to_two_readers(graph: Graph, knowledge: Knowledge) -> None:
    content = render(graph, Path("g.ttl"), knowledge)
    parsed = list(ox.parse(content, ox.RdfFormat.TURTLE))
    by_oxigraph = {(str(t.subject)[1:-1], t.predicate.value, getattr(t.object, "value", "")) for t in parsed}
    made = triples(carried(graph, FORMATS[".ttl"].unfit)[0], knowledge.ontology)
    said = {(s, p, o if isinstance(o, str) else o.value) for s, p, o in made}
    assert by_oxigraph == said
    some = hostile_graph(strings(STRINGS) if LABELS > 20_000 else strings(STRINGS)[::5])  # rdflib is slow
    content = render(some, Path("g.ttl"), knowledge)
    by_rdflib = rdflib.Graph().parse(data=content, format="turtle")
    assert len(by_rdflib) == len(set(ox.parse(content, ox.RdfFormat.TURTLE)))
    texts = {str(o) for o in by_rdflib.objects() if isinstance(o, rdflib.Literal)}
    assert {fit(paper.title, ".ttl") for paper in some.papers} <= texts


def test_graphml_says_every_text_to_three_readers(graph: Graph, knowledge: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "g.graphml"
    unfit = write_graph(graph, [path], knowledge)
    root = ET.fromstring(path.read_bytes())
    assert sum(element.tag.endswith("}node") for element in root.iter()) == len(graph.papers) + len(graph.entities)
    one = nx.read_graphml(path)
    labels = {fit(thing, ".graphml") for thing in (*(p.title for p in graph.papers), *(e.name for e in graph.entities))}
    assert {data.get("label", "") for _, data in one.nodes(data=True)} == labels
    assert igraph.Graph.Read_GraphML(str(path)).vcount() == one.number_of_nodes()
    assert unfit[path] > 100


def test_the_page_holds_its_own_scripts_alone(graph: Graph, knowledge: Knowledge) -> None:
    content = render(graph, Path("g.html"), knowledge).decode("utf-8")
    page = LexborHTMLParser(content)
    data = [node.text() for node in page.css("script[type='application/json']")]
    assert len(page.css("script")) == len(data) + 1 + len(SCRIPTS)
    assert [json.loads(block) for block in data]
    assert not page.css("iframe, object, embed, link[href], base, img[onerror], svg[onload]")
    assert not [node for node in page.css("*") if any(name.startswith("on") for name in node.attributes)]
    assert "\ufffd" in content


def test_sssom_has_a_row_for_each_decision_and_no_formula(graph: Graph, knowledge: Knowledge) -> None:
    content = render(graph, Path("g.sssom.tsv"), knowledge).decode("utf-8")
    body = "".join(line for line in io.StringIO(content, newline="\n") if not line.startswith("#"))
    rows = list(csv.reader(io.StringIO(body, newline="\n"), delimiter="\t"))
    assert len(rows) == len(graph.decisions) + 1
    assert {len(row) for row in rows} == {8}
    assert not [cell for row in rows for cell in row if re.match(r"\s*[=+\-@]", cell)]
    reasons = [row[-1].removeprefix("'") for row in rows[1:]]
    assert reasons == [fit(decision.reason, ".sssom.tsv").removeprefix("'") for decision in graph.decisions]


def test_characters_that_a_format_cannot_carry_are_counted_and_said(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"title": "FooNet: A", "abstract": "We propose FooNet, a method."}\n')
    (tmp_path / "c.tsv").write_text("action\tsubject\tobject\treason\nrename\tmethod/foonet\tFoo\x01Net\tits name\n")
    done = run_kgraph("build", str(tmp_path / "x.jsonl"), "--curation", str(tmp_path / "c.tsv"), "-o", str(tmp_path / "g"))
    assert done.returncode == 0, done.stderr
    assert re.search(rb"graph\.graphml cannot carry \d+ characters, which are U\+FFFD there\.", done.stderr)
    assert b"graph.ttl cannot" not in done.stderr
    assert "Foo\ufffdNet" in (tmp_path / "g" / "graph.graphml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def readings(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> list[Reading]:
    """The same texts as a source brings them: title, abstract, author, venue, keyword, link and id of a paper each."""
    path = tmp_path_factory.mktemp("hostile") / "x.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(strings(STRINGS)):
            said = f"We propose {text}, a method. {text} outperforms GPT-4 on GSM8K by 3%."
            row = {
                "title": f"{text} {number}",
                "abstract": said,
                "authors": [text],
                "venue": text,
                "keywords": [text],
                "date": text,
            }
            row |= {"code": f"https://x.org/{text}", "doi": f"10.1000/{text}"}
            file.write(json.dumps(row) + "\n")
    papers = [one for one in read_records([path]) if hasattr(one, "abstract")]
    assert len(papers) > STRINGS * 0.95
    return list(read(papers, knowledge))  # type: ignore[arg-type]


def test_what_is_read_of_hostile_papers_is_carried_whole_by_every_format(
    readings: list[Reading], knowledge: Knowledge, tmp_path: Path
) -> None:
    made = assemble(readings, knowledge)
    paths = [tmp_path / f"g{suffix}" for suffix in (".ttl", ".graphml", ".html")]
    assert set(write_graph(made, paths, knowledge).values()) == {0}, "sources leave nothing that a format cannot carry"
    parsed = set(ox.parse(paths[0].read_bytes(), ox.RdfFormat.TURTLE))
    assert len(parsed) == len(set(triples(made, knowledge.ontology)))
    assert not [t for t in parsed if "u:extra" in (str(t.predicate), str(t.subject))]
    assert nx.read_graphml(paths[1]).number_of_nodes() == len(made.papers) + len(made.entities)
    for reading in readings:
        line = json_line(reading, knowledge.ontology)
        record = json.loads(line)
        assert "\n" not in line
        assert line.encode("utf-8")
        for entity in record["entities"]:
            for mention in entity["mentions"]:
                assert record["text"][mention["start"] : mention["end"]] == mention["text"]


def test_labels_become_iris_one_for_one() -> None:
    """Two labels have one IRI only if they are the same but for case, form and white space."""
    chance = random.Random(5)
    alphabet = [*PIECES, *map(chr, range(0x20, 0x250)), " ", "-", "_", "~", ".", "%20", "%C3", "ſ", "K", "ﬀ", "\u1e9e"]
    ontology, keys = load_knowledge().ontology, dict[str, str]()
    for number in range(LABELS):
        label = "".join(chance.choices(alphabet, k=chance.randrange(1, 7)))
        if number % 3 == 0:
            label = "".join(chr(chance.randrange(0x11_0000)) for _ in range(chance.randrange(1, 8)))
        iri = ontology.iri(ontology.id("Method", label))
        assert ox.NamedNode(iri).value == iri
        assert re.fullmatch(r"[\x21-\x7e]+", iri)
        key = "-".join(unicodedata.normalize("NFKC", label).casefold().split())
        assert keys.setdefault(slug(label), key) == key
    assert len(keys) > LABELS * 0.8


def test_the_corpus_is_as_large_as_is_said() -> None:
    assert len(set(strings(STRINGS))) == STRINGS == 2000
