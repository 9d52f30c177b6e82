"""Which request gets which response: a pure function of the request and the graph, run in a worker."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from kgraph import __version__
from kgraph.errors import DataError, QueryError
from kgraph.export.html import hashed, policy
from kgraph.knowledge import Knowledge
from kgraph.query import FORMATS, Format, load_store, named_queries, render, used_terms
from kgraph.query.answers import Answer
from kgraph.query.running import is_fleeting
from kgraph.serve import pages
from kgraph.serve.description import Held, describe, held_by
from kgraph.serve.near import near, near_page
from kgraph.serve.protocol import Refused, asked_of, negotiated, refusal, respond, saved
from kgraph.serve.things import Name, names_of, triples_of
from kgraph.serve.web import POLICY, Request, Response, fields, finished, once, page, plain, see, unpacked_request

if TYPE_CHECKING:
    import pyoxigraph as ox

_HTML = "text/html"
_GRAPHS: Mapping[str, Format] = {media.partition(";")[0]: form for form, (kinds, media) in FORMATS.items() if "triples" in kinds}


@dataclass(frozen=True)
class Site:
    """A graph with what its pages need: names to search in, terms in use, the rows an answer may have, its content's tag."""

    store: "ox.Store"
    knowledge: Knowledge
    names: tuple[Name, ...]
    terms: Mapping[str, int]
    held: Held
    rows: int
    tag: str

    def handle(self, message: bytes) -> bytes:
        """The packed response to a packed request."""
        request = unpacked_request(message)
        return finished(request, self.respond(request), self.tag).packed()

    def respond(self, request: Request) -> Response:
        """The response to a request."""
        first, _, rest = request.path.strip("/").partition("/")
        route = _ROUTES.get(first)
        try:
            if route is None or (rest and first not in _DEEP):
                return _missing(self, request)
            if request.method not in ("GET", "HEAD") and first != "sparql":
                return plain(405, "This is read by GET.", ("allow", "GET, HEAD"))
            return route(self, request, rest)
        except Refused as refused:
            return refused.response
        except DataError:  # from a graph that is not ours
            return _missing(self, request)
        except QueryError as error:
            if first != "sparql" and negotiated(request, "text/plain", _HTML) == _HTML:
                return page(pages.problem(self, str(error)), refusal(error).status)
            return refusal(error)


def open_site(graph: Path, knowledge: Knowledge, rows: int) -> Site:
    """The site of a graph file or store.

    Raises:
        DataError: it cannot be read.
    """
    store = load_store(graph)
    files = sorted(graph.glob("*")) if graph.is_dir() else [graph]
    digest = hashlib.sha256(__version__.encode())
    for file in files:
        digest.update(file.read_bytes() if file.is_file() else b"")
    names, terms, held = names_of(store, knowledge), used_terms(store, knowledge), held_by(store, knowledge)
    site = Site(store, knowledge, names, terms, held, rows, digest.hexdigest()[:16])
    _prepare(site)
    return site


def _prepare(site: Site) -> None:
    """Read now what is read from files: a worker can open none."""
    _ = site.knowledge.lexicon
    saved = next(iter(named_queries(site.knowledge)))
    things = [f"/{room}/{name.id}" for name in site.names[:1] for room in ("id", "view")]
    wrong = [f"/ask?query={quote(text)}" for text in ("SELEC", "ASK { ?x a kg:Nothing }", "CONSTRUCT WHERE { ?s ?p ?o }")]
    paths = ("/", "/ask", "/search", "/queries", f"/queries/{saved}", "/style.css", "/icon.svg", "/nothing", "/.well-known/void")
    for address in (*paths, *things, *wrong):
        for accept in (_HTML, "application/ld+json"):
            path, _, query = address.partition("?")
            site.respond(Request("GET", path, query, {"accept": accept, "host": "localhost"}))


def _missing(site: Site, request: Request) -> Response:
    if negotiated(request, "text/plain", _HTML) == _HTML:
        return page(pages.problem(site, "There is nothing at this address."), 404)
    return plain(404, "There is nothing at this address.")


