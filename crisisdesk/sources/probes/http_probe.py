"""Looks at an HTTP address: its status, its text or JSON, its certificate."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.probes import headers, trust
from crisisdesk.sources.probes.expecting import assert_body, assert_status, read_spans
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import Sight, down, unsure
from crisisdesk.sources.probes.names import Names
from crisisdesk.sources.probes.reasons import reason_of

METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS", "PATCH", "DELETE")
# Of an answer no more is read than this.
BODY_BYTES = 1024 * 1024
MOVED = frozenset({301, 302, 303, 307, 308})
_SETTINGS = (
    "url",
    "method",
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
    *headers.SETTINGS,
    *trust.SETTINGS,
)


class HttpProber:
    """Each look is a connection of its own: whether one can still be made is half the question."""

    type = "http"

    def __init__(self, names: Names | None = None) -> None:
        self._names = names or Names()
        self._trust = trust.Trust()

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """See `engine.detection_ports.Prober`."""
        fields = Fields(settings, _SETTINGS)
        method = fields.text("method", "GET", limit=20).upper()
        if method not in METHODS:
            raise fields.wrong("method", "is unknown", f"use one of {', '.join(METHODS)}")
        told: dict[str, Any] = {
            "url": _url(fields),
            "method": method,
            "body": fields.raw("body", limit=8_000),
            "status": fields.text("status", "200-299", limit=200),
            "contains": fields.raw("contains"),
            "lacks": fields.raw("lacks"),
            "json_path": fields.path("json_path", ""),
            "json_equals": fields.raw("json_equals", limit=500),
            "redirects": fields.whole("redirects", 0, 10, 3),
            "bearer": fields.secret("bearer"),
            "user": fields.text("user", "", limit=200),
            "password": fields.secret("password"),
            **headers.check(fields),
            **trust.check(fields),
        }
        read_spans(told["status"])
        if told["json_equals"] and not told["json_path"]:
            raise fields.wrong("json_equals", "has no place", "give json_path too")
        if told["bearer"] and told["user"]:
            raise fields.wrong("bearer", "and user exclude each other", "leave one out")
        if bool(told["user"]) != bool(told["password"]):
            raise fields.wrong("password", "and user go together", "give both or none")
        return told

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """See `engine.detection_ports.Prober`."""
        told = (settings["bearer"], settings["password"], *headers.secret_names(settings))
        return list(dict.fromkeys(name for name in told if name))

    async def look(self, look: Look) -> Reading:
        """See `engine.detection_ports.Prober`."""
        sight = Sight(look)
        return await sight.bounded(self._look(sight), "the address")

    async def aclose(self) -> None:
        """See `engine.detection_ports.Prober`."""
        self._names.close()

    async def _look(self, sight: Sight) -> Reading:
        look, settings = sight.look, sight.look.source.settings
        url = httpx.URL(settings["url"])
        context = self._trust.context(settings) if _may_be_tls(settings) else None
        method, left = settings["method"], settings["redirects"]
        values: dict[str, float] = {}
        async with httpx.AsyncHTTPTransport(
            verify=context or False, limits=httpx.Limits(max_keepalive_connections=0)
        ) as transport:
            secret = _secret_headers(sight)
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
        trust.assert_days(values.get("tls_days"), settings["tls_days"], values)
        return sight.reading(Verdict.UP, f"HTTP {status}, {len(body)} bytes", values=values)

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
                raise down(_why(error)) from error
            try:
                _note_days(response, look.now, values)
                return response.status_code, await _body(response), _onward(response, url)
            except httpx.HTTPError as error:
                raise down(_why(error)) from error
            finally:
                await response.aclose()
        raise down("host name not found" if failure is None else _why(failure)) from failure


def _url(fields: Fields) -> str:
    told = fields.url("url", query=True)
    try:
        httpx.URL(told)
    except httpx.InvalidURL:
        raise fields.wrong("url", "is no web address", "write it like https://host/path") from None
    return told


def _may_be_tls(settings: Mapping[str, Any]) -> bool:
    """Whether a certificate may be met: a redirect may lead to one."""
    url: str = settings["url"]
    return url.startswith("https") or settings["redirects"] != 0


def _secret_headers(sight: Sight) -> dict[str, str]:
    settings = sight.look.source.settings
    found = headers.secret_of_look(sight)
    if settings["bearer"]:
        found["Authorization"] = f"Bearer {sight.secret(settings['bearer'])}"
    if settings["user"]:
        auth = httpx.BasicAuth(settings["user"], sight.secret(settings["password"]))
        request = httpx.Request("GET", "http://localhost/")
        found["Authorization"] = next(auth.auth_flow(request)).headers["Authorization"]
    if any(not (v.isprintable() and v.isascii()) for v in found.values()):
        raise unsure("a secret holds characters that no header can carry")
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
        left = trust.days_left(tls.getpeercert() or {}, now_ms)
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
        raise down("it redirects to what is no address") from error
    if onward.scheme not in ("http", "https") or not onward.host:
        raise down("it redirects to what is no address of http or https")
    return onward


def _method_after(status: int, method: str) -> str:
    """What a redirect is followed with, as browsers do."""
    if method in ("GET", "HEAD") or status in (307, 308):
        return method
    return "GET"


def _why(error: Exception) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return "no connection in time"
    return reason_of(error)
