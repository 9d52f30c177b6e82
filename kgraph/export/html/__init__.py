"""The graph as one HTML file that opens from disk: drawn by vis-network through pyvis, nothing fetched, nothing run but ours.

Text reaches the page as JSON in blocks of data and is shown as text alone; a content security policy names each script's hash.
"""

import base64
import hashlib
import json
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kgraph.export.characters import INSTEAD, LONE
from kgraph.export.html.part import Part, fitted, whole
from kgraph.export.html.payload import payload
from kgraph.knowledge import Knowledge
from kgraph.model import Graph

SCRIPTS = (
    "data",
    "state",
    "filter",
    "paths",
    "scene",
    "overlay",
    "labels",
    "draw",
    "sentences",
    "search",
    "panel",
    "legend",
    "table",
    "fragment",
    "export",
    "page",
)
"""The page's own scripts in the order in which they are read: a later one may call an earlier one as the page loads."""


def html(graph: Graph, knowledge: Knowledge) -> bytes:
    """The page of a graph, the same bytes for the same graph; of a very large one, of the part that a page holds."""
    held = replace(graph, links=tuple(graph.links), results=tuple(graph.results))  # gone through many times, without texts
    return page(whole(held), knowledge)[1]


def page(part: Part, knowledge: Knowledge) -> tuple[Part, bytes]:
    """As much of a part as a page holds, and this page."""
    return fitted(part, lambda shown: _page(shown, knowledge))


def policy() -> str:
    """The content security policy of every such page: nothing is fetched, and nothing runs but scripts whose hashes it has."""
    scripts, sheet = _sources()
    hashes = " ".join(map(hashed, scripts))
    sources = f"script-src {hashes}; style-src {hashed(sheet)}; img-src data: blob:"
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _page(part: Part, knowledge: Knowledge) -> bytes:
    from jinja2 import Environment, FunctionLoader
    from pyvis.network import Network

    blocks = payload(part, knowledge)
    network = Network(directed=True)
    network.nodes, network.edges = blocks.pop("nodes"), blocks.pop("edges")
    network.options = {"physics": {"enabled": False}}  # all else is set where the page is drawn
    scripts, sheet = _sources()
    environment = Environment(loader=FunctionLoader(_own), autoescape=True)
    environment.globals.update(scripts=scripts, sheet=sheet, policy=policy(), blocks=blocks, block=block)
    network.templateEnv = environment
    network.path = "page.html"
    return str(network.generate_html()).encode("utf-8")


@lru_cache
def _sources() -> tuple[tuple[str, ...], str]:
    """The page's scripts and its style sheet."""
    return (_vis_network(), *(_own(f"{name}.js") for name in SCRIPTS)), _own("page.css")


@lru_cache
def _own(name: str) -> str:
    return files("kgraph.export.html").joinpath(name).read_text(encoding="utf-8")


def _vis_network() -> str:
    """The vis-network script that the installed pyvis carries."""
    return files("pyvis").joinpath("lib", "vis-9.1.2", "vis-network.min.js").read_text(encoding="utf-8")


def hashed(content: str) -> str:
    """The source expression that allows one script or style sheet, by its hash."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode('utf-8')).digest()).decode('ascii')}'"


def block(value: Any) -> str:
    """A value as JSON that no HTML parser can leave early, nor any script parser misread."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(LONE.sub(INSTEAD, text))  # noqa: S704 (escaped in the lines above)
