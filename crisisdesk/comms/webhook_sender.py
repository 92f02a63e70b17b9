"""Pages as plain JSON over HTTP: ``webhook://host/path`` (HTTP) and ``webhooks://`` (HTTPS)."""

from __future__ import annotations

import asyncio
import importlib.util
import ssl
import sys
from typing import Any
from urllib.request import getproxies

import httpx

from crisisdesk.comms.channels import AddressError, check_shape, lane_of, scheme_of
from crisisdesk.comms.plain_http import PlainTransport
from crisisdesk.comms.reasons import reason_of
from crisisdesk.comms.verdicts import code_is_retryable, plain_words, retry_after_s, words_of
from crisisdesk.domain.redaction import secrets_in_url
from crisisdesk.engine.patience import within
from crisisdesk.engine.ports import Clock, Outcome, Outgoing

# httpcore looks for this module four times a request; searching the whole path for what is not
# there takes longer than the request itself. None in its place ends the search at once.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]

VERSION = 1
ANSWER_LIMIT = 8 * 1024
CONNECTIONS_PER_HOST = 8


class WebhookSender:
    """Keeps a few connections per receiver; receivers never wait for one another."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._trust: ssl.SSLContext | None = None

    async def send(self, outgoing: Outgoing) -> Outcome:
        """POST the page once, within ``deadline_s``; 2xx is success, a redirect is a refusal."""
        try:
            check_shape(outgoing.url)
        except AddressError as error:
            return Outcome(ok=False, words=str(error)[:300], retryable=False)
        secrets = secrets_in_url(outgoing.url)
        url = "http" + outgoing.url.strip().partition("://")[0].lower().removeprefix("webhook")
        url += "://" + outgoing.url.strip().partition("://")[2]
        try:
            client = await self._client(outgoing.url)
            post = self._post(client, url, outgoing, secrets)
            return await within(outgoing.deadline_s, post)
        except TimeoutError:
            waited = f"{outgoing.deadline_s:g} s"
            return Outcome(ok=False, words=f"no answer within {waited}; it may still arrive")
        except httpx.InvalidURL:
            words = "the address is malformed; write it as webhooks://host/path"
            return Outcome(ok=False, words=words, retryable=False)
        except (httpx.HTTPError, OSError) as error:
            return Outcome(ok=False, words=words_of(reason_of(error), secrets))

    async def aclose(self) -> None:
        """Close all connections."""
        clients = list(self._clients.values())
        self._clients.clear()
        for client in clients:
            await client.aclose()

    def body_of(self, outgoing: Outgoing) -> dict[str, Any]:
        """The JSON object a receiver gets; ``sent_at`` (UTC milliseconds) needs a clock."""
        body: dict[str, Any] = {
            "version": VERSION,
            "key": outgoing.key,
            "alert_id": outgoing.alert_id,
            "severity": outgoing.severity,
            "title": outgoing.title,
            "text": outgoing.text,
            "possible_repeat": outgoing.possible_repeat,
        }
        if self._clock is not None:
            body["sent_at"] = self._clock.now_ms()
        return body

    async def _post(
        self, client: httpx.AsyncClient, url: str, outgoing: Outgoing, secrets: tuple[str, ...]
    ) -> Outcome:
        request = client.build_request(
            "POST",
            url,
            json=self.body_of(outgoing),
            headers={"Idempotency-Key": outgoing.key},
        )
        response = await client.send(request, stream=True)
        try:
            text = await _read(response)
        finally:
            await response.aclose()
        said = plain_words(response.status_code, response.reason_phrase, text)
        if response.is_success:
            return Outcome(
                ok=True,
                words=words_of(said, secrets),
                provider_id=response.headers.get("x-request-id", "")[:200],
            )
        if response.is_redirect:
            said = f"{said} (redirects are not followed; enter the final address)"
        return Outcome(
            ok=False,
            words=words_of(said, secrets),
            retryable=code_is_retryable(response.status_code),
            retry_after_s=retry_after_s(response.headers),
        )

    async def _client(self, url: str) -> httpx.AsyncClient:
        lane = f"{scheme_of(url)} {lane_of(url)}"
        client = self._clients.pop(lane, None)
        if client is None:
            if self._trust is None and scheme_of(url) == "webhooks":
                self._trust = await asyncio.to_thread(httpx.create_ssl_context)
            # Behind a proxy, and over TLS, httpx's own transport knows the way.
            plain = scheme_of(url) == "webhook" and not getproxies()
            client = httpx.AsyncClient(
                transport=PlainTransport(CONNECTIONS_PER_HOST, ANSWER_LIMIT) if plain else None,
                verify=self._trust or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                follow_redirects=False,
                timeout=None,  # noqa: S113  one timeout bounds the whole attempt
                headers={"User-Agent": "CrisisDesk", "Accept-Encoding": "identity"},
                limits=httpx.Limits(
                    max_connections=CONNECTIONS_PER_HOST,
                    max_keepalive_connections=CONNECTIONS_PER_HOST,
                    keepalive_expiry=60,
                ),
            )
        self._clients[lane] = client
        return client


async def _read(response: httpx.Response) -> str:
    size = 0
    chunks: list[bytes] = []
    async for chunk in response.aiter_bytes():
        chunks.append(chunk)
        size += len(chunk)
        if size >= ANSWER_LIMIT:
            break
    return b"".join(chunks)[:ANSWER_LIMIT].decode("utf-8", "replace")
