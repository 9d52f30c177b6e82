import xml.etree.ElementTree as ET
from pathlib import Path

import igraph
import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.errors import DataError
from kgraph.export import render, write_graph
from kgraph.export.html import SCRIPTS
from kgraph.export.jsonlines import reading_record
from kgraph.export.layout import layout
from kgraph.export.rdf import to_rdf, triples
from kgraph.knowledge import Knowledge, load_knowledge
from kgraph.model import Entity, Evidence, Graph, Link, Listing, Paper, Reading
from kgraph.ontology import slug

KNOWLEDGE = load_knowledge()
BLOCKS = 6  # of data in the page: nodes, edges, texts, results, looks, part
HOSTILE = st.text(
    alphabet=st.characters(codec="utf-8") | st.sampled_from("<>&\"'\\{}\x00\x0b\x1f\ufffe\r\n\u2028]]>"), max_size=40
)


def hostile_graph(texts: list[str]) -> Graph:
    title, abstract, name, alias, rule = texts
    paper = Paper("paper/x", title, abstract, (Listing("x.txt", 1, alias),))
    entity = Entity("method/x", "Method", name or "x", tuple(sorted({alias, name})))
    evidence = Evidence("paper/x", 0, len(paper.text), rule, 0.5)
    return Graph((paper,), (entity,), (Link("paper/x", "uses", "method/x", (evidence,)),))


@pytest.mark.slow
def test_turtle_says_the_same_to_rdflib_and_pyoxigraph(seed_graph: Graph, knowledge: Knowledge) -> None:
    content = render(seed_graph, Path("g.ttl"), knowledge)
    by_rdflib = rdflib.Graph().parse(data=content, format="turtle")
    by_oxigraph = set(ox.parse(input=content, format=ox.RdfFormat.TURTLE))
    made = set(triples(seed_graph, knowledge.ontology))
    assert len(by_rdflib) == len(by_oxigraph) == len(made) == len(to_rdf(seed_graph, knowledge.ontology))


def test_every_term_in_use_is_declared(seed_graph: Graph, knowledge: Knowledge) -> None:
    declared = {
        t.subject.value
        for t in ox.parse(path=str(knowledge.folder / "kgraph.ttl"), format=ox.RdfFormat.TURTLE)
        if isinstance(t.subject, ox.NamedNode)
    }
    own = knowledge.ontology.prefixes["kg"]
    emitted = {
        term
        for triple in triples(seed_graph, knowledge.ontology)
        for term in triple
        if isinstance(term, str) and term.startswith(own)
    }
    assert emitted
    assert emitted <= declared


def test_every_statement_has_evidence_with_the_sentence_of_its_paper(seed_graph: Graph, knowledge: Knowledge) -> None:
    view = to_rdf(seed_graph, knowledge.ontology)
    relations = [rdflib.URIRef(knowledge.ontology.term(name)) for name, relation in knowledge.ontology.relations.items()]
    plain = ("listedIn", "onBenchmark", "byMetric", "keptApartFrom")
    structural = {rdflib.URIRef(knowledge.ontology.term(name)) for name in plain}
    stated = {(str(s), str(p), str(o)) for p in relations if p not in structural for s, o in view.subject_objects(p)}
    ontology = knowledge.ontology
    subjects = set(view.subject_objects(rdflib.RDF.subject))
    said = {
        (str(head), str(view.value(evidence, rdflib.RDF.predicate)), str(view.value(evidence, rdflib.RDF.object)))
        for evidence, head in subjects
    }
    assert said == stated
    assert len(stated) > len(seed_graph.links)
    texts = {ontology.iri(paper.id): paper.text for paper in seed_graph.papers}
    nif, oa, prov = (rdflib.Namespace(ontology.prefixes[prefix]) for prefix in ("nif", "oa", "prov"))
    for evidence, _ in subjects:
        text = texts[str(view.value(evidence, prov.wasDerivedFrom))]
        start, end = int(str(view.value(evidence, nif.beginIndex))), int(str(view.value(evidence, nif.endIndex)))
        assert text[start:end] == str(view.value(evidence, oa.exact))


