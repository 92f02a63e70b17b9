"""HTTP to providers: a few kept connections for each host, one deadline for each exchange."""

from __future__ import annotations

import asyncio
import base64
import importlib.util
import json
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.request import getproxies

import httpx

from crisisdesk.comms.plain_http import PlainTransport
from crisisdesk.comms.reasons import reason_of
from crisisdesk.engine.patience import within

# httpcore looks for this module four times a request; searching the whole path for what is not
# there takes longer than the request itself. None in its place ends the search at once.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]

ANSWER_LIMIT = 8 * 1024
CONNECTIONS_PER_HOST = 256
CONNECTIONS_BY_PROXY = 8
HOSTS_KEPT = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One HTTP request; ``content`` is the body and goes with its type in ``headers``.

    ``auth`` is (user, password) for Basic. The whole of it may hold secrets.
    """

    url: str
    method: str = "POST"
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back; ``text`` is the body's beginning (8 KiB), ``data`` the same read as JSON."""

    code: int
    reason: str
    headers: Mapping[str, str]
    text: str

    @property
    def is_yes(self) -> bool:
        """Whether the code is 2xx."""
        return 200 <= self.code < 300

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object that the body is; empty when it is none."""
        try:
            found = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class NoAnswer(Exception):
    """The exchange did not end with an answer; the text says why, and is not yet free of secrets.

    ``retryable`` is False for a question that could not be put at all.
    """

    def __init__(self, words: str, *, retryable: bool = True) -> None:
        super().__init__(words)
        self.retryable = retryable


@dataclass(slots=True)
class _Host:
    """The way to one host: direct, or the client that knows the proxy's."""

    way: PlainTransport | httpx.AsyncClient
    busy: int = 0


class HttpLines:
    """Hosts never wait for one another. Over TLS a certificate must be one that is trusted."""

    def __init__(self, answer_limit: int = ANSWER_LIMIT) -> None:
        self._answer_limit = answer_limit
        self._hosts: dict[str, _Host] = {}
        self._trust: ssl.SSLContext | None = None

    async def ask(self, question: Question, deadline_s: float) -> Answer:
        """Put a question once, within ``deadline_s``; redirects are not followed.

        Raises NoAnswer.
        """
        try:
            url = httpx.URL(question.url)
            host = await self._host(url)
            host.busy += 1
            try:
                work = _exchange(host.way, url, question, self._answer_limit)
                return await within(deadline_s, work)
            finally:
                host.busy -= 1
        except TimeoutError:
            raise NoAnswer(f"no answer within {deadline_s:g} s; it may still arrive") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise NoAnswer("the address is malformed", retryable=False) from error
        except (httpx.HTTPError, OSError) as error:
            raise NoAnswer(reason_of(error)) from error

    async def aclose(self) -> None:
        """Close all connections."""
        hosts = list(self._hosts.values())
        self._hosts.clear()
        for host in hosts:
            await host.way.aclose()

    async def _host(self, url: httpx.URL) -> _Host:
        """The connections to one host; those least used are let go of when they are too many."""
        if url.scheme == "https" and self._trust is None:
            self._trust = await asyncio.to_thread(httpx.create_ssl_context)
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        host = self._hosts.pop(origin, None) or _Host(_way(self._trust, self._answer_limit))
        self._hosts[origin] = host
        idle = [name for name, one in self._hosts.items() if not one.busy and one is not host]
        for name in idle[: max(0, len(self._hosts) - HOSTS_KEPT)]:
            await self._hosts.pop(name).way.aclose()
        return host


def _way(trust: ssl.SSLContext | None, answer_limit: int) -> PlainTransport | httpx.AsyncClient:
    if not getproxies():
        return PlainTransport(CONNECTIONS_PER_HOST, answer_limit, trust)
    return httpx.AsyncClient(
        verify=trust or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        follow_redirects=False,
        timeout=None,  # noqa: S113  one timeout bounds the whole exchange
        limits=httpx.Limits(
            max_connections=CONNECTIONS_BY_PROXY,
            max_keepalive_connections=CONNECTIONS_BY_PROXY,
            keepalive_expiry=60,
        ),
    )


def json_body(data: Mapping[str, Any]) -> bytes:
    """The bytes of a JSON object; what cannot be written in UTF-8 becomes a question mark."""
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")


async def _exchange(
    way: PlainTransport | httpx.AsyncClient, url: httpx.URL, question: Question, answer_limit: int
) -> Answer:
    headers = {"User-Agent": "CrisisDesk", "Accept": "*/*", "Accept-Encoding": "identity"}
    if question.auth or url.userinfo:
        headers["Authorization"] = _basic(*(question.auth or (url.username, url.password)))
    request = httpx.Request(
        question.method,
        url,
        content=question.content or None,
        headers={**headers, **question.headers},
    )
    if isinstance(way, PlainTransport):
        response = await way.handle_async_request(request)
        text = response.content[:answer_limit].decode("utf-8", "replace")
    else:
        response = await way.send(request, stream=True)
        # What one account was given must not be shown by another.
        way.cookies.clear()
        try:
            text = await _read(response, answer_limit)
        finally:
            await response.aclose()
    return Answer(
        code=response.status_code,
        reason=response.reason_phrase,
        headers=response.headers,
        text=text,
    )


def _basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


async def _read(response: httpx.Response, answer_limit: int) -> str:
    size = 0
    chunks: list[bytes] = []
    async for chunk in response.aiter_bytes():
        chunks.append(chunk)
        size += len(chunk)
        if size >= answer_limit:
            break
    return b"".join(chunks)[:answer_limit].decode("utf-8", "replace")
