"""The bounds of a request: host, headers, content type, body size, JSON depth."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from crisisdesk.api.answers import Receive, Refused, Scope
from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.errors import DomainError

MAX_DEPTH = 32
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})
_CLOSE = (b"connection", b"close")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes, time in seconds. ``intake_body_bytes`` bounds the intake routes' bodies."""

    body_bytes: int = 1024 * 1024
    intake_body_bytes: int = 16 * 1024 * 1024
    headers: int = 100
    header_bytes: int = 64 * 1024
    body_s: float = 30.0


class ClientGone(Exception):
    """The sender hung up before its body was complete."""


@dataclass(slots=True)
class Heads:
    """The few headers the door decides by."""

    host: bytes | None = None
    authorization: bytes | None = None
    content_type: bytes | None = None
    content_length: int | None = None
    chunked: bool = False


def read_heads(scope: Scope, limits: Limits) -> Heads:
    """Pick the headers that matter; raises Refused 400, 415 and 431 for what cannot be."""
    raw = scope["headers"]
    if len(raw) > limits.headers:
        raise Refused(431, "headers", f"are more than {limits.headers}", "send fewer", _CLOSE)
    heads, size = Heads(), 0
    for name, value in raw:
        size += len(name) + len(value)
        if name in _NOTED:
            _note(heads, name, value)
    if size > limits.header_bytes:
        raise Refused(
            431, "headers", f"are longer than {limits.header_bytes} bytes", "send less", _CLOSE
        )
    return heads


_ONCE = {b"host": "host", b"authorization": "authorization", b"content-type": "content_type"}
_NOTED = frozenset({*_ONCE, b"content-length", b"transfer-encoding", b"content-encoding"})


def _note(heads: Heads, name: bytes, value: bytes) -> None:
    member = _ONCE.get(name)
    if member is not None:
        if getattr(heads, member) is not None:
            raise Refused(400, name.decode(), "comes twice", "send it once", _CLOSE)
        setattr(heads, member, value)
    elif name == b"content-length":
        if not value.isdigit() or len(value) > 18:
            raise Refused(400, "content-length", "is no length", "send the length", _CLOSE)
        heads.content_length = int(value)
    elif name == b"transfer-encoding":
        heads.chunked = True
    elif value.strip().lower() not in (b"", b"identity"):
        raise Refused(415, "content-encoding", "is not taken", "send the body uncompressed")


class Hosts:
    """The names this station answers to, so that a web page cannot reach it under its own name."""

    def __init__(self, configured: tuple[str, ...] = (), public: str = "") -> None:
        names = {"localhost", "127.0.0.1", "[::1]", *(_bracketed(c) for c in configured if c)}
        inside = {name.lower() for name in names}
        outside = {_bracketed(public).lower()} - {""} - inside
        self._outside = frozenset(name.encode() for name in outside)
        self._names = frozenset(name.encode() for name in inside | outside)
        self._seen: set[bytes] = set()

    def is_outside(self, host: bytes | None) -> bool:
        """Whether it is the public name, under which only answers to pages are taken."""
        return bool(self._outside) and host is not None and _name_of(host) in self._outside

    def check(self, host: bytes | None) -> None:
        """Raises Refused 400 for another name."""
        if host in self._seen:
            return
        if host is None:
            raise Refused(400, "Host", "is missing", "send the host you called")
        if _name_of(host) not in self._names:
            raise Refused(
                400,
                "Host",
                "is none of this station's names",
                "call it by localhost or its host name",
            )
        if len(self._seen) < 64:
            self._seen.add(host)


def _name_of(host: bytes) -> bytes:
    name, _, port = host.lower().rpartition(b":")
    return name if name and port.isdigit() else host.lower()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def check_content(method: str, heads: Heads) -> None:
    """Raises Refused 415 for a body that is not declared as JSON."""
    has_body = heads.chunked or bool(heads.content_length)
    if not has_body or method not in _BODY_METHODS or heads.content_type == b"application/json":
        return
    media, _, parameters = (heads.content_type or b"").lower().partition(b";")
    media = media.strip()
    is_json = media == b"application/json" or (
        media.startswith(b"application/") and media.endswith(b"+json")
    )
    if not is_json:
        raise Refused(415, "Content-Type", "is not JSON", 'send "application/json"')
    if b"charset" in parameters and b"utf-8" not in parameters:
        raise Refused(415, "Content-Type", "names a charset other than UTF-8", "send UTF-8")


async def read_body(receive: Receive, heads: Heads, limit: int, timeout_s: float) -> bytes:
    """The whole body, of at most ``limit`` bytes; raises Refused 408 and 413, and ClientGone."""
    if heads.content_length is not None and heads.content_length > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(timeout_s):
            message = await receive()
            if message["type"] != "http.request":
                raise ClientGone
            body: bytes = message.get("body", b"")
            if not message.get("more_body", False):
                if len(body) > limit:
                    raise _too_large(limit)
                return body
            return await _read_rest(receive, body, limit)
    except TimeoutError:
        raise Refused(
            408, "body", f"did not come within {timeout_s:g} s", "send it faster", _CLOSE
        ) from None


async def _read_rest(receive: Receive, first: bytes, limit: int) -> bytes:
    chunks, size, more = [first], len(first), True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


def _too_large(limit: int) -> Refused:
    return Refused(413, "body", f"is longer than {limit} bytes", "send less at once", _CLOSE)


def check_json(body: bytes) -> Any:
    """The decoded body, or None for an empty one; raises Refused 400 for what is not plain JSON.

    Plain is: UTF-8, no NUL, no half UTF-16 pair, no NaN, no name twice in an object, integers of
    64 bit, at most 32 levels.
    """
    if not body:
        return None
    try:
        value = json.loads(
            body.decode(), parse_constant=_no_constant, object_pairs_hook=_object_once
        )
    except UnicodeDecodeError:
        raise Refused(400, "body", "is not UTF-8", "send one JSON document in UTF-8") from None
    except RecursionError:
        raise Refused(400, "body", "is nested too deeply", "send at most 32 levels") from None
    except ValueError as error:
        raise Refused(
            400, "body", f"is not JSON ({error})"[:300], "send one JSON document in UTF-8"
        ) from None
    try:
        tidy(value, depth=MAX_DEPTH)
    except DomainError as error:
        raise Refused(
            400, error.field.encode("utf-8", "replace").decode(), error.problem, error.remedy
        ) from None
    return value


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")


def _object_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
