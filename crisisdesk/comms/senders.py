"""The engine's Sender: picks the way by the address, or records and sends nothing when sealed."""

from __future__ import annotations

import asyncio
import threading
from collections import deque

from crisisdesk.comms.apprise_sender import AppriseSender, check_by_provider, warm_up
from crisisdesk.comms.channels import (
    WEBHOOK_SCHEMES,
    AddressError,
    channel_of,
    check_shape,
    masked,
    scheme_of,
)
from crisisdesk.comms.lanes import THREADS_PER_LANE
from crisisdesk.comms.webhook_sender import WebhookSender
from crisisdesk.engine.ports import Clock, Outcome, Outgoing

__all__ = [
    "AddressError",
    "SealedSender",
    "Senders",
    "channel_of",
    "check_url",
    "masked",
    "warm_up",
]

SEALED_KEPT = 10_000


def check_url(url: str) -> None:
    """Refuse a contact method's address that cannot work; AddressError names the remedy.

    Sends nothing. Loads Apprise the first time (0.6 s): call it off the event loop.
    """
    check_shape(url)
    if scheme_of(url) not in WEBHOOK_SCHEMES:
        check_by_provider(url)


class Senders:
    """Sends by the address's scheme; each channel has its own threads or connections."""

    def __init__(
        self, clock: Clock | None = None, threads_per_lane: int = THREADS_PER_LANE
    ) -> None:
        self._webhook = WebhookSender(clock)
        self._apprise = AppriseSender(threads_per_lane)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Try once; an address we do not know is a definite refusal."""
        try:
            scheme = scheme_of(outgoing.url)
        except AddressError as error:
            return Outcome(ok=False, words=str(error)[:300], retryable=False)
        if scheme in WEBHOOK_SCHEMES:
            return await self._webhook.send(outgoing)
        return await self._apprise.send(outgoing)

    async def warm_up(self) -> None:
        """Load the slow libraries in a thread of their own, before the first page needs them."""
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def work() -> None:
            try:
                warm_up()
            finally:
                loop.call_soon_threadsafe(done.set_result, None)

        threading.Thread(target=work, name="page warm-up", daemon=True).start()
        await asyncio.shield(done)

    def hanging(self) -> dict[str, int]:
        """How many given-up attempts still hang, by lane; only lanes with any."""
        return {name: lane.hanging for name, lane in self._apprise.lanes.items() if lane.hanging}

    async def aclose(self) -> None:
        """Let go of connections and threads."""
        await self._webhook.aclose()
        await self._apprise.aclose()


class SealedSender:
    """For drills and the demo: remembers what would have been sent, sends nothing.

    Keeps the last 10,000 pages in ``sent``.
    """

    def __init__(self) -> None:
        self.sent: deque[Outgoing] = deque(maxlen=SEALED_KEPT)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Remember it; refuses what the real senders would refuse at a glance."""
        try:
            check_shape(outgoing.url)
        except AddressError as error:
            return Outcome(ok=False, words=str(error)[:300], retryable=False)
        self.sent.append(outgoing)
        return Outcome(ok=True, words=f"sealed: not sent to {masked(outgoing.url)}")

    async def aclose(self) -> None:
        """Nothing to let go of."""
