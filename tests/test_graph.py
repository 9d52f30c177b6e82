import random
from dataclasses import replace

import pytest
from conftest import SEEDS, paper
from hypothesis import given, settings
from hypothesis import strategies as st

import kgraph
from kgraph.graph import assemble, to_networkx
from kgraph.knowledge import Knowledge
from kgraph.lexicon import normalise
from kgraph.linking import link
from kgraph.model import Entity, Graph, Listing, Reading
from kgraph.ontology import slug
from kgraph.papers import merge_papers
from kgraph.reading import Reader
from kgraph.resolving import Occurrence, resolve


def reading(reader: Reader, knowledge: Knowledge, title: str, abstract: str) -> Reading:
    return link(reader.read_paper(paper(title, abstract)), knowledge)


def names(graph: Graph) -> set[str]:
    return {entity.name for entity in graph.entities}


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_readings_does_not_matter(
    seed_readings: list[Reading], knowledge: Knowledge, shuffler: random.Random
) -> None:
    some = seed_readings[:60]
    shuffled = [*some, *some[:20]]
    shuffler.shuffle(shuffled)
    assert assemble(shuffled, knowledge) == assemble(some, knowledge)


def test_every_link_has_evidence_in_a_paper_of_the_graph(seed_graph: Graph) -> None:
    texts = {paper.id: paper.text for paper in seed_graph.papers}
    for found in seed_graph.links:
        assert found.evidence
        assert all(0 <= evidence.start < evidence.end <= len(texts[evidence.paper]) for evidence in found.evidence)
        assert found.support == len({evidence.paper for evidence in found.evidence})


def test_every_link_joins_nodes_of_the_graph_and_suits_the_ontology(seed_graph: Graph, knowledge: Knowledge) -> None:
    types = {entity.id: entity.type for entity in seed_graph.entities} | {paper.id: "Paper" for paper in seed_graph.papers}
    for found in seed_graph.links:
        relation = knowledge.ontology.relations[found.relation]
        assert types[found.head] in relation.domain
        assert types[found.tail] in relation.range


def test_one_thing_is_one_node_across_papers(seed_graph: Graph) -> None:
    keys = [(entity.type, normalise(entity.name)) for entity in seed_graph.entities if "~" not in entity.id]
    assert len(keys) == len(set(keys))
    (gsm8k,) = [entity for entity in seed_graph.entities if normalise(entity.name) == "gsm8k"]
    assert len([found for found in seed_graph.links if found.tail == gsm8k.id]) > 5


def test_long_and_short_form_are_one_thing(reader: Reader, knowledge: Knowledge) -> None:
    one = reading(reader, knowledge, "On replay", "We propose proxy-based contrastive replay (PCR). PCR is good.")
    (entity,) = [entity for entity in one.entities if "PCR" in entity.aliases]
    assert entity.name == "PCR"
    assert "proxy-based contrastive replay" in entity.aliases


def test_a_short_form_of_two_things_is_two_nodes(reader: Reader, knowledge: Knowledge) -> None:
    one = reading(reader, knowledge, "On A", "We propose zonal quick reading (ZQR).")
    other = reading(reader, knowledge, "On B", "We propose zero quiet routing (ZQR).")
    silent = reading(reader, knowledge, "On C", "We use the ZQR method.")
    found = {entity.id for entity in assemble([one, other, silent], knowledge).entities if entity.name == "ZQR"}
    assert found == {"method/zqr", "method/zqr~zero-quiet-routing", "method/zqr~zonal-quick-reading"}
    assert {entity.id for entity in assemble([one, silent], knowledge).entities if entity.name == "ZQR"} == {"method/zqr"}


def test_addresses_that_differ_only_in_a_hyphen_stay_apart(reader: Reader, knowledge: Knowledge) -> None:
    one = reading(reader, knowledge, "On A", "Code: https://github.com/a-b/c and https://github.com/ab/c.")
    assert len(one.entities) == 2


def test_members_of_a_family_lead_to_it(reader: Reader, knowledge: Knowledge) -> None:
    one = reading(reader, knowledge, "On A", "We train Llama-3.1-8B-Instruct.")
    steps = {claim.head: claim.tail for claim in one.claims if claim.relation == "variantOf"}
    at, seen = "model/llama-3.1-8b-instruct", []
    while at in steps:
        at = steps[at]
        seen.append(at)
    assert seen == ["model/llama-3.1", "model/llama-3", "model/llama"]


def test_merged_papers_keep_all_their_listings() -> None:
    one = replace(paper("A", "B"), listings=(Listing("x", 1),))
    other = replace(one, listings=(Listing("y", 2),))
    (merged,) = merge_papers([other, one])
    assert merged.listings == (Listing("x", 1), Listing("y", 2))


def test_networkx_carries_every_link_with_its_sentence(seed_graph: Graph, knowledge: Knowledge) -> None:
    view = to_networkx(seed_graph, knowledge.ontology)
    assert view.number_of_nodes() == len(seed_graph.papers) + len(seed_graph.entities)
    assert view.number_of_edges() == len(seed_graph.links)
    for *_, data in view.edges(data=True):
        assert data["sentence"]
        assert all(isinstance(value, str | int | float) for value in data.values())


def test_the_public_door_is_what_it_says() -> None:
    for name in kgraph.__all__:
        assert getattr(kgraph, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kgraph.nothing
    assert len(kgraph.build([SEEDS / "003_7b66d92a51306598.txt"]).papers) == 67


def test_two_long_forms_stay_two_whatever_else_is_called_so(knowledge: Knowledge) -> None:
    def one(name: str, long_form: str, paper_id: str, *aliases: str) -> Occurrence:
        return Occurrence(Entity(f"method/{slug(name)}", "Method", name, (name, *aliases), long_form), paper_id, False)

    found = [
        one("SELFX", "some early lean form x", "paper/a", "FOOQ"),
        one("SELFX", "simple eval line fox", "paper/b", "BARQ"),
        one("FOOQ", "", "paper/c"),
        one("BARQ", "", "paper/d"),
        one("\U0001f999", "", "paper/e"),
        one("\U0001f40d", "", "paper/f"),
    ]
    for _ in range(20):
        random.shuffle(found)
        node_of = {placed.occurrence.paper: placed.node.id for placed in resolve(found, knowledge)}
        assert node_of["paper/a"] == node_of["paper/c"] != node_of["paper/b"] == node_of["paper/d"]
        assert node_of["paper/e"] != node_of["paper/f"]
