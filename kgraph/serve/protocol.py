"""The query side of the SPARQL 1.1 Protocol: GET, form POST and direct POST, read-only."""

from typing import TYPE_CHECKING

from kgraph.errors import LimitError, QueryError
from kgraph.knowledge import Knowledge
from kgraph.query import FORMATS, Format, answer, find_entity, render, saved_query
from kgraph.query.answers import Answer
from kgraph.query.running import Asked, is_fleeting
from kgraph.serve.web import Request, Response, fields, once, plain, preferred

if TYPE_CHECKING:
    import pyoxigraph as ox

FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_MEDIA: dict[str, Format] = {media.partition(";")[0]: form for form, (_, media) in FORMATS.items()}
_ALSO: dict[str, Format] = {"application/json": "json", "application/xml": "xml", "text/xml": "xml", "text/plain": "nt"}
STATUS = {"time": 504, "rows": 413, "process": 503}
"""The status that says which limit a query went over."""


class Refused(Exception):  # noqa: N818 (it is an answer, not a fault)
    """A request that has no answer but this."""

    def __init__(self, response: Response) -> None:
        self.response = response


def asked_of(request: Request) -> Asked:
    """The query and dataset that a request names.

    Raises:
        QueryError: there is not exactly one query, or it is no UTF-8.
        Refused: the method or media type is none that queries come by.
    """
    given = fields(request.query)
    content = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    direct = []
    if request.method == "POST" and content == FORM:
        given = given + fields(_text(request.body))
    elif request.method == "POST" and content == DIRECT:
        direct = [_text(request.body)]
    elif request.method == "POST" and content == UPDATE:
        raise Refused(plain(403, "The graph is read-only: updates are refused."))
    elif request.method == "POST":
        raise Refused(plain(415, f"A query is posted as {FORM} or {DIRECT}."))
    elif request.method not in ("GET", "HEAD"):
        raise Refused(plain(405, "A query comes by GET or POST.", ("allow", "GET, HEAD, POST")))
    values = {name: [value for key, value in given if key == name] for name, _ in given}
    if "update" in values:
        raise Refused(plain(403, "The graph is read-only: updates are refused."))
    texts = direct + values.get("query", [])
    if len(texts) != 1:
        raise QueryError("The request has no query." if not texts else "The request has more than one query.")
    default, named = (tuple(values.get(f"{kind}-graph-uri", ())) for kind in ("default", "named"))
    return Asked(texts[0], "", default, named, f"http://{request.headers.get('host', 'localhost')}/sparql")


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError("The request is no UTF-8.") from error


def respond(request: Request, asked: Asked, store: "ox.Store", knowledge: Knowledge, rows: int) -> Response:
    """The answer to a query in the format that the client likes most; `format=` in the query string overrides it."""
    found = answer(store, asked, knowledge, rows)
    form = _form(request, found)
    if form is None:
        offered = ", ".join(media for media, name in _MEDIA.items() if found.kind in FORMATS[name][0])
        return plain(406, f"The answer can be had as {offered}.")
    headers: tuple[tuple[str, str], ...] = (("content-type", FORMATS[form][1]), ("x-rows", str(found.rows)))
    if dict(fields(request.query)).get("download"):
        headers += (("content-disposition", f'attachment; filename="answer.{form}"'),)
    response = Response(200, headers, render(found, form, knowledge))
    return once(response) if is_fleeting(asked.text) else response


def _form(request: Request, found: Answer) -> Format | None:
    named = dict(fields(request.query)).get("format")
    for form, (kinds, _) in FORMATS.items():
        if form == named and found.kind in kinds:
            return form
    offered = {media: form for media, form in {**_MEDIA, **_ALSO}.items() if found.kind in FORMATS[form][0]}
    liked = preferred(request.headers.get("accept", ""), tuple(offered))
    return offered[liked] if liked else None


def saved(request: Request, name: str, store: "ox.Store", knowledge: Knowledge) -> Asked:
    """A saved query, about the thing that `entity=` names if it is given.

    Raises:
        QueryError: there is no such query, parameter or thing.
    """
    given = dict(fields(request.query))
    foreign = sorted(given.keys() - {"entity", "format", "download"})
    if foreign:
        raise QueryError("A saved query takes the parameters entity, format and download only.")
    text = saved_query(name, knowledge)
    return Asked(text, find_entity(store, given["entity"], knowledge) if given.get("entity") else "")


def refusal(error: QueryError) -> Response:
    """The sentence of an error and the place it shows, with the status that fits."""
    status = STATUS[error.limit] if isinstance(error, LimitError) else 400
    return plain(status, "\n".join(filter(None, [str(error), error.excerpt])))


def negotiated(request: Request, *offered: str) -> str | None:
    """The media type of those offered that the request likes most."""
    return preferred(request.headers.get("accept", ""), offered)
