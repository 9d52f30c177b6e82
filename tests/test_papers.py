import random
from dataclasses import replace

from conftest import paper

from kgraph.graph import assemble
from kgraph.knowledge import Knowledge
from kgraph.linking import link
from kgraph.model import Listing, Paper
from kgraph.papers import merge_papers, of_one_title
from kgraph.reading import Reader
from kgraph.relating import relate
from kgraph.sources.identity import paper_id

TEXT = "We propose QuorpNet, a framework for quorping that reaches better results than earlier systems."
OTHER = "Whales migrate along coasts where plankton gathers every spring, which ships rarely disturb."


def listed(one: Paper, file: str, identifier: str = "") -> Paper:
    return replace(one, id=paper_id(one.title, identifier), listings=(Listing(file, 1),), identifier=identifier)


def test_one_title_and_nearly_one_text_is_one_paper() -> None:
    one, other = listed(paper("A Title", TEXT), "a"), listed(paper("a title!", TEXT + " Code follows."), "b")
    (merged,) = merge_papers([one, other])
    assert [listing.file for listing in merged.listings] == ["a", "b"]


def test_an_abstract_cut_short_is_of_the_same_paper_and_the_whole_one_is_kept() -> None:
    (merged,) = merge_papers([paper("A", TEXT), paper("A", TEXT[:40] + "…"), paper("A", "")])
    assert merged.abstract == TEXT
    stub = listed(paper("A", "TBA"), "b", "doi:10.1/x")
    (merged,) = merge_papers([paper("A", TEXT), stub])
    assert (merged.abstract, merged.identifier) == (TEXT, "doi:10.1/x")


def test_a_text_that_says_nothing_joins_no_two_papers() -> None:
    assert len(merge_papers([paper("A", TEXT), paper("A", OTHER), paper("A", ""), paper("A", "TBA")])) == 2


def test_one_title_of_two_texts_is_two_papers_and_said_so() -> None:
    found = merge_papers([paper("A", TEXT), paper("A", OTHER)])
    assert len({one.id for one in found}) == 2
    assert of_one_title(found) == found
    assert of_one_title(merge_papers([paper("A", TEXT), paper("B", OTHER)])) == []


def test_one_identifier_is_one_paper_whatever_its_title() -> None:
    found = merge_papers([listed(paper("A", TEXT), "a", "arxiv:2401.01234"), listed(paper("B", OTHER), "b", "arxiv:2401.01234")])
    assert [one.id for one in found] == ["paper/arxiv/2401.01234"]


def test_an_arxiv_id_and_a_doi_of_one_title_are_one_paper_two_arxiv_ids_are_not() -> None:
    arxiv, doi, second = (listed(paper("A", TEXT), name, name) for name in ("arxiv:2401.01234", "doi:10.1/x", "arxiv:2402.01234"))
    assert len(merge_papers([arxiv, doi, paper("A", TEXT)])) == 1
    assert len(merge_papers([arxiv, second])) == 2


def test_the_order_of_papers_does_not_matter() -> None:
    papers = [
        listed(paper("A", text), f"{number}", identifier)
        for number, (text, identifier) in enumerate(
            [(TEXT, ""), (OTHER, ""), (TEXT + " More.", "doi:10.1/x"), ("", "arxiv:2401.00001")]
        )
    ]
    found = set()
    for _ in range(20):
        random.shuffle(papers)
        found.add(tuple(merge_papers(papers)))
    assert len(found) == 1


def test_readings_of_separate_runs_unite_as_if_read_together(reader: Reader, knowledge: Knowledge) -> None:
    papers = [listed(paper("A", TEXT), "a"), listed(paper("A", TEXT), "b", "doi:10.1/x"), listed(paper("A", OTHER), "c")]
    papers += [listed(paper("B", TEXT), "a"), listed(paper("B", TEXT), "b")]

    def read(some: list[Paper]) -> list[object]:
        return [relate(link(reader.read_paper(one), knowledge), knowledge) for one in merge_papers(some)]

    apart = [reading for one in papers for reading in read([one])]
    assert assemble(apart, knowledge) == assemble(read(papers), knowledge)
