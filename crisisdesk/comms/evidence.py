"""What really went over the wire in one delivery: the HTTP exchanges of one thread.

Apprise says only yes or no. Its plugins call ``requests`` by module name, so that is wrapped once;
the wrapper acts only in a thread that collects evidence.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from crisisdesk.comms.reasons import reason_of

BODY_LIMIT = 64 * 1024
CHUNK = 8 * 1024
SHORTEST_TIMEOUT_S = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """One HTTP request and its answer; ``body`` holds at most 64 KiB."""

    method: str
    host: str
    code: int
    reason: str
    headers: dict[str, str]
    body: bytes


@dataclass(kw_only=True, slots=True)
class Evidence:
    """Everything one delivery did on the network; ``until`` is its end on the monotonic clock."""

    until: float
    exchanges: list[Exchange] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def remaining_s(self) -> float:
        """Seconds left of the delivery's deadline, never negative."""
        return max(0.0, self.until - time.monotonic())

    def failed(self, error: BaseException) -> None:
        """Remember why a connection failed."""
        self.errors.append(reason_of(error))


_here = threading.local()
_installing = threading.Lock()
_installed = False


@contextmanager
def collecting(deadline_s: float) -> Iterator[Evidence]:
    """Collect what this thread sends until the block ends; connections share the one deadline."""
    _install()
    evidence = Evidence(until=time.monotonic() + deadline_s)
    _here.evidence = evidence
    try:
        yield evidence
    finally:
        del _here.evidence


def _current() -> Evidence | None:
    found: Evidence | None = getattr(_here, "evidence", None)
    return found


def _install() -> None:
    global _installed  # noqa: PLW0603  one process, one wrapper
    with _installing:
        if _installed:
            return
        requests.Session.send = _recorded_send(requests.Session.send)  # type: ignore[method-assign]
        _installed = True


def _recorded_send(original: Callable[..., requests.Response]) -> Callable[..., requests.Response]:
    @functools.wraps(original)
    def send(
        session: requests.Session, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        evidence = _current()
        if evidence is None:
            return original(session, request, **options)
        left = max(evidence.remaining_s(), SHORTEST_TIMEOUT_S)
        options |= {"timeout": left, "stream": True, "allow_redirects": False}
        try:
            response = original(session, request, **options)
            body = _read(response, evidence)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            evidence.failed(error)
            if isinstance(error, requests.RequestException):
                raise
            raise requests.ConnectionError(reason_of(error)) from error
        # The public way to read keeps reading past any limit.
        response._content = body
        evidence.exchanges.append(
            Exchange(
                method=request.method or "",
                host=urlsplit(request.url or "").hostname or "",
                code=response.status_code,
                reason=response.reason or "",
                headers={name.lower(): value for name, value in response.headers.items()},
                body=body,
            )
        )
        return response

    return send


def _read(response: requests.Response, evidence: Evidence) -> bytes:
    chunks: list[bytes] = []
    size = 0
    with response:
        for chunk in response.iter_content(CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size >= BODY_LIMIT:
                break
            if evidence.remaining_s() <= 0:
                raise requests.ReadTimeout("the answer took longer than the deadline")
    return b"".join(chunks)[:BODY_LIMIT]
