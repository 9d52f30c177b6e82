"""The graph as one HTML file that opens from disk: drawn by vis-network through pyvis, nothing fetched, nothing run but ours.

Text reaches the page as JSON in a data block and is shown as text alone; a content security policy names the hash of each script.
"""

import base64
import hashlib
import json
import tomllib
from collections import Counter
from importlib.resources import files
from typing import Any

from kgraph.export.html.part import Part, fitted, whole
from kgraph.export.layout import layout
from kgraph.knowledge import Knowledge
from kgraph.model import Graph
from kgraph.ontology import PAPER


def html(graph: Graph, knowledge: Knowledge) -> bytes:
    """The page of a graph, the same bytes for the same graph."""
    return page(whole(graph), knowledge)[1]


def page(part: Part, knowledge: Knowledge) -> tuple[Part, bytes]:
    """As much of a part as a page holds, and this page."""
    return fitted(part, lambda shown: _page(shown, knowledge))


def _page(part: Part, knowledge: Knowledge) -> bytes:
    from jinja2 import Environment, PackageLoader
    from pyvis.network import Network

    graph = part.graph
    style = tomllib.loads((knowledge.folder / "style.toml").read_text(encoding="utf-8"))["classes"]
    network = Network(directed=True)
    network.nodes, network.edges = _nodes(graph, style), _edges(graph)
    network.options = {"physics": {"enabled": False}}  # all else is set where the page is drawn
    environment = Environment(loader=PackageLoader("kgraph.export.html", "."), autoescape=True)
    scripts = [_vis_network(), _own("page.js")]
    sheet = _own("page.css")
    environment.globals.update(
        scripts=scripts,
        sheet=sheet,
        policy=_policy(scripts, sheet),
        counts=_counts(graph, style),
        texts={paper.id: paper.text for paper in graph.papers},
        relations={name: relation.label for name, relation in knowledge.ontology.relations.items()},
        part={"rule": part.rule, "nodes": part.nodes, "statements": part.statements} if part.rule else None,
        block=_block,
    )
    network.templateEnv = environment
    network.path = "page.html"
    return str(network.generate_html()).encode("utf-8")


def _nodes(graph: Graph, style: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    pairs = [(link.head, link.tail) for link in graph.links]
    degree = Counter(end for pair in pairs for end in pair)
    named = [(paper.id, PAPER, paper.title, [listing.file for listing in paper.listings]) for paper in graph.papers]
    named += [(entity.id, entity.type, entity.name, list(entity.aliases)) for entity in graph.entities]
    places = layout([node for node, *_ in named], pairs, {entity.id: entity.name for entity in graph.entities})
    return [
        {
            "id": node,
            "type": cls,
            "name": name,
            "also": sorted(set(also) - {name}),
            "degree": degree[node],
            "x": places[node][0],
            "y": places[node][1],
            "shape": style[cls]["shape"],
            "color": style[cls]["colour"],
        }
        for node, cls, name, also in named
    ]


def _edges(graph: Graph) -> list[dict[str, Any]]:
    return [
        {
            "from": link.head,
            "to": link.tail,
            "relation": link.relation,
            "support": link.support,
            "belief": round(link.belief, 2),
            "evidence": [[e.paper, e.start, e.end, e.rule, e.confidence] for e in link.evidence],
        }
        for link in graph.links
    ]


def _counts(graph: Graph, style: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    counted = Counter(entity.type for entity in graph.entities)
    counted[PAPER] = len(graph.papers)
    return [{"type": cls, "count": counted[cls], **look} for cls, look in style.items() if counted[cls]]


def _own(name: str) -> str:
    return files("kgraph.export.html").joinpath(name).read_text(encoding="utf-8")


def _vis_network() -> str:
    """The vis-network script that the installed pyvis carries."""
    return files("pyvis").joinpath("lib", "vis-9.1.2", "vis-network.min.js").read_text(encoding="utf-8")


def _policy(scripts: list[str], sheet: str) -> str:
    hashes = " ".join(_hash(script) for script in scripts)
    sources = f"script-src {hashes}; style-src {_hash(sheet)}; img-src data: blob:"
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode('utf-8')).digest()).decode('ascii')}'"


def _block(value: Any) -> str:
    """A value as JSON that no HTML parser can leave early, nor any script parser misread."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text.encode("utf-8", "replace").decode("utf-8"))  # noqa: S704 (escaped in the lines above)
