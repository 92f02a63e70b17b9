"""Pages to send in tests, and sending them once."""

from __future__ import annotations

import asyncio
from typing import Any

from crisisdesk.comms.senders import Senders
from crisisdesk.engine.ports import Outcome, Outgoing


def page(url: str, **changes: Any) -> Outgoing:
    given: dict[str, Any] = {
        "key": "delivery-1",
        "url": url,
        "title": "CRITICAL: Checkout fails",
        "text": "CRITICAL: Checkout fails\nSince: now",
        "severity": "critical",
        "alert_id": "01J9ZK",
        "deadline_s": 10.0,
    }
    return Outgoing(**(given | changes))


def send_all(*pages: Outgoing, threads_per_lane: int = 16) -> list[Outcome]:
    async def run() -> list[Outcome]:
        senders = Senders(threads_per_lane=threads_per_lane)
        try:
            return list(await asyncio.gather(*(senders.send(one) for one in pages)))
        finally:
            await senders.aclose()

    return asyncio.run(run())


def send(url: str, **changes: Any) -> Outcome:
    return send_all(page(url, **changes))[0]
