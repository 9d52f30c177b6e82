"""What is wrong in a graph: what its shapes refuse, and what queries that must return nothing return."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kgraph.errors import DataError, SetupError
from kgraph.knowledge import Knowledge
from kgraph.ontology import PAPER
from kgraph.query import load_store, named_queries, run, table

_CHECK = "check-"


class Problem(NamedTuple):
    """What is wrong, by which check or shape, and where: ids of nodes, IRIs of foreign ones, values."""

    check: str
    what: str
    where: str


def check(path: Path, knowledge: Knowledge, with_shapes: bool = True) -> Iterator[Problem]:
    """Every problem of a graph file: first those that queries find, in a second, then those that SHACL finds, in many.

    Raises:
        DataError: the file cannot be read, or holds no paper, so that nothing would be checked.
        SetupError: pyshacl, which validates the shapes, is not installed.
    """
    store = load_store(path)
    if not run(store, f"ASK {{ ?paper a kg:{PAPER} }}", knowledge):
        raise DataError(path, None, f"the graph has no node of the class {knowledge.ontology.term(PAPER)}")
    for name, (question, text) in named_queries(knowledge).items():
        if name.startswith(_CHECK):
            for row in table(run(store, text, knowledge), knowledge)[1]:
                yield Problem(name, question, " ".join(row))
    if with_shapes:
        if path.is_dir():
            raise DataError(path, None, "the shapes are for a file; leave them out with --no-shapes")
        yield from _refused(path, knowledge)


def _refused(path: Path, knowledge: Knowledge) -> Iterator[Problem]:
    try:
        import pyshacl
    except ImportError as error:
        raise SetupError("Shapes are checked by pyshacl; install it with: pip install 'kgraph[check]'") from error
    import rdflib
    from rdflib.namespace import SH

    data = rdflib.Graph(bind_namespaces="none").parse(path)
    shapes = rdflib.Graph(bind_namespaces="none").parse(knowledge.folder / "shapes.ttl")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    things, own = knowledge.ontology.iri(""), knowledge.ontology.term("")
    problems = set()
    for found in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        parts = (report.value(found, part) for part in (SH.focusNode, SH.resultPath, SH.value))
        where = " ".join(str(part).removeprefix(things).replace(own, "kg:") for part in parts if part is not None)
        problems.add(Problem("shape", str(report.value(found, SH.resultMessage)), where))
    yield from sorted(problems)
