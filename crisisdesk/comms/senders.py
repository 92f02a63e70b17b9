"""The engine's Sender: picks the way by the address, or records and sends nothing when sealed."""

from __future__ import annotations

import asyncio
import threading
from collections import deque

from crisisdesk.comms.apprise_sender import AppriseSender, check_by_provider, warm_up
from crisisdesk.comms.breaker import Breakers, LaneState
from crisisdesk.comms.channels import (
    DIRECT_SCHEMES,
    MAIL_SCHEMES,
    WEBHOOK_SCHEMES,
    AddressError,
    channel_of,
    check_shape,
    lane_of,
    masked,
    scheme_of,
)
from crisisdesk.comms.direct_sender import DirectSender, Provider
from crisisdesk.comms.http_lines import HttpLines
from crisisdesk.comms.lanes import THREADS_PER_LANE
from crisisdesk.comms.mail_address import check_mail
from crisisdesk.comms.mail_sender import MailSender
from crisisdesk.comms.ntfy_sender import Ntfy
from crisisdesk.comms.opsgenie_sender import Opsgenie
from crisisdesk.comms.pagerduty_sender import PagerDuty
from crisisdesk.comms.twilio_sender import Twilio
from crisisdesk.comms.webhook_sender import WebhookSender
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.ports import Clock, Confirmation, Outcome, Outgoing, Sender

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
PROVIDERS: dict[str, Provider] = {
    "pagerduty": PagerDuty(),
    "opsgenie": Opsgenie(),
    "twilio": Twilio(),
    "ntfy": Ntfy(),
    "ntfys": Ntfy(),
}


def check_url(url: str) -> None:
    """Refuse a contact method's address that cannot work; AddressError names the remedy.

    Sends nothing. May load Apprise the first time (0.6 s): call it off the event loop.
    """
    check_shape(url)
    scheme = scheme_of(url)
    if scheme in DIRECT_SCHEMES:
        PROVIDERS[scheme].check(url)
    elif scheme in MAIL_SCHEMES:
        check_mail(url)
    elif scheme not in WEBHOOK_SCHEMES:
        check_by_provider(url)


class Senders:
    """Sends by the address's scheme; each provider has its own threads or connections.

    A provider that keeps failing is left alone for a while, see `breaker`; implements `Confirmer`.
    """

    def __init__(
        self, clock: Clock | None = None, threads_per_lane: int = THREADS_PER_LANE
    ) -> None:
        self._lines = HttpLines()
        self._breakers = Breakers(clock or SystemClock())
        self._apprise = AppriseSender(threads_per_lane)
        self._mail = MailSender(clock or SystemClock(), threads_per_lane)
        self._direct = {
            scheme: DirectSender(self._lines, provider) for scheme, provider in PROVIDERS.items()
        }
        webhook = WebhookSender(self._lines, clock)
        self._ways: dict[str, Sender] = {
            **self._direct,
            **dict.fromkeys(MAIL_SCHEMES, self._mail),
            **dict.fromkeys(WEBHOOK_SCHEMES, webhook),
        }

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Try once; an address we do not know is a definite refusal."""
        try:
            check_shape(outgoing.url)
            scheme, lane = scheme_of(outgoing.url), lane_of(outgoing.url)
        except AddressError as error:
            return Outcome(ok=False, words=str(error)[:300], retryable=False)
        way = self._ways.get(scheme, self._apprise)
        return await self._breakers.of(lane).run(lambda: way.send(outgoing))

    async def confirm(self, url: str, provider_id: str, deadline_s: float) -> Confirmation:
        """What became of a page that was taken; ``unknown`` where the provider does not tell."""
        try:
            way = self._direct.get(scheme_of(url))
        except AddressError as error:
            return Confirmation(state="unknown", words=str(error)[:300])
        if way is None:
            return Confirmation(state="unknown", words="this provider does not tell")
        return await way.confirm(url, provider_id, deadline_s)

    def lanes(self) -> list[LaneState]:
        """How every provider stands that was tried since the start, by name."""
        return self._breakers.lanes()

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
        lanes = {**self._apprise.lanes, **self._mail.lanes}
        return {name: lane.hanging for name, lane in lanes.items() if lane.hanging}

    async def aclose(self) -> None:
        """Let go of connections and threads."""
        await self._mail.aclose()
        await self._apprise.aclose()
        await self._lines.aclose()


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
