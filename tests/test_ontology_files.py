"""What stands in `ontology/` beside the words: terms, alignments, shapes and context say the same as the emitted graph."""

import json
from collections.abc import Callable
from typing import cast

import pyshacl
import pytest
import rdflib
from conftest import ROOT
from rdflib import OWL, PROV, RDF, RDFS, SH, SKOS, XSD, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kgraph.export.rdf import to_rdf, triples
from kgraph.graph import assemble
from kgraph.knowledge import Knowledge
from kgraph.linking import link
from kgraph.model import Decision, Graph, Reading
from kgraph.ontology import BY_METRIC, KEPT_APART, LISTED_IN, ON_BENCHMARK
from kgraph.pipeline import papers_of
from kgraph.reading import Reader
from kgraph.relating import relate
from kgraph.results import state_results

KG = rdflib.Namespace("https://w3id.org/kgraph/ontology#")
KGS = rdflib.Namespace("https://w3id.org/kgraph/shapes#")
DCTERMS = rdflib.Namespace("http://purl.org/dc/terms/")
NIF = rdflib.Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
OA = rdflib.Namespace("http://www.w3.org/ns/oa#")
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
LANGUAGE = (str(RDF), str(RDFS), str(OWL), str(XSD))
"""The namespaces of RDF, RDFS, OWL and XSD, whose terms no OWL 2 DL ontology declares."""

PAPERS = [
    {
        "id": "arxiv:2401.00001",
        "title": "QuorpNet: Fast Quorping with Sparse Attention",
        "abstract": "Recent models such as GPT-4 have changed the field. We propose QuorpNet for image classification. QuorpNet "
        "is built on ResNet-50. We evaluate QuorpNet on ImageNet. QuorpNet outperforms BERT and achieves an accuracy of 81.7% "
        "on ImageNet. Our code is available at https://github.com/quorp/quorpnet.",
        "date": "2024-01-02",
        "doi": "10.1000/quorp",
        "authors": ["Ada Quorp", "Bo Net"],
        "venue": "Journal of Quorping",
        "categories": "cs.CV cs.LG",
        "keywords": ["quorping"],
        "code": "https://github.com/quorp/quorpnet",
    },
    {
        "title": "A Study of Llama-2-7B",
        "abstract": "We study Llama-2-7B on question answering. MedQA is part of MMLU. We fine-tune it with low-rank adaptation "
        "(LoRA). We propose zonal quick reading (ZQR). Our code is based on https://github.com/pytorch/fairseq.",
    },
    {"title": "On routing", "abstract": "We propose zero quiet routing (ZQR)."},
]
DECISIONS = [Decision("rename", "method/lora", "LoRA", "as it is")]


def turtle_of(name: str) -> rdflib.Graph:
    return rdflib.Graph(bind_namespaces="none").parse(ROOT / "ontology" / name)


@pytest.fixture(scope="module")
def terms() -> rdflib.Graph:
    return turtle_of("kgraph.ttl")


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return turtle_of("shapes.ttl")


