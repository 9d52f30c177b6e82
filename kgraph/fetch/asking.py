"""One client that asks politely: one question at a time, a pause between two, and longer ones where it is told to wait."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from kgraph.errors import DataError, SetupError
from kgraph.fetch.services import WrongAnswerError

if TYPE_CHECKING:
    import requests

T = TypeVar("T")

MOST_TRIES = 6
LONGEST_WAIT = 600.0
"""The most seconds to wait for a service that is busy; it is asked no more if it wants longer."""
LARGEST_ANSWER = 1 << 26
"""The most bytes of one answer (64 MiB)."""
_PASSING = frozenset({429, 500, 502, 503, 504})
_SECONDS_TO_CONNECT, _SECONDS_OF_SILENCE, _SECONDS_IN_ALL = 10, 60, 300

Rest = Callable[[float, str], None]
"""Waits so many seconds; the text is why, "" between two questions that went well."""


def rest(seconds: float, _: str) -> None:
    """Wait in silence."""
    time.sleep(seconds)


@dataclass
class Client:
    """Asks one service, with what it is told of the asker; `secret` goes into each question and is never shown or kept."""

    agent: str
    pause: float
    secret: Mapping[str, str]
    rest: Rest = rest
    _next: float = 0.0
    _session: "requests.Session | None" = field(default=None, repr=False)

    def ask(self, address: str, parameters: Mapping[str, str], understand: Callable[[bytes], T]) -> tuple[bytes, T]:
        """An answer and what it says; a question that failed in a way that passes is asked again, later each time.

        Raises:
            DataError: the service cannot be reached, refuses, or does not answer what it is asked.
            SetupError: what asks is not installed.
        """
        shown = f"{address}?{urlencode(parameters)}"
        for tried in range(MOST_TRIES):
            self._wait()
            problem, wanted = "", None
            try:
                status, wanted, content = self._answer(address, {**parameters, **self.secret})
                if status == 200:
                    return content, understand(content)
                problem = f"it answers {status}"
                if status not in _PASSING:
                    raise DataError(shown, None, f"{problem}{_said(content, understand)}")
            except WrongAnswerError as error:
                problem = str(error)
                if not error.passes:
                    raise DataError(shown, None, problem) from error
            except OSError as error:  # what requests raises, too
                problem = f"it cannot be reached ({_reason(error)})"
            seconds = max(self.pause * 2 ** (tried + 1), wanted or 0.0)
            if tried + 1 == MOST_TRIES or seconds > LONGEST_WAIT:
                later = f"; it wants to be asked again in {seconds:.0f} seconds" if seconds > LONGEST_WAIT else ""
                raise DataError(shown, None, f"{problem}{later}; the same command goes on from here")
            self.rest(seconds, f"{problem}; asking again in {seconds:.0f} s")
        raise AssertionError  # the last try returns or raises

    def _wait(self) -> None:
        """Let the pause pass since the last question."""
        if (left := self._next - time.monotonic()) > 0:
            self.rest(left, "")
        self._next = time.monotonic() + self.pause

    def _answer(self, address: str, parameters: Mapping[str, str]) -> tuple[int, float | None, bytes]:
        """Status, the seconds that the service wants to be left alone, and the content of one answer."""
        session = self._opened()
        silence = (_SECONDS_TO_CONNECT, _SECONDS_OF_SILENCE)
        last, content = time.monotonic() + _SECONDS_IN_ALL, bytearray()
        with session.get(address, params=dict(parameters), timeout=silence, stream=True) as answer:
            for chunk in answer.iter_content(1 << 16):
                content += chunk
                if len(content) > LARGEST_ANSWER:
                    limit = LARGEST_ANSWER >> 20
                    raise WrongAnswerError(f"expected an answer of at most {limit} MiB, but it is larger", passes=False)
                if time.monotonic() > last:
                    raise WrongAnswerError(f"expected an answer within {_SECONDS_IN_ALL} seconds, but it takes longer")
            return answer.status_code, _wanted(answer.headers.get("Retry-After", "")), bytes(content)

    def _opened(self) -> "requests.Session":
        try:
            import requests
        except ImportError as error:
            raise SetupError("kgraph fetch needs requests; install it with: pip install 'kgraph[fetch]'") from error
        if self._session is None:
            self._session = requests.Session()
            self._session.max_redirects = 5
            self._session.headers.update({"User-Agent": self.agent, "Accept-Encoding": "gzip, deflate"})
        return self._session


def _wanted(text: str) -> float | None:
    """The seconds that a `Retry-After` asks for, which is a number or a date, None if it is neither."""
    try:
        if text.strip().isdecimal():
            return float(text)
        return max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _said(content: bytes, understand: Callable[[bytes], object]) -> str:
    """What the service says of a refusal, as far as it can be understood."""
    try:
        understand(content)
    except WrongAnswerError as error:
        return "" if error.passes else f"; {error}"
    return ""


def _reason(error: Exception) -> str:
    """The innermost reason of an error, without the address, which may hold what is secret."""
    inner: BaseException = error
    while inner.__cause__ or inner.__context__:
        inner = inner.__cause__ or inner.__context__ or inner
    name = type(inner).__name__.removesuffix("Error").removesuffix("Exception")
    return getattr(inner, "strerror", None) or name
