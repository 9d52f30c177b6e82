"""One page that says what a graph holds: static, offline, without a script, each number with the query that gives it."""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.answers.opening import View, open_view
from kgraph.answers.report.drawing import drawn
from kgraph.answers.report.figures import Figures
from kgraph.answers.report.groups import groups
from kgraph.export.html import hashed
from kgraph.export.measures import measures
from kgraph.knowledge import Knowledge
from kgraph.query import named_queries

if TYPE_CHECKING:
    import pyoxigraph as ox

_QUERIES = ("report-classes", "report-relations", "report-things", "get-benchmarks-with", "report-families", "report-code")


def report(path: Path, knowledge: Knowledge) -> bytes:
    """The page of a graph file, the same bytes for the same graph.

    Raises:
        DataError: the file is no graph of ours.
    """
    view, store = open_view(path, knowledge)
    return page(view, store)


def page(view: View, store: "ox.Store") -> bytes:
    """The page of a graph and of the store that it was read from."""
    from jinja2 import Environment, PackageLoader

    sheet = files("kgraph.answers.report").joinpath("page.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=PackageLoader("kgraph.answers.report", "."), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    policy = f"default-src 'none'; style-src {hashed(sheet)}; base-uri 'none'; form-action 'none'"
    content = environment.get_template("page.html").render(sheet=sheet, policy=policy, **_content(view, store))
    return content.encode("utf-8", "replace")


def _content(view: View, store: "ox.Store") -> dict[str, Any]:
    figures, found = Figures(view, store), measures(view.graph)
    return {
        "totals": figures.totals(),
        "types": figures.types(),
        "bars": [(title, figures.named(cls)) for title, cls in view.settings["report"]["bars"]],
        "together": figures.together(),
        "families": figures.families(),
        "code": figures.code(),
        "drawing": drawn(view, found),
        "groups": groups(view, found),
        "queries": [(name, *named_queries(view.knowledge)[name]) for name in _QUERIES],
    }
