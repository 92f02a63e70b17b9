"""The addresses of heartbeats: whoever knows one may beat, by GET, HEAD or POST."""

from __future__ import annotations

import re
from typing import Any, Protocol

from crisisdesk.api.answers import Refused, Send

# The secret part: 32 random bytes in base 64, which no id of a heartbeat looks like.
BEAT_PATH = re.compile(r"/crisis/heartbeats/([A-Za-z0-9_-]{43})(?:/(fail|start))?/?")
BEAT_METHODS = frozenset({"GET", "HEAD", "POST"})
# What a job says of itself; the rest is not looked at.
BODY_BYTES = 64 * 1024
_OK: dict[str, Any] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"3")],
}


class Ear(Protocol):
    """What hears heartbeats (see `engine.workers.heartbeats.HeartbeatJudge`)."""

    async def hear(self, token: str, what: str = "", words: str = "") -> bool: ...
    async def refresh(self) -> None: ...
    def standing(self) -> list[Any]: ...


async def serve_beat(
    ear: Ear | None, found: re.Match[str], method: str, body: bytes, send: Send
) -> None:
    """Hear a beat and answer "OK"; raises Refused 404 for an address that no heartbeat has."""
    words = body.decode("utf-8", "replace")
    if ear is None or not await ear.hear(found[1], found[2] or "", words):
        # Nothing of the path comes back: a mistyped secret is one all the same.
        raise Refused(
            404, "path", "is no heartbeat's address", "declare one: crisisdesk heartbeat add"
        )
    await send(_OK)
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else b"OK\n"})
