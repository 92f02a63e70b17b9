"""Steps that call an address: one that the station's settings let them, and no redirects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.redaction import redact, shapes_of
from crisisdesk.engine.recovery_ports import Done, Job
from crisisdesk.recovery.addresses import check_url, entry_of

if TYPE_CHECKING:
    import httpx

READ_LIMIT = 16 * 1024
SAFE = frozenset({"GET", "HEAD"})
METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
SECRET_PREFIX = "recovery:"
ReadSecret = Callable[[str], str | None]


class HttpExecutor:
    """Implements `engine.recovery_ports.Executor`; ``allowed`` are beginnings of addresses."""

    def __init__(self, allowed: Sequence[str], secret: ReadSecret) -> None:
        self._allowed = tuple(allowed)
        self._secret = secret

    def check(self, step: Mapping[str, Any]) -> str:
        """What would be called; raises Malformed for what may not."""
        self._token(step)
        return f"would call {self._method(step)} {redact(self._url(step))}"[:500]

    def entry(self, step: Mapping[str, Any]) -> str:
        """The beginning of addresses, and the secret that is kept for it."""
        secret = f", secret {step['secret']}" if self._token(step) else ""
        return f"{entry_of(step.get('url'), self._allowed)}{secret}"

    async def look(self, job: Job) -> Done | None:
        """What only reads is called."""
        return await self.execute(job) if self._method(job.step) in SAFE else None

    async def execute(self, job: Job) -> Done:
        """Call it once."""
        import asyncio

        import httpx

        step = job.step
        method, url = self._method(step), self._url(step)
        token = await asyncio.to_thread(self._token, step)
        # What is not unpacked cannot be a small answer that becomes a large one.
        headers = {"accept-encoding": "identity"}
        headers |= {"authorization": f"Bearer {token}"} if token else {}
        hidden = shapes_of(token) if token else ()
        is_safe = method in SAFE
        try:
            async with (
                asyncio.timeout(job.timeout_s),
                httpx.AsyncClient(
                    trust_env=False, follow_redirects=False, timeout=job.timeout_s
                ) as client,
                client.stream(method, url, headers=headers, json=step.get("body")) as answer,
            ):
                job.say(f"{method} {redact(url)}: HTTP {answer.status_code}\n")
                for line in (await _beginning(answer)).splitlines()[:100]:
                    job.say(redact(line, hidden)[:2_000] + "\n")
                return told_by(answer.status_code, step.get("expect") or [])
        except (httpx.ConnectError, httpx.UnsupportedProtocol) as error:
            words = f"it could not be called: {redact(str(error), hidden)}"
            return Done(outcome="failed", words=words[:400])
        except (httpx.HTTPError, TimeoutError) as error:
            why = redact(str(error), hidden) or type(error).__name__
            if is_safe:
                return Done(outcome="failed", words=f"no whole answer: {why}"[:400])
            words = f"no whole answer, and it may have had its effect: {why}"
            return Done(outcome="unknown", words=words[:400])

    async def aclose(self) -> None:
        """Each call is a connection of its own."""

    def _method(self, step: Mapping[str, Any]) -> str:
        method = step.get("method", "GET")
        if method not in METHODS:
            raise Malformed("method", f"{method!r:.40} is unknown", "use GET, POST, PUT, ...")
        return str(method)

    def _url(self, step: Mapping[str, Any]) -> str:
        return check_url(step.get("url"), self._allowed)

    def _token(self, step: Mapping[str, Any]) -> str:
        name = step.get("secret", "")
        if not name:
            return ""
        found = self._secret(f"{SECRET_PREFIX}{name}")
        if not found:
            remedy = f"give it one: crisisdesk procedure secret {name}"
            raise Malformed("secret", f"{name!r:.60} is not at this station", remedy)
        return found


def told_by(status: int, expected: Sequence[int]) -> Done:
    """What a status says: one that is expected is good, without expectations any 2xx."""
    good = status in expected if expected else 200 <= status < 300
    if good:
        return Done(outcome="ok", words=f"HTTP {status}", value=str(status))
    wanted = ", ".join(map(str, expected)) or "2xx"
    words = f"HTTP {status}, expected {wanted}"
    return Done(outcome="failed", words=words, value=str(status))


async def _beginning(answer: httpx.Response) -> str:
    """The first bytes of what was answered, as text that can be shown."""
    data = b""
    async for piece in answer.aiter_raw():
        data += piece
        if len(data) >= READ_LIMIT:
            break
    text = data[:READ_LIMIT].decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)
