"""Graph file → a triple store: by the SPARQL 1.1 Graph Store Protocol, else by SPARQL 1.1 Update.

The triples are sent in chunks, always cut the same way. Sending one twice changes nothing, for a graph is a set and has no blank
nodes. Which have arrived is noted beside the graph file until all have, so that a push that was stopped goes on where it was.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlsplit

from kgraph.errors import DataError, SetupError
from kgraph.export.files import write_files
from kgraph.push.addresses import refuse_secrets
from kgraph.query import load_store

if TYPE_CHECKING:
    import requests

Protocol = Literal["auto", "store", "update"]
CHUNK = 10_000
"""Triples in a chunk."""
_REFUSED = frozenset({400, 404, 405, 406, 415, 501})
"""What a service answers that does not speak the Graph Store Protocol."""
_BUSY = (429, 502, 503, 504)
_SECONDS = (10, 300)
_SHOWN = 200


class Target(NamedTuple):
    """Where to: the address of the service, the graph there ("" is the default graph), and how it is spoken to."""

    endpoint: str
    graph: str = ""
    protocol: Protocol = "auto"


class Progress(NamedTuple):
    """How far a push is: chunks that have arrived, of all, and triples in them all."""

    done: int
    chunks: int
    triples: int


def push(path: Path, target: Target, *, replace: bool = False, again: bool = False) -> Iterator[Progress]:
    """Send the triples of a graph file, and say after each chunk how far it is.

    With `replace` the graph there is emptied first; with `again` what was sent before is sent anew.

    Raises:
        DataError: the file is no graph, the address is none, or the service cannot be reached or refuses.
        SetupError: requests is not installed.
    """
    _check(target)
    triples = sorted(f"{triple} ." for triple in {quad.triple for quad in load_store(path)})
    chunks = ["\n".join(triples[first : first + CHUNK]) + "\n" for first in range(0, len(triples), CHUNK)]
    notes = _Notes(path, target, chunks, replace=replace)
    done = 0 if again else notes.done()
    service = _Service(target)
    if replace and not done:
        service.empty()
    yield Progress(done, len(chunks), len(triples))
    for number in range(done, len(chunks)):
        service.add(chunks[number])
        notes.note(number + 1)
        yield Progress(number + 1, len(chunks), len(triples))
    notes.forget()


def _check(target: Target) -> None:
    refuse_secrets(target.endpoint)
    if target.graph and (not urlsplit(target.graph).scheme or any(char in target.graph for char in ' <>"{}|^`\\')):
        raise DataError(target.graph, None, "expected the IRI of a graph, such as https://example.org/papers")


class _Notes:
    """What has arrived, in a file beside the graph that is there only while a push is not done."""

    def __init__(self, path: Path, target: Target, chunks: Sequence[str], *, replace: bool) -> None:
        where = hashlib.sha256(f"{target.endpoint}\n{target.graph}".encode()).hexdigest()[:8]
        self._path = path.with_name(f".{path.name}.{where}.pushed")
        content = hashlib.sha256("".join(chunks).encode()).hexdigest()
        self._of = {"endpoint": target.endpoint, "graph": target.graph, "content": content, "replace": replace, "chunk": CHUNK}

    def done(self) -> int:
        """How many chunks of just this push have arrived."""
        with suppress(OSError, ValueError, AttributeError):
            noted = json.loads(self._path.read_text(encoding="utf-8"))
            if {key: noted.get(key) for key in self._of} == self._of:
                return int(noted["done"])
        return 0

    def note(self, done: int) -> None:
        write_files({self._path: json.dumps({**self._of, "done": done}).encode()})

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)


class _Service:
    """One service, spoken to in the way that it understands."""

    def __init__(self, target: Target) -> None:
        self._target, self._is_store = target, target.protocol != "update"
        self._is_sure = target.protocol != "auto"
        self._session = _session()

    def empty(self) -> None:
        """Take out all that the graph there holds."""
        if not self._is_sure:
            self.add("")  # which changes nothing, and tells how the service is spoken to
        name = f"GRAPH <{self._target.graph}>" if self._target.graph else "DEFAULT"
        self._said(lambda: self._ask("DELETE", fine=(404,)), lambda: self._update(f"CLEAR SILENT {name}"))

    def add(self, lines: str) -> None:
        """Add triples, given as N-Triples."""
        inside = f"GRAPH <{self._target.graph}> {{\n{lines}}}\n" if self._target.graph else lines
        self._said(lambda: self._ask("POST", lines, "application/n-triples"), lambda: self._update(f"INSERT DATA {{\n{inside}}}"))

    def _said(self, to_store: Callable[[], "requests.Response"], as_update: Callable[[], "requests.Response"]) -> None:
        """Ask in the first way, and, where the service does not know it, in the second from then on."""
        if self._is_store:
            answer = to_store()
            if answer.ok or self._is_sure or answer.status_code not in _REFUSED:
                self._is_sure = True
                self._hold(answer)
                return
            store, self._is_store = answer, False
            answer = as_update()
            if answer.status_code in _REFUSED:
                raise DataError(
                    self._target.endpoint,
                    None,
                    f"is no Graph Store ({_words(store)}) and takes no SPARQL Update ({_words(answer)}); "
                    "give the address of one of the two, such as http://localhost:7878/store",
                )
            self._is_sure = True
            self._hold(answer)
        else:
            self._hold(as_update())

    def _hold(self, answer: "requests.Response") -> None:
        if answer.is_redirect:
            raise DataError(self._target.endpoint, None, f"has moved to {answer.headers.get('Location', '?')}; push there")
        if not answer.ok:
            raise DataError(self._target.endpoint, None, f"answers {_words(answer)}; the same command goes on from here")

    def _ask(self, method: str, content: str = "", kind: str = "", fine: tuple[int, ...] = ()) -> "requests.Response":
        which = {"graph": self._target.graph} if self._target.graph else {"default": ""}
        answer = self._send(method, content, kind, which)
        if answer.status_code in fine:
            answer.status_code = 204
        return answer

    def _update(self, text: str) -> "requests.Response":
        return self._send("POST", text, "application/sparql-update", {})

    def _send(self, method: str, content: str, kind: str, parameters: dict[str, str]) -> "requests.Response":
        import requests

        headers = {"Content-Type": f"{kind}; charset=utf-8" if kind == "application/n-triples" else kind} if kind else {}
        try:
            return self._session.request(
                method,
                self._target.endpoint,
                params=parameters,
                data=content.encode("utf-8") or None,
                headers=headers,
                timeout=_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            reason = f"cannot be reached ({type(error).__name__}); the same command goes on from here"
            raise DataError(self._target.endpoint, None, reason) from error


def _session() -> "requests.Session":
    """Asks again when the service is busy. A name and password come from the environment, else from ~/.netrc."""
    try:
        import requests
        from requests.adapters import HTTPAdapter
        from requests.auth import HTTPBasicAuth
        from urllib3.util import Retry
    except ImportError as error:
        raise SetupError("kgraph push needs requests; install it with: pip install 'kgraph[push]'") from error
    session = requests.Session()
    patient = HTTPAdapter(
        max_retries=Retry(5, connect=1, backoff_factor=0.5, status_forcelist=_BUSY, allowed_methods=None, raise_on_status=False)
    )
    session.mount("http://", patient)
    session.mount("https://", patient)
    if token := os.environ.get("KGRAPH_PUSH_TOKEN"):
        session.auth = _Bearer(token)
    elif name := os.environ.get("KGRAPH_PUSH_USER"):
        session.auth = HTTPBasicAuth(name.encode(), os.environ.get("KGRAPH_PUSH_PASSWORD", "").encode())
    return session


class _Bearer:
    """Signs a question with a token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, question: "requests.PreparedRequest") -> "requests.PreparedRequest":
        question.headers["Authorization"] = f"Bearer {self._token}"
        return question


def _words(answer: "requests.Response") -> str:
    """What the service says, in one line."""
    said = " ".join(answer.text.split())[:_SHOWN]
    return f"{answer.status_code}: {said}" if said else str(answer.status_code)
