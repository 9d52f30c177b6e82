"""`kgraph evaluate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.cli import print_table, say
from kgraph.errors import KgraphError
from kgraph.inputs import Sources

if TYPE_CHECKING:
    from kgraph.evaluate.report import Report


Gold = Annotated[Path, typer.Option("--gold", metavar="FILE", help="Annotated papers, a JSON line each.")]
Pred = Annotated[Path | None, typer.Option("--pred", metavar="FILE", help="Predictions as JSON lines [default: read now].")]
Errors = Annotated[Path | None, typer.Option("--errors", metavar="FILE", help="A file for the differences, tab-separated.")]
Floors = Annotated[
    list[str] | None, typer.Option("--min", metavar="SCORE=FLOOR", help="A floor such as micro=0.9, Task=0.8 or roles=0.85.")
]


def evaluate(sources: Sources, gold: Gold, pred: Pred = None, errors: Errors = None, least: Floors = None) -> None:
    """Compare what is read in documents with annotated papers.

    \b
    Examples:
      kgraph evaluate seeds/ --gold tests/gold/dev.jsonl
      kgraph evaluate seeds/ --gold tests/gold/dev.jsonl --errors errors.tsv --min micro=0.8
    """
    from kgraph.evaluate.report import evaluate as compare
    from kgraph.evaluate.report import read_records
    from kgraph.export.files import write_files
    from kgraph.export.jsonlines import reading_record
    from kgraph.knowledge import load_knowledge
    from kgraph.pipeline import papers_of
    from kgraph.progress import Readings

    floors = dict(_floor(text) for text in least or [])
    wanted = read_records(gold)
    knowledge = load_knowledge()
    found = (
        read_records(pred)
        if pred
        else [reading_record(reading, knowledge.ontology) for reading in Readings(papers_of(sources), knowledge)]
    )
    report = compare(found, wanted)
    _show(report)
    if errors:
        write_files({errors: "".join(f"{line}\n" for line in report.errors).encode("utf-8")})
        say(f"Wrote {errors}.")
    figures = report.figures
    if unknown := sorted(floors.keys() - figures.keys()):
        raise KgraphError(f"There is no figure {unknown[0]}; there are {', '.join(figures)}.")
    if low := [f"{name} {figures[name]:.3f} < {floor}" for name, floor in floors.items() if figures[name] < floor]:
        raise KgraphError(f"Below the floor: {', '.join(low)}.")


def _show(report: "Report") -> None:
    scores = {**report.types, "all entities": report.micro, **report.relations, "all relations": report.relation}
    rows = [
        [name, *(f"{x:.3f}" for x in (s.precision, s.recall, s.f1)), *map(str, (s.right, s.false, s.missed))]
        for name, s in {**scores, "results": report.results}.items()
    ]
    print_table(["", "precision", "recall", "F1", "right", "false", "missed"], rows)
    print(f"{report.papers} papers; roles right {report.roles.precision:.3f}; aliases found {report.aliases.recall:.3f}")
    wanted = report.micro.right + report.micro.missed
    print(f"of {wanted} things {report.split} are split, {report.merged} found things are several")
    sure = (f"{low:.2f}–{high:.2f}: {s.precision:.3f} of {s.right + s.false}" for (low, high), s in report.bins.items())
    print(f"right by confidence: {'; '.join(sure)}")


def _floor(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        return name, float(number)
    except ValueError as error:
        raise typer.BadParameter(f"expected NAME=NUMBER such as micro=0.9, but {text!r} stands there") from error