def test_graphml_is_the_same_to_networkx_and_igraph(seed_graph: Graph, knowledge: Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "g.graphml"
    write_graph(seed_graph, [path], knowledge)
    one, other = nx.read_graphml(path), igraph.Graph.Read_GraphML(str(path))
    assert one.number_of_nodes() == other.vcount() == len(seed_graph.papers) + len(seed_graph.entities)
    assert one.number_of_edges() == other.ecount() == len(seed_graph.links)
    titles = {paper.title for paper in seed_graph.papers}
    assert titles == {data["label"] for _, data in one.nodes(data=True) if data["type"] == "Paper"}


def test_graphml_ids_are_tokens_and_unique(seed_graph: Graph, knowledge: Knowledge) -> None:
    root = ET.fromstring(render(seed_graph, Path("g.graphml"), knowledge))
    ids = [element.get("id") or "" for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(all(char.isalnum() or char in ".-_:" for char in one) for one in ids)


@given(st.text(alphabet="a.~%_-:/ é", min_size=1, max_size=6), st.text(alphabet="a.~%_-:/ é", min_size=1, max_size=6))
def test_graphml_ids_tell_nodes_apart(one: str, other: str) -> None:
    likely = (f"{one}..{other}", f"{one}__{other}", f"{one}~{other}", f"{one}_7E{other}")
    names = {slug(one), slug(other), f"{slug(one)}~{slug(other)}", *map(slug, likely)}
    entities = [Entity(f"method/{name}", "Method", "x", ()) for name in names]
    root = ET.fromstring(render(Graph((), tuple(sorted(entities))), Path("g.graphml"), KNOWLEDGE))
    assert len({element.get("id") for element in root.iter() if element.tag.endswith("}node")}) == len(entities)


@settings(max_examples=150, deadline=None)
@given(st.lists(HOSTILE, min_size=5, max_size=5))
def test_hostile_text_breaks_no_format(knowledge: Knowledge, texts: list[str]) -> None:
    graph = hostile_graph(texts)
    content = render(graph, Path("g.ttl"), knowledge)
    assert len(set(ox.parse(input=content, format=ox.RdfFormat.TURTLE))) == len(set(triples(graph, knowledge.ontology)))
    root = ET.fromstring(render(graph, Path("g.graphml"), knowledge))
    assert sum(element.tag.endswith("}node") for element in root.iter()) == 2
    page = render(graph, Path("g.html"), knowledge).decode("utf-8")
    assert page.count("</script") == BLOCKS + 1 + len(SCRIPTS)  # with vis-network


@settings(max_examples=500)
@given(st.text(min_size=1), st.text(min_size=1))
def test_slugs_make_iris_and_tell_names_apart(one: str, other: str) -> None:
    ox.NamedNode(f"https://w3id.org/kgraph/id/method/{slug(one)}")
    assert "/" not in slug(one)
    assert slug(one) not in (".", "..", "")
    if one.split() == other.split():
        assert slug(one) == slug(other)


def test_layout_is_the_same_each_time_and_apart() -> None:
    nodes, edges = [f"n{i}" for i in range(30)], [(f"n{i}", f"n{i // 2}") for i in range(1, 20)]
    assert layout(nodes, edges) == layout(nodes, edges)
    assert len(set(layout(nodes, edges).values())) == len(nodes)


def test_an_unknown_suffix_writes_nothing(seed_graph: Graph, knowledge: Knowledge, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the suffix should be one of"):
        write_graph(seed_graph, [tmp_path / "a.ttl", tmp_path / "a.xyz"], knowledge)
    assert list(tmp_path.iterdir()) == []


def test_json_lines_keep_their_promise(seed_readings: list[Reading], knowledge: Knowledge) -> None:
    roles = {relation.role for relation in knowledge.ontology.relations.values()} - {""}
    for reading in seed_readings:
        record = reading_record(reading, knowledge.ontology)
        assert list(record) == ["id", "title", "text", "sources", "entities", "relations", "results"]
        assert record["text"].startswith(record["title"] + "\n\n")
        for entity in record["entities"]:
            assert list(entity) == ["id", "type", "name", "role", "confidence", "mentions"]
            assert entity["role"] in roles
            assert entity["type"] in knowledge.ontology.things
            assert entity["mentions"]
            for mention in entity["mentions"]:
                assert record["text"][mention["start"] : mention["end"]] == mention["text"]
        for relation in record["relations"]:
            assert list(relation) == ["head", "rel", "tail", "sentence", "rule"]
