"""Looks at an HTTP address: its status, its text or JSON, its certificate."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx

from crisisdesk.domain.detection.reading import Reading
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.probes import asked, trust
from crisisdesk.sources.probes.expecting import assert_body, assert_status, read_spans
from crisisdesk.sources.probes.finding import (
    CannotLook,
    Down,
    Found,
    assert_days,
    days_left,
    finished,
    reason_of,
)
from crisisdesk.sources.probes.names import Names

METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS", "PATCH", "DELETE")
# Of an answer no more is read than this.
BODY_BYTES = 1024 * 1024
MOVED = frozenset({301, 302, 303, 307, 308})
_SETTINGS = (
    "url",
    "method",
    "headers",
    "body",
    "status",
    "contains",
    "lacks",
    "json_path",
    "json_equals",
    "redirects",
    "bearer",
    "user",
    "password",
    "secret_headers",
    *trust.SETTINGS,
)
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")


class HttpProber:
    """Each look is a connection of its own: whether one can still be made is half the question."""

    type = "http"

    def __init__(self, names: Names | None = None) -> None:
        self._names = names or Names()
        self._trust = trust.Trust()

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """See `engine.detection_ports.Prober`."""
        asked.known_only(settings, _SETTINGS)
        method = asked.text(settings, "method", "GET", 20).upper()
        if method not in METHODS:
            raise Malformed("settings.method", "is unknown", f"use one of {', '.join(METHODS)}")
        told: dict[str, Any] = {
            "url": _url(settings),
            "method": method,
            "headers": _headers(settings, "headers"),
            "body": asked.text(settings, "body", "", 8_000),
            "status": asked.text(settings, "status", "200-299", 200),
            "contains": asked.text(settings, "contains", ""),
            "lacks": asked.text(settings, "lacks", ""),
            "json_path": asked.text(settings, "json_path", "", 500),
            "json_equals": asked.text(settings, "json_equals", "", 500),
            "redirects": asked.whole(settings, "redirects", 3, 0, 10),
            "bearer": asked.secret(settings, "bearer"),
            "user": asked.text(settings, "user", "", 200),
            "password": asked.secret(settings, "password"),
            "secret_headers": _headers(settings, "secret_headers"),
            **trust.check(settings),
        }
        read_spans(told["status"])
        for name in told["secret_headers"]:
            asked.secret(told["secret_headers"], name, "secret_headers.")
        if told["json_equals"] and not told["json_path"]:
            raise Malformed("settings.json_equals", "has no place", "give settings.json_path too")
        if told["bearer"] and told["user"]:
            raise Malformed("settings.bearer", "and user exclude each other", "leave one out")
        if bool(told["user"]) != bool(told["password"]):
            raise Malformed("settings.password", "and user go together", "give both or none")
        return told

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `engine.detection_ports.Prober`."""
        told = (settings["bearer"], settings["password"], *settings["secret_headers"].values())
        return list(dict.fromkeys(name for name in told if name))

    async def look(self, look: Look) -> Reading:
        """See `engine.detection_ports.Prober`."""
        return await finished(look, self._look(look))

    async def aclose(self) -> None:
        """See `engine.detection_ports.Prober`."""
        self._names.close()

    async def _look(self, look: Look) -> Found:
        settings = look.source.settings
        url = httpx.URL(settings["url"])
        context = self._trust.context(settings) if _may_be_tls(settings) else None
        method, left = settings["method"], settings["redirects"]
        values: dict[str, float] = {}
        async with httpx.AsyncHTTPTransport(
            verify=context or False, limits=httpx.Limits(max_keepalive_connections=0)
        ) as transport:
            secret = _secret_headers(settings, look.secrets)
            while True:
                status, body, onward = await self._ask(transport, look, url, method, secret, values)
                if onward is None or left == 0:
                    break
                left -= 1
                # Another host, or the same one in the clear, must not learn the secrets.
                if (onward.scheme, onward.host, onward.port) != (url.scheme, url.host, url.port):
                    secret = {}
                url, method = onward, _method_after(status, method)
        values["http_status"] = float(status)
        assert_status(status, settings["status"], values)
        assert_body(body, settings, values)
        assert_days(values.get("tls_days"), settings["tls_days"], values)
        return Found(words=f"HTTP {status}, {len(body)} bytes", values=values)

    async def _ask(
        self,
        transport: httpx.AsyncHTTPTransport,
        look: Look,
        url: httpx.URL,
        method: str,
        secret: Mapping[str, str],
        values: dict[str, float],
    ) -> tuple[int, bytes, httpx.URL | None]:
        """(status, body, where a redirect leads) of one exchange; notes the certificate's days."""
        failure: Exception | None = None
        found = await self._names.resolve(url.host)
        for address in found:
            request = _request(look, url, method, secret, address, len(found))
            try:
                response = await transport.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
                continue
            except httpx.HTTPError as error:
                raise Down(_why(error)) from error
            try:
                _note_days(response, look.now, values)
                return response.status_code, await _body(response), _onward(response, url)
            except httpx.HTTPError as error:
                raise Down(_why(error)) from error
            finally:
                await response.aclose()
        raise Down("host name not found" if failure is None else _why(failure)) from failure


