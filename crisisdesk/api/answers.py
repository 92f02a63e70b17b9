"""What the door says when it refuses: one JSON shape for every error, and which error is which."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson

from crisisdesk.domain.errors import Conflict, DomainError, NotFound
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.intake import IntakeError
from crisisdesk.engine.ports import StoreFailed

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]


class Refused(Exception):
    """A request that the door itself refuses; nothing changed. ``status`` is the HTTP status."""

    def __init__(
        self, status: int, field: str, problem: str, remedy: str, *headers: Header
    ) -> None:
        super().__init__(f"{field}: {problem}; {remedy}")
        self.status = status
        self.field = field
        self.problem = problem
        self.remedy = remedy
        self.headers = headers


def refusal_of(error: Exception) -> Refused:
    """The refusal an error means; an unforeseen one is logged, and told without its inside."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, IntakeError):
        return Refused(error.status, error.field, error.problem, error.remedy)
    if isinstance(error, DomainError):
        status = 404 if isinstance(error, NotFound) else 409 if isinstance(error, Conflict) else 400
        return Refused(status, error.field, error.problem, error.remedy)
    if isinstance(error, StoreFailed):
        full = "the disk is full" if "disk is full" in str(error) else "its store refused the write"
        return Refused(
            503, "station", f"nothing was saved: {full}", "free the disk, then send again"
        )
    if isinstance(error, Overloaded):
        return Refused(
            503,
            "station",
            "nothing was saved: too much is waiting to be written",
            "send it again in a second",
            (b"retry-after", b"1"),
        )
    if isinstance(error, Stopped):
        return Refused(
            503,
            "station",
            "nothing was saved: the engine is stopping",
            "send it again when it is back",
            (b"retry-after", b"5"),
        )
    log.error("a request failed: %s", type(error).__name__, exc_info=error)
    return Refused(500, "station", "failed at this request", "see the station's log")


def error_body(refused: Refused) -> dict[str, Any]:
    """The JSON body of an error answer: where, what, what to do, and all as one sentence."""
    return {
        "error": {
            "field": refused.field,
            "problem": refused.problem,
            "remedy": refused.remedy,
        },
        "detail": str(refused),
    }


def encode(value: Any) -> bytes:
    """JSON bytes of an answer."""
    return orjson.dumps(value)


async def send_json(send: Send, status: int, body: bytes, headers: tuple[Header, ...] = ()) -> None:
    """Send a whole answer; an empty body has no content type."""
    kind = ((b"content-type", b"application/json"),) if body else ()
    length = (b"content-length", str(len(body)).encode())
    start = {
        "type": "http.response.start",
        "status": status,
        "headers": [length, *kind, *headers],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})


async def send_refusal(send: Send, refused: Refused) -> None:
    """Send an error answer in the common shape."""
    await send_json(send, refused.status, encode(error_body(refused)), refused.headers)
