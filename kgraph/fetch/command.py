"""The command that asks arXiv or OpenAlex for records and keeps the answers for `kgraph build`."""

import os
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from kgraph.cli import say
from kgraph.inputs import Since, is_date

Service = Annotated[Literal["arxiv", "openalex"], typer.Argument(metavar="SERVICE", help="Which API to ask: arxiv or openalex.")]
Asked = Annotated[str, typer.Argument(metavar="QUERY", help="What to ask for, in the service's own words.")]
Below = Annotated[Path, typer.Option("--output", "-o", metavar="PATH", help="The folder below which the answers are kept.")]
Most = Annotated[int, typer.Option("--most", "-n", metavar="N", min=1, help="How many records at most.")]
First = Annotated[Literal["newest", "oldest", "relevance"], typer.Option("--first", help="Which come first.")]
Filter = Annotated[str, typer.Option("--filter", metavar="FILTER", help="OpenAlex's filter, such as type:article,language:en.")]
Mail = Annotated[
    str, typer.Option(metavar="ADDRESS", envvar="KGRAPH_MAILTO", help="Your mail address, for the service to reach you.")
]
Again = Annotated[bool, typer.Option("--again", help="Ask anew for what is there already.")]
Address = Annotated[str, typer.Option(metavar="URL", help="The address of a mirror [default: the service's own].")]
Pause = Annotated[
    float | None, typer.Option(metavar="SECONDS", min=0, help="Seconds between two questions [default: 3 arXiv, 1 OpenAlex].")
]


def fetch(
    service: Service,
    query: Asked,
    output: Below = Path("fetched"),
    most: Most = 100,
    since: Since = "",
    first: First = "newest",
    filter: Filter = "",  # noqa: A002 (the word of OpenAlex and of the command line)
    mailto: Mail = "",
    again: Again = False,
    url: Address = "",
    pause: Pause = None,
) -> None:
    """Ask arXiv or OpenAlex for records. Politely; the raw answers are kept for kgraph build.

    What was fetched before is not asked for again, and a run that was stopped goes on where it was. The question, its address and
    its time stand in PROVENANCE beside the answers. OpenAlex takes a key from OPENALEX_API_KEY.

    \b
    Examples:
      kgraph fetch arxiv 'cat:cs.CL AND abs:"chain of thought"' -n 300
      kgraph fetch openalex 'chain of thought' --since 2024 --mailto you@example.org
    """
    from kgraph.fetch.fetching import fetch as answers
    from kgraph.fetch.fetching import folder_of
    from kgraph.fetch.services import SERVICES, Query

    _check(service, query, since, filter, url, pause, SERVICES[service].pause)
    asked = Query(service, query, since, filter, first)
    if service == "openalex" and not (mailto or os.environ.get("OPENALEX_API_KEY")):
        say("OpenAlex answers sooner and more to those it knows: give --mailto, and a free key in OPENALEX_API_KEY.")
    have = 0
    for one in answers(asked, output, most, address=url, mailto=mailto, pause=pause, again=again, rest=_rest):
        have += one.records
        say(f"{SERVICES[service].name}: {have:,} of {min(most, one.total):,} records ({one.total:,} match).")
    folder = folder_of(asked, output, url)
    say(f"Kept in {folder}; read them: kgraph build {folder}" if have else "No record matches.")


def _check(service: str, query: str, since: str, filters: str, url: str, pause: float | None, polite: float) -> None:
    """Raises typer.BadParameter with what is wrong in the arguments."""
    try:
        f"{query}{filters}{url}".encode()
    except UnicodeEncodeError as error:
        raise typer.BadParameter("expected UTF-8 text", param_hint="QUERY") from error
    if not query.strip() and not (service == "openalex" and filters):
        raise typer.BadParameter("expected what to ask for, but nothing stands there", param_hint="QUERY")
    if since and not is_date(since):
        sentence = f"expected a date such as 2024, 2024-01 or 2024-01-31, but “{since}” stands there"
        raise typer.BadParameter(sentence, param_hint="--since")
    if filters and service != "openalex":
        raise typer.BadParameter(
            "only OpenAlex has filters; arXiv's stand in the query, such as cat:cs.CL", param_hint="--filter"
        )
    if url and not url.startswith(("https://", "http://")):
        raise typer.BadParameter(f"expected an address with https:// or http://, but “{url}” stands there", param_hint="--url")
    if pause is not None and pause < polite and not url:
        raise typer.BadParameter(f"{service} asks for {polite:g} seconds; a mirror at --url may want less", param_hint="--pause")


def _rest(seconds: float, reason: str) -> None:
    if reason:
        say(reason[:1].upper() + reason[1:] + ".")
    time.sleep(seconds)
