"""One HTTP exchange of a look: bounded in time and size, never redirected, always a new connection.

New, because a kept connection says nothing of whether one can be made now, and because the other
side may close it just when the next look begins.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import Sight, Unanswered, down, unsure
from crisisdesk.sources.probes.reasons import reason_of

WEB_FIELDS = ("url", "user", "password", "token", "ca_file")


@dataclass(frozen=True, slots=True)
class Page:
    """What came back, status and the whole body."""

    code: int
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request; ``form`` or ``body`` makes it a POST. ``most`` bounds the answer (bytes).
    ``headers`` may hold secrets."""

    url: str
    most: int
    form: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()
    accept: str = "application/json"


def check_web(fields: Fields, *, query: bool = False) -> dict[str, Any]:
    """The settings of every source that is asked by HTTP; with ``query`` its address may have a
    part behind ?."""
    told: dict[str, Any] = {"url": fields.url("url", query=query)}
    user, password = fields.text("user", ""), fields.secret("password")
    token, ca_file = fields.secret("token"), fields.text("ca_file", "")
    if token and (user or password):
        raise fields.wrong("token", "stands beside user or password", "use one way to log in")
    if bool(user) != bool(password):
        raise fields.wrong(
            "password" if user else "user", "is missing", "give user and password, or neither"
        )
    if ":" in user:
        raise fields.wrong("user", "holds a colon", "HTTP knows no user names with one")
    if ca_file and not Path(ca_file).is_absolute():
        raise fields.wrong("ca_file", "is no absolute path", "write it from / on")
    if ca_file and not told["url"].startswith("https:"):
        raise fields.wrong("ca_file", "is of no use without TLS", "use an https address")
    named = {"user": user, "password": password, "token": token, "ca_file": ca_file}
    return told | {name: value for name, value in named.items() if value}


def web_secrets(settings: Mapping[str, Any]) -> list[str]:
    """The names of secrets in settings that `check_web` has checked."""
    return [settings[name] for name in ("password", "token") if settings.get(name)]


class Web:
    """Asks by HTTP. What a certificate is checked against is read once for each file."""

    def __init__(self) -> None:
        self._trusts: dict[str, ssl.SSLContext] = {}

    async def ask(self, sight: Sight, ask: Ask) -> Page:
        """The page of one request; raises Unanswered. The caller bounds the time."""
        settings = sight.look.source.settings
        headers = {"Accept": ask.accept, "Accept-Encoding": "identity", "User-Agent": "CrisisDesk"}
        if ask.body is not None:
            headers["Content-Type"] = "application/json"
        told = {name.lower() for name in ask.headers}
        headers = {n: v for n, v in headers.items() if n.lower() not in told} | dict(ask.headers)
        auth = None
        if token := sight.secret(settings.get("token", "")):
            headers["Authorization"] = f"Bearer {token}"
        if password := sight.secret(settings.get("password", "")):
            auth = httpx.BasicAuth(settings["user"], password)
        trust = await self._trust(ask.url, settings.get("ca_file", ""))
        try:
            # The environment is not asked: it could name a proxy, or a file with passwords.
            async with httpx.AsyncClient(
                verify=trust or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                trust_env=False,
                timeout=None,  # noqa: S113  the deadline of the look bounds the whole exchange
            ) as client:
                request = client.build_request(
                    "GET" if ask.body is None and not ask.form else "POST",
                    ask.url,
                    params=list(ask.query) or None,
                    data=dict(ask.form) or None,
                    content=ask.body,
                    headers=headers,
                )
                answer = await client.send(request, auth=auth, stream=True)
                try:
                    return await _page(answer, ask.most)
                finally:
                    await answer.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise _failure(error) from None

    async def _trust(self, url: str, ca_file: str) -> ssl.SSLContext | None:
        if not url.startswith("https:"):
            return None
        if ca_file not in self._trusts:
            try:
                self._trusts[ca_file] = await asyncio.to_thread(_trust_of, ca_file)
            except (OSError, ValueError) as error:
                raise unsure(
                    f"{ca_file} cannot be read as certificates: {reason_of(error)}"
                ) from None
        return self._trusts[ca_file]


def said_yes(page: Page) -> None:
    """Raises Unanswered for any answer but 2xx."""
    if 200 <= page.code < 300:
        return
    if page.code in (401, 403):
        raise unsure(f"answered {page.code}: this station may not look there; check its secret")
    if 300 <= page.code < 400:
        raise down(f"answered {page.code}, a way to another place; name that one as url")
    raise down(f"answered {page.code}")


def _trust_of(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file) if ca_file else httpx.create_ssl_context()


async def _page(answer: httpx.Response, most: int) -> Page:
    if answer.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise down("answers compressed although it was asked not to")
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > most:
            raise down(f"answers with more than {most} bytes, which are not taken")
    return Page(answer.status_code, answer.headers.get("Content-Type", ""), bytes(body))


def _failure(error: Exception) -> Unanswered:
    if isinstance(error, httpx.LocalProtocolError):
        # Its own words quote what could not be sent, and that may be the secret.
        return unsure("the request cannot be sent; does the secret hold a line break?")
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return unsure("the address cannot be used")
    if isinstance(error, UnicodeEncodeError):
        return unsure("the request cannot be sent; does the secret hold other than plain ASCII?")
    return down(reason_of(error))
