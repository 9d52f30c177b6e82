"""Questions page by page, and their answers kept as they came, each with the question, the address and the time beside it.

A folder holds the answers to one query, which `kgraph build` reads, and `PROVENANCE`, which it does not: a JSON line for each
answer. What stands there is not asked for again, so that a run that was stopped goes on where it was.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from kgraph.export.files import write_files
from kgraph.fetch.asking import Client, Rest, rest
from kgraph.fetch.services import MOST_ON_A_PAGE, SERVICES, Query, Service

PROVENANCE = "PROVENANCE"


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: its file ("" if it holds no record), what was asked, where and when (UTC), and what it holds.

    `url` is the whole question but for the asker's mail address and key; `next` is the place where the next answer begins.
    """

    file: str
    service: str
    query: str
    since: str
    filter: str
    order: str
    url: str
    time: str
    agent: str
    sha256: str
    bytes: int
    records: int
    total: int
    next: str


def folder_of(query: Query, below: Path, address: str = "") -> Path:
    """The folder of a query's answers: some of its words, and the beginning of its hash."""
    key = json.dumps([address or SERVICES[query.service].address, *asdict(query).values()])
    words = "-".join(re.findall(r"[a-z0-9]+", f"{query.text} {query.filter}".lower()))[:40].strip("-")
    name = "-".join(filter(None, (query.service, words, hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()[:8])))
    return below / name


def fetch(
    query: Query,
    below: Path,
    most: int,
    *,
    address: str = "",
    mailto: str = "",
    pause: float | None = None,
    again: bool = False,
    rest: Rest = rest,
) -> Iterator[Kept]:
    """The answers to a query as they are there, those of an earlier run first, until they hold so many records or all.

    `again` asks for everything anew. OpenAlex's key is read from `OPENALEX_API_KEY`.

    Raises:
        DataError: a service cannot be reached or refuses, or a file cannot be written; what was fetched stays.
        SetupError: what asks is not installed.
    """
    service, folder = SERVICES[query.service], folder_of(query, below, address)
    client = Client(_agent(mailto), service.pause if pause is None else pause, _secret(query.service, mailto), rest)
    known = [] if again else list(_known(folder))
    yield from known
    have, place = sum(one.records for one in known), known[-1].next if known else ""
    while have < most and (place or not known):
        one = _asked(query, service, client, address or service.address, place, min(MOST_ON_A_PAGE, most - have), known, folder)
        known.append(one)
        have, place = have + one.records, one.next
        yield one
    _remove_others(folder, known)


def _asked(
    query: Query, service: Service, client: Client, address: str, place: str, most: int, known: list[Kept], folder: Path
) -> Kept:
    """One more answer, written beside those that are known."""
    parameters = service.parameters(query, place, most)
    asked = datetime.now(UTC).isoformat(timespec="seconds")
    content, page = client.ask(address, parameters, lambda content: service.page(content, place))
    file = f"{len(known) + 1:05}{service.suffix}" if page.records else ""
    one = Kept(
        file, query.service, query.text, query.since, query.filter, query.order, f"{address}?{urlencode(parameters)}", asked,
        client.agent.partition(" (")[0], hashlib.sha256(content).hexdigest(), len(content), *page,
    )  # fmt: skip
    lines = "".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in (*known, one))
    files = {folder / file: content} if file else {}
    write_files({**files, folder / PROVENANCE: lines.encode("utf-8", "backslashreplace")})
    return one


def _known(folder: Path) -> Iterator[Kept]:
    """The answers of earlier runs, up to the first that is not there or not as it was."""
    try:
        lines = (folder / PROVENANCE).read_text(encoding="utf-8").strip("\n").split("\n")
    except (OSError, UnicodeDecodeError):
        return
    names = {field.name for field in fields(Kept)}
    for line in lines:
        try:
            row = json.loads(line)
            one = Kept(**{name: row[name] for name in names})
            content = (folder / one.file).read_bytes() if one.file else None
        except (ValueError, TypeError, KeyError, OSError):
            return
        if content is not None and hashlib.sha256(content).hexdigest() != one.sha256:
            return
        yield one


def _remove_others(folder: Path, known: list[Kept]) -> None:
    """Take out the answers of a longer earlier run that these replace."""
    files = {one.file for one in known}
    for path in folder.glob("[0-9]" * 5 + ".*"):
        if path.name not in files:
            with suppress(OSError):
                path.unlink()


def _agent(mailto: str) -> str:
    from kgraph import __version__

    return f"kgraph/{__version__}" + (f" (mailto:{mailto})" if mailto else "")


def _secret(service: str, mailto: str) -> Mapping[str, str]:
    """What goes into a question beside it: the mail address and the key that OpenAlex knows the asker by."""
    if service != "openalex":
        return {}
    known = {"mailto": mailto, "api_key": os.environ.get("OPENALEX_API_KEY", "")}
    return {name: value for name, value in known.items() if value}
