"""What really went over the wire in one delivery: HTTP exchanges and mail replies of one thread.

Apprise says only yes or no. Its plugins call ``requests`` and ``smtplib`` by module name, so both
are wrapped once; the wrappers act only in a thread that collects evidence.
"""

from __future__ import annotations

import functools
import smtplib
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
START_MAIL_INPUT = 354
MAIL_OK = 250
ERRORS_FROM = 400


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
    replies: list[tuple[int, str]] = field(default_factory=list)
    mail_accepted: str = ""
    quiet: int = 0
    timed_out: bool = False

    def remaining_s(self) -> float:
        """Seconds left of the delivery's deadline, never negative."""
        return max(0.0, self.until - time.monotonic())

    def failed(self, error: BaseException) -> None:
        """Remember why a connection failed."""
        words = reason_of(error)
        self.timed_out = self.timed_out or "in time" in words
        if not self.quiet:
            self.errors.append(words)

    def replied(self, code: int, text: bytes) -> None:
        """Remember a mail server's reply; 250 after 354 means that it took the message."""
        words = text.decode("utf-8", "replace").replace("\n", " ").strip()
        if self.replies and self.replies[-1][0] == START_MAIL_INPUT and code == MAIL_OK:
            self.mail_accepted = f"{code} {words}"
        if not self.quiet:
            self.replies.append((code, words))

    def refusal(self) -> tuple[int, str] | None:
        """The last reply of a mail server that was an error."""
        return next((reply for reply in reversed(self.replies) if reply[0] >= ERRORS_FROM), None)


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
    global _installed  # noqa: PLW0603  one process, one set of wrappers
    with _installing:
        if _installed:
            return
        requests.Session.send = _recorded_send(requests.Session.send)  # type: ignore[method-assign]
        for name in ("connect", "starttls", "quit", "ehlo", "getreply"):
            wrapped = _WRAPPERS.get(name, _watched)(getattr(smtplib.SMTP, name))
            setattr(smtplib.SMTP, name, wrapped)
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


def _watched(original: Callable[..., Any]) -> Callable[..., Any]:
    """A step of SMTP whose failure is remembered, with the socket bound to the deadline."""

    @functools.wraps(original)
    def step(session: smtplib.SMTP, *args: Any, **options: Any) -> Any:
        evidence = _current()
        if evidence is None:
            return original(session, *args, **options)
        left = max(evidence.remaining_s(), SHORTEST_TIMEOUT_S)
        session.timeout = left
        if getattr(session, "sock", None) is not None:
            session.sock.settimeout(left)  # type: ignore[union-attr]
        try:
            return original(session, *args, **options)
        except (OSError, smtplib.SMTPException) as error:
            evidence.failed(error)
            raise

    return step


def _reply_recorded(original: Callable[..., Any]) -> Callable[..., Any]:
    watched = _watched(original)

    @functools.wraps(original)
    def getreply(session: smtplib.SMTP) -> tuple[int, bytes]:
        code, text = watched(session)
        if (evidence := _current()) is not None:
            evidence.replied(code, text)
        return code, text

    return getreply


def _unjudged(original: Callable[..., Any]) -> Callable[..., Any]:
    """A step whose refusal means nothing: an old server may not know EHLO, a good-bye may fail."""

    @functools.wraps(original)
    def step(session: smtplib.SMTP, *args: Any, **options: Any) -> Any:
        evidence = _current()
        if evidence is None:
            return original(session, *args, **options)
        evidence.quiet += 1
        try:
            return original(session, *args, **options)
        finally:
            evidence.quiet -= 1

    return step


_WRAPPERS: dict[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
    "quit": _unjudged,
    "ehlo": _unjudged,
    "getreply": _reply_recorded,
}