def _sparql(site: Site, request: Request, rest: str) -> Response:
    names = {name for name, _ in fields(request.query)}
    if request.method in ("GET", "HEAD") and not names & {"query", "update"}:
        if negotiated(request, *_GRAPHS, _HTML) == _HTML:
            return see("/ask")
        return _described(site, request, rest)
    return respond(request, asked_of(request), site.store, site.knowledge, site.rows)


def _described(site: Site, request: Request, _: str) -> Response:
    origin = f"http://{request.headers.get('host', 'localhost')}"
    return _graph(site, request, describe(site.held, site.knowledge, origin, site.tag))


def _graph(site: Site, request: Request, triples: bytes) -> Response:
    """Triples in the format that the client likes most."""
    media = negotiated(request, *_GRAPHS, _HTML)
    if media is None:
        return plain(406, f"This can be had as {', '.join(_GRAPHS)}.")
    form = _GRAPHS.get(media, "ttl")
    content = render(Answer("triples", triples, triples.count(b"\n"), 0.0), form, site.knowledge)
    return Response(200, (("content-type", FORMATS[form][1]),), content)


def _well_known(site: Site, request: Request, rest: str) -> Response:
    return _described(site, request, "") if rest == "void" else _missing(site, request)


def _queries(site: Site, request: Request, name: str) -> Response:
    if not name:
        return page(pages.queries(site))
    if name not in named_queries(site.knowledge):
        return _missing(site, request)
    asked = saved(request, name, site.store, site.knowledge)
    if negotiated(request, "application/sparql-results+json", _HTML) == _HTML and not _wants_file(request):
        return page(pages.answered(site, asked, name))
    return respond(request, asked, site.store, site.knowledge, site.rows)


def _wants_file(request: Request) -> bool:
    return any(name in ("format", "download") for name, _ in fields(request.query))


def _thing(site: Site, request: Request, path: str) -> Response:
    iri = site.knowledge.ontology.iri(path)
    triples = triples_of(site.store, iri) if path and not set('<>"{}|\\^` ') & set(path) else b""
    if not triples:
        return _missing(site, request)
    if negotiated(request, *_GRAPHS, _HTML) == _HTML:
        return page(pages.thing(site, iri))
    return _graph(site, request, triples)


def _view(site: Site, request: Request, path: str) -> Response:
    if not any(name.id == path for name in site.names):
        return _missing(site, request)
    graph = near(site.store, site.knowledge.ontology.iri(path), site.knowledge)
    content = near_page(graph, site.knowledge, *site.held.size)
    return page(content, policy=f"{policy()}; frame-ancestors 'none'")


def _own(name: str, media: str, _: Site, __: Request, ___: str) -> Response:
    return Response(200, (("content-type", media),), pages.own(name).encode())


def _asked(site: Site, request: Request, rest: str) -> Response:
    response = _shown(pages.ask, site, request, rest)
    allowed = f"{POLICY}; script-src {hashed(pages.own('ask.js'))}"
    return response._replace(headers=tuple((name, allowed if value == POLICY else value) for name, value in response.headers))


def _shown(show: Callable[[Site, Mapping[str, str]], tuple[int, str]], site: Site, request: Request, _: str) -> Response:
    given = dict(fields(request.query))
    status, content = show(site, given)
    shown = page(content, status)
    return once(shown) if is_fleeting(given.get("query", "")) else shown


_DEEP = ("id", "view", "queries", ".well-known")
_ROUTES: Mapping[str, Callable[[Site, Request, str], Response]] = {
    "": partial(_shown, pages.home),
    "search": partial(_shown, pages.searched),
    "ask": _asked,
    "sparql": _sparql,
    "queries": _queries,
    "id": _thing,
    "view": _view,
    "style.css": partial(_own, "style.css", "text/css; charset=utf-8"),
    "icon.svg": partial(_own, "icon.svg", "image/svg+xml"),
    ".well-known": _well_known,
}