@pytest.fixture(scope="module")
def small(reader: Reader, knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> rdflib.Graph:
    path = tmp_path_factory.mktemp("small") / "papers.jsonl"
    path.write_text("".join(json.dumps(paper) + "\n" for paper in PAPERS), encoding="utf-8")
    linked = [link(reading, knowledge) for reading in reader.read(papers_of([path]))]
    readings = [state_results(relate(reading, knowledge), knowledge) for reading in linked]
    return to_rdf(assemble(readings, knowledge, DECISIONS), knowledge.ontology)


def own_terms(terms: rdflib.Graph) -> set[Node]:
    return {term for term in terms.subjects(RDF.type) if str(term).startswith(KG)}


def emitted_terms(graph: rdflib.Graph) -> set[Node]:
    return {*graph.predicates(), *graph.objects(predicate=RDF.type)}


def relations(knowledge: Knowledge) -> set[str]:
    """The relations that are stated of a paper or a thing, each with evidence."""
    return set(knowledge.ontology.relations) - {LISTED_IN, ON_BENCHMARK, BY_METRIC, KEPT_APART}


def local(terms: set[Node]) -> set[str]:
    return {str(term).removeprefix(str(KG)) for term in terms}


# kgraph.ttl


def test_every_term_is_one_kind_of_thing_and_none_is_the_languages_own(terms: rdflib.Graph) -> None:
    for term in {term for term in terms.subjects(RDF.type) if isinstance(term, URIRef)}:
        if (term, RDF.type, OWL.Ontology) not in terms:
            assert len({*terms.objects(term, RDF.type)} - {OWL.SymmetricProperty}) == 1, term
            assert set(terms.objects(term, RDF.type)) <= KINDS | {OWL.SymmetricProperty}, term
            assert not term.startswith(LANGUAGE), term


def test_every_term_in_an_axiom_is_declared_as_what_it_stands_for(terms: rdflib.Graph) -> None:
    def declared(node: Node, *kinds: Node) -> bool:
        return isinstance(node, rdflib.BNode) or any((node, RDF.type, kind) in terms for kind in kinds)

    for predicate in set(terms.predicates()):
        assert str(predicate).startswith(LANGUAGE) or declared(predicate, OWL.AnnotationProperty), predicate
    for predicate in (RDFS.domain, RDFS.subClassOf):
        assert all(declared(node, OWL.Class) for node in terms.objects(predicate=predicate))
    for members in (OWL.unionOf, OWL.members):
        for head in terms.objects(predicate=members):
            assert all(declared(node, OWL.Class) for node in Collection(terms, head))
    for sub, parent in terms.subject_objects(RDFS.subPropertyOf):
        assert set(terms.objects(sub, RDF.type)) == set(terms.objects(parent, RDF.type)), (sub, parent)
    for term, values in terms.subject_objects(RDFS.range):
        if (term, RDF.type, OWL.ObjectProperty) in terms:
            assert declared(values, OWL.Class)
        else:
            assert str(values).startswith(str(XSD)) or (values, RDF.type, RDFS.Datatype) in terms


def test_every_term_of_our_own_is_explained(terms: rdflib.Graph) -> None:
    for term in own_terms(terms):
        for predicate in (RDFS.label, SKOS.definition, SKOS.example, RDFS.isDefinedBy):
            assert len(list(terms.objects(term, predicate))) == 1, (term, predicate)
        if {OWL.ObjectProperty, OWL.DatatypeProperty} & set(terms.objects(term, RDF.type)):
            for predicate in (RDFS.domain, RDFS.range):
                assert len(list(terms.objects(term, predicate))) == 1, (term, predicate)


def test_every_term_is_emitted_or_reserved_and_none_both(terms: rdflib.Graph, small: rdflib.Graph) -> None:
    reserved = set(terms.subjects(KG.status, Literal("reserved")))
    for_programs = set(terms.subjects(RDF.type, OWL.AnnotationProperty))
    emitted = {term for term in emitted_terms(small) if str(term).startswith(KG)}
    assert emitted == own_terms(terms) - for_programs - reserved - {KG.Thing}


def test_classes_that_are_emitted_are_disjoint(terms: rdflib.Graph, small: rdflib.Graph) -> None:
    [head] = terms.objects(predicate=OWL.members)
    assert set(Collection(terms, head)) == set(small.objects(predicate=RDF.type))


# alignments.ttl


def test_alignments_are_of_declared_terms_and_claim_no_citation_and_no_identity(terms: rdflib.Graph) -> None:
    alignments = turtle_of("alignments.ttl")
    ontology = URIRef("https://w3id.org/kgraph/alignments")
    matches = {SKOS.closeMatch, SKOS.narrowMatch, SKOS.relatedMatch, RDFS.subClassOf, RDFS.subPropertyOf}
    for term, predicate, other in alignments:
        if term == ontology:
            continue
        assert term in own_terms(terms), term
        assert predicate in matches, predicate
        assert isinstance(other, URIRef)
        assert not other.startswith(("http://purl.org/spar/cito/", str(KG))), other
        assert predicate != RDFS.subClassOf or (term, RDF.type, OWL.Class) in terms, term
        assert predicate != RDFS.subPropertyOf or (term, RDF.type, OWL.Class) not in terms, term


def test_every_alignment_says_why() -> None:
    lines = (ROOT / "ontology" / "alignments.ttl").read_text(encoding="utf-8").splitlines()
    axioms = [number for number, line in enumerate(lines) if line.startswith("kg:")]
    assert axioms
    assert all(lines[number - 1].startswith("# ") for number in axioms)


# shapes.ttl


def conforms(graph: rdflib.Graph, shapes: rdflib.Graph) -> tuple[bool, str]:
    valid, _, report = pyshacl.validate(graph, shacl_graph=shapes)
    return valid, report


@pytest.fixture(scope="module")
def strict(shapes: rdflib.Graph) -> rdflib.Graph:
    """The shapes, also those that are out of force."""
    return shapes - [triple for triple in shapes if triple[1] == SH.deactivated]


def test_a_built_graph_conforms(small: rdflib.Graph, strict: rdflib.Graph) -> None:
    valid, report = conforms(small, strict)
    assert valid, report


def test_shapes_use_only_terms_that_shacl_has(shapes: rdflib.Graph) -> None:
    used = {term for triple in shapes for term in triple if str(term).startswith(str(SH))}
    assert used
    assert not [term for term in used if term not in SH]


def test_every_class_that_is_emitted_has_a_closed_shape(small: rdflib.Graph, shapes: rdflib.Graph) -> None:
    closed = {cls for shape in shapes.subjects(SH.closed, Literal(True)) for cls in shapes.objects(shape, SH.targetClass)}
    assert closed == set(small.objects(predicate=RDF.type))


def test_every_path_of_a_shape_is_emitted_or_reserved(small: rdflib.Graph, shapes: rdflib.Graph, terms: rdflib.Graph) -> None:
    paths = {next(shapes.objects(path, SH.inversePath), path) for path in shapes.objects(predicate=SH.path)} | {
        target for side in (SH.targetSubjectsOf, SH.targetObjectsOf) for target in shapes.objects(predicate=side)
    }
    assert paths <= emitted_terms(small) | set(terms.subjects(KG.status))


def test_shapes_and_ontology_agree_on_what_a_relation_joins(shapes: rdflib.Graph, knowledge: Knowledge) -> None:
    for shape in shapes.subjects(SH.closed, Literal(True)):
        targets = local(set(shapes.objects(shape, SH.targetClass)))
        for rule in shapes.objects(shape, SH.property):
            path = next(iter(local({cast(Node, shapes.value(rule, SH.path))})))
            if relation := knowledge.ontology.relations.get(path):
                choices = shapes.value(rule, SH["or"])
                options = list(Collection(shapes, choices)) if choices else [rule]
                assert {next(iter(local(set(shapes.objects(one, SH["class"]))))) for one in options} == relation.range, path
                assert targets == relation.domain, path


def test_shapes_name_every_relation_that_evidence_is_for(shapes: rdflib.Graph, knowledge: Knowledge) -> None:
    [rule] = shapes.subjects(SH.path, RDF.predicate)
    assert local(set(Collection(shapes, shapes.value(rule, SH["in"])))) == relations(knowledge)
    sides = local(set(shapes.objects(KGS.ofPaper, SH.targetSubjectsOf)) | set(shapes.objects(KGS.ofThing, SH.targetSubjectsOf)))
    assert sides == relations(knowledge) | {LISTED_IN, KEPT_APART}


def first(graph: rdflib.Graph, cls: URIRef, *having: URIRef) -> Node:
    """The first node of a class that has all of these properties."""
    return min(node for node in graph.subjects(RDF.type, cls) if all((node, one, None) in graph for one in having))


def add(cls: URIRef, predicate: URIRef, value: Node) -> Callable[[rdflib.Graph], object]:
    """A way to break a graph: one statement too many, of a node that already makes one if the property has a value."""
    return lambda graph: graph.add((first(graph, cls), predicate, value))


def put(cls: URIRef, predicate: URIRef, value: Node) -> Callable[[rdflib.Graph], object]:
    """A way to break a graph: another value."""
    return lambda graph: graph.set((first(graph, cls, predicate), predicate, value))


def drop(cls: URIRef, *predicates: URIRef) -> Callable[[rdflib.Graph], object]:
    """A way to break a graph: no value."""

    def change(graph: rdflib.Graph) -> None:
        node = first(graph, cls, *predicates)
        for predicate in predicates:
            graph.remove((node, predicate, None))

    return change


def join(head: URIRef, relation: URIRef, tail: URIRef) -> Callable[[rdflib.Graph], object]:
    """A way to break a graph: a relation, with evidence, between nodes of two classes."""

    def change(graph: rdflib.Graph) -> None:
        evidence = first(graph, KG.Evidence)
        statement = (first(graph, head), relation, first(graph, tail))
        graph.add(statement)
        for predicate, node in zip((RDF.subject, RDF.predicate, RDF.object), statement, strict=True):
            graph.add((KG.new, predicate, node))
        for predicate, node in graph.predicate_objects(evidence):
            if predicate not in (RDF.subject, RDF.predicate, RDF.object):
                graph.add((KG.new, predicate, node))

    return change


def nowhere(graph: rdflib.Graph) -> None:
    """A result that is the result of nothing."""
    result = first(graph, KG.Result)
    for evidence in list(graph.subjects(RDF.object, result)):
        graph.remove((evidence, None, None))
    graph.remove((None, KG.hasResult, result))


def whole(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.nonNegativeInteger)


BROKEN: dict[str, tuple[str, Callable[[rdflib.Graph], object]]] = {
    "a paper without title": ("exactly one title", drop(KG.Paper, DCTERMS.title)),
    "a paper with two titles": ("exactly one title", add(KG.Paper, DCTERMS.title, Literal("Another"))),
    "a paper labelled otherwise": ("label of a paper", put(KG.Paper, RDFS.label, Literal("Another"))),
    "a paper with two abstracts": ("at most one abstract", add(KG.Paper, DCTERMS.abstract, Literal("Another"))),
    "a paper of two dates": (
        "at most one date",
        lambda graph: graph.add((first(graph, KG.Paper, DCTERMS.issued), DCTERMS.issued, Literal("2023", datatype=XSD.gYear))),
    ),
    "a paper with a date in words": ("a day, a month or a year", put(KG.Paper, DCTERMS.issued, Literal("in May"))),
    "a paper that is a text": ("public address", put(KG.Paper, OWL.sameAs, Literal("https://doi.org/10.1000/quorp"))),
    "a paper whose identifier is none": ("has identifiers", put(KG.Paper, DCTERMS.identifier, Literal("no scheme"))),
    "a paper without listing": ("at least one listing", drop(KG.Paper, KG.listedIn)),
    "a paper with an unknown property": ("closed", add(KG.Paper, KG.hasArXivID, Literal("2401.00001"))),
    "a paper that uses a task": ("uses a method", join(KG.Paper, KG.uses, KG.Task)),
    "a paper that evaluates on a method": ("evaluates on a benchmark", join(KG.Paper, KG.evaluatesOn, KG.Method)),
    "a method that uses a method": ("Only a paper", join(KG.Method, KG.uses, KG.Method)),
    "a paper that is based on a method": ("Only a thing", join(KG.Paper, KG.basedOn, KG.Method)),
    "a listing at line 0": ("counted from 1", put(KG.Listing, KG.line, whole(0))),
    "a listing without file": ("exactly one file", drop(KG.Listing, KG.file)),
    "a thing without name": ("exactly one name", drop(KG.Model, SKOS.prefLabel)),
    "a thing with two names": ("exactly one name", add(KG.Model, SKOS.prefLabel, Literal("Another"))),
    "a thing whose other name is its name": (
        "not its name",
        lambda graph: graph.add((node := first(graph, KG.Method), SKOS.altLabel, cast(Node, graph.value(node, SKOS.prefLabel)))),
    ),
    "a thing of two classes": ("exactly one class", add(KG.Model, RDF.type, KG.Method)),
    "a model that is a variant of a method": ("variant of a model", join(KG.Model, KG.variantOf, KG.Method)),
    "a method with a direction": ("Only a metric", add(KG.Method, KG.direction, Literal("higher"))),
    "a metric with an unknown direction": ("higher or lower", add(KG.Metric, KG.direction, Literal("up"))),
    "a repository that is no URL": ("its URL", put(KG.Repository, SKOS.prefLabel, Literal("quorp/quorpnet"))),
    "a result that is no number": ("is a number", put(KG.Result, KG.value, Literal("best"))),
    "a result of an unknown kind": ("a delta or a ratio", put(KG.Result, KG.valueKind, Literal("relative"))),
    "a result by no metric on no benchmark": ("by which metric", drop(KG.Result, KG.byMetric, KG.onBenchmark)),
    "a result of nothing": ("exactly one thing", nowhere),
    "evidence without paper": ("exactly one paper", drop(KG.Evidence, PROV.wasDerivedFrom)),
    "evidence with an empty sentence": ("exactly one sentence", put(KG.Evidence, OA.exact, Literal(""))),
    "evidence that ends where it begins": (
        "before its end",
        lambda graph: graph.set((node := first(graph, KG.Evidence), NIF.endIndex, cast(Node, graph.value(node, NIF.beginIndex)))),
    ),
    "evidence without rule": ("exactly one rule", drop(KG.Evidence, KG.rule)),
    "evidence surer than sure": ("from 0 to 1", put(KG.Evidence, KG.confidence, Literal("1.5", datatype=XSD.decimal))),
    "evidence with two confidences": (
        "exactly one confidence",
        add(KG.Evidence, KG.confidence, Literal("0.123", datatype=XSD.decimal)),
    ),
    "evidence for an unknown relation": ("one relation", put(KG.Evidence, RDF.predicate, SKOS.broader)),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_graph_does_not_conform(broken: str, small: rdflib.Graph, strict: rdflib.Graph) -> None:
    message, change = BROKEN[broken]
    graph = rdflib.Graph(bind_namespaces="none")
    graph += small
    change(graph)
    valid, report = conforms(graph, strict)
    assert not valid
    assert message in report


# context.jsonld


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # by rdflib's own parser
def test_json_ld_with_the_context_says_the_same_in_short_keys(small: rdflib.Graph) -> None:
    context = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    content = small.serialize(format="json-ld", context=context)
    assert set(rdflib.Graph().parse(data=content, format="json-ld")) == set(small)
    for node in json.loads(content)["@graph"]:
        assert not [key for key in node if ":" in key or "@" in key]
        assert not set(":@") & set(node["type"])


def test_the_context_has_every_term_of_our_own_and_only_declared_ones(terms: rdflib.Graph) -> None:
    context = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    named = {
        str(value.get("@id", value.get("@reverse")) if isinstance(value, dict) else value)
        for key, value in context.items()
        if key[0] != "@"
    }
    own = {name.removeprefix("kg:") for name in named if name.startswith("kg:")}
    for_programs = set(terms.subjects(RDF.type, OWL.AnnotationProperty))
    assert own == local(own_terms(terms) - for_programs - {KG.Thing})


# The seeds


def test_every_emitted_term_is_declared(terms: rdflib.Graph, seed_graph: Graph, knowledge: Knowledge) -> None:
    emitted: set[Node] = set()
    for _, predicate, value in triples(seed_graph, knowledge.ontology):
        emitted |= {URIRef(predicate), URIRef(str(value))} if predicate == str(RDF.type) else {URIRef(predicate)}
    assert {term for term in emitted if not str(term).startswith(LANGUAGE)} <= set(terms.subjects(RDF.type))


def test_the_graph_of_every_fortieth_seed_conforms(
    seed_readings: list[Reading], shapes: rdflib.Graph, knowledge: Knowledge
) -> None:
    valid, report = conforms(to_rdf(assemble(seed_readings[::40], knowledge), knowledge.ontology), shapes)
    assert valid, report