def _url(settings: Mapping[str, Any]) -> str:
    told = asked.text(settings, "url")
    remedy = "write https://host/path"
    try:
        parts = urlsplit(told)
        host, _port = parts.hostname, parts.port
        httpx.URL(told)
    except (ValueError, httpx.InvalidURL):
        raise Malformed("settings.url", "is no address", remedy) from None
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() for c in told):
        raise Malformed("settings.url", "is no address of http or https", remedy)
    if parts.username is not None:
        remedy = "leave it out and name a secret in settings.password or settings.bearer"
        raise Malformed("settings.url", "holds a user or a password", remedy)
    return told


def _headers(settings: Mapping[str, Any], name: str) -> dict[str, str]:
    told = asked.table(settings, name)
    for header, value in told.items():
        if not _HEADER.fullmatch(header):
            raise Malformed(f"settings.{name}", "has a header that is no name", "write X-Name")
        if header.lower() in ("host", "content-length", "transfer-encoding", "connection"):
            raise Malformed(f"settings.{name}", f"sets {header}", "leave it out")
        if name == "headers" and header.lower() in ("authorization", "cookie"):
            remedy = "name a secret of the station in settings.secret_headers"
            raise Malformed("settings.headers", f"hold {header}", remedy)
        if not (value.isprintable() and value.isascii()):
            remedy = "use printable ASCII"
            raise Malformed(f"settings.{name}", f"{header} cannot be sent", remedy)
    return told


def _may_be_tls(settings: Mapping[str, Any]) -> bool:
    """Whether a certificate may be met: a redirect may lead to one."""
    url: str = settings["url"]
    return url.startswith("https") or settings["redirects"] != 0


def _secret_headers(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, str]:
    found = {header: secrets[name] for header, name in settings["secret_headers"].items()}
    if settings["bearer"]:
        found["Authorization"] = f"Bearer {secrets[settings['bearer']]}"
    if settings["user"]:
        auth = httpx.BasicAuth(settings["user"], secrets[settings["password"]])
        request = httpx.Request("GET", "http://localhost/")
        found["Authorization"] = next(auth.auth_flow(request)).headers["Authorization"]
    if any(not (v.isprintable() and v.isascii()) for v in found.values()):
        raise CannotLook("a secret holds characters that no header can carry")
    return found


def _request(
    look: Look,
    url: httpx.URL,
    method: str,
    secret: Mapping[str, str],
    address: str,
    addresses: int,
) -> httpx.Request:
    settings = look.source.settings
    each = look.deadline_s / addresses
    timeout = {"connect": each, "read": None, "write": None, "pool": None}
    body = settings["body"].encode() if method == settings["method"] else b""
    headers = {
        "User-Agent": "CrisisDesk",
        "Accept": "*/*",
        # What is packed small could be endless when it is unpacked.
        "Accept-Encoding": "identity",
        "Connection": "close",
        **settings["headers"],
        **secret,
        "Host": url.netloc.decode("ascii"),
    }
    return httpx.Request(
        method,
        url.copy_with(host=address),
        headers=headers,
        content=body,
        extensions={"timeout": timeout, "sni_hostname": url.host},
    )


def _note_days(response: httpx.Response, now_ms: int, values: dict[str, float]) -> None:
    stream = response.extensions.get("network_stream")
    tls = None if stream is None else stream.get_extra_info("ssl_object")
    if isinstance(tls, (ssl.SSLObject, ssl.SSLSocket)):
        left = days_left(tls.getpeercert() or {}, now_ms)
        if left is not None:
            # Of several on the way the one that ends first.
            values["tls_days"] = min(left, values.get("tls_days", left))


async def _body(response: httpx.Response) -> bytes:
    """The body as it was sent, its first MiB."""
    found = bytearray()
    async for piece in response.aiter_raw():
        found += piece
        if len(found) >= BODY_BYTES:
            break
    return bytes(found[:BODY_BYTES])


def _onward(response: httpx.Response, url: httpx.URL) -> httpx.URL | None:
    """Where a redirect leads; None for an answer that is none."""
    told = response.headers.get("location")
    if response.status_code not in MOVED or not told:
        return None
    try:
        onward = url.join(told)
    except (httpx.InvalidURL, ValueError) as error:
        raise Down("it redirects to what is no address") from error
    if onward.scheme not in ("http", "https") or not onward.host:
        raise Down("it redirects to what is no address of http or https")
    return onward


def _method_after(status: int, method: str) -> str:
    """What a redirect is followed with, as browsers do."""
    if method in ("GET", "HEAD") or status in (307, 308):
        return method
    return "GET"


def _why(error: Exception) -> str:
    name = type(error).__name__
    if name in ("RemoteProtocolError", "ReadError", "LocalProtocolError"):
        told = reason_of(error)
        return told if not told.startswith("no answer (") else "the answer is broken off or no HTTP"
    if name == "ConnectTimeout":
        return "no connection in time"
    return reason_of(error)
