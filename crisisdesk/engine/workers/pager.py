"""The pager: claims due deliveries, hands them to their providers, writes down how it ended."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery
from crisisdesk.engine.commands import ClaimDeliveries, Command, SettleDelivery
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.ports import Outcome, Outgoing, Renderer, Secrets, Sender, StoreFailed

log = logging.getLogger(__name__)

ENGINE = "engine"
PER_METHOD = 4
TICK_S = 0.5
GRACE_S = 2.0

Submit = Callable[[Command, str], "asyncio.Future[Any]"]
_WAKING = {"delivery.queued", "delivery.failed", "contact.saved"}


def secret_name(method_id: str) -> str:
    """Under which name a contact method's address lies in the secrets store."""
    return f"method:{method_id}"


class Pager:
    """Runs on the engine's loop.

    A slow or dead provider holds at most `PER_METHOD` places of its own contact method and none of
    any other's.
    """

    def __init__(
        self, submit: Submit, sender: Sender, secrets: Secrets, render: Renderer, deadline_s: float
    ) -> None:
        self._submit = submit
        self._sender = sender
        self._secrets = secrets
        self._render = render
        self._deadline_s = deadline_s
        self._wake = asyncio.Event()
        self._busy: Counter[str] = Counter()
        self._urls: dict[str, str] = {}
        self.sent = 0
        self.failed = 0

    @property
    def in_flight(self) -> int:
        """How many attempts are under way."""
        return self._busy.total()

    def on_commit(self, kinds: dict[str, int]) -> None:
        """Look at the queue at once when a commit may have put something there."""
        if "contact.saved" in kinds:
            self._urls.clear()
        if not _WAKING.isdisjoint(kinds):
            self._wake.set()

    async def run(self) -> None:
        """Serve until cancelled; attempts under way are then left to their claims."""
        async with asyncio.TaskGroup() as attempts:
            while True:
                try:
                    async with asyncio.timeout(TICK_S):
                        await self._wake.wait()
                except TimeoutError:
                    pass  # the tick itself: retries and expired claims come due by the clock
                self._wake.clear()
                await self._claim(attempts)

    async def _claim(self, attempts: asyncio.TaskGroup) -> None:
        command = ClaimDeliveries(busy=dict(self._busy), per_method=PER_METHOD)
        try:
            claimed = await self._submit(command, ENGINE)
        except (StoreFailed, Overloaded) as error:
            log.error("deliveries could not be claimed, trying again: %s", error)
            return
        for delivery, alert in claimed:
            self._busy[delivery.method_id] += 1
            attempts.create_task(self._attempt(delivery, alert), name=delivery.delivery_id)

    async def _attempt(self, delivery: Delivery, alert: Alert | None) -> None:
        try:
            outcome = await self._send(delivery, alert)
            self.sent += outcome.ok
            self.failed += not outcome.ok
            await self._submit(
                SettleDelivery(
                    delivery_id=delivery.delivery_id, attempt=delivery.attempt, outcome=outcome
                ),
                ENGINE,
            )
        except (StoreFailed, Overloaded, Stopped) as error:
            # The claim stands until its deadline; then the attempt counts as of unknown outcome.
            log.error("the end of delivery %s was not saved: %s", delivery.delivery_id, error)
        finally:
            self._busy[delivery.method_id] -= 1
            self._wake.set()

    async def _send(self, delivery: Delivery, alert: Alert | None) -> Outcome:
        try:
            url = await self._url(delivery.method_id)
            if url is None:
                words = "no address is stored for this contact method; enter it in Settings"
                return Outcome(ok=False, words=words, retryable=False)
            title, text = self._render(delivery, alert)
            outgoing = Outgoing(
                key=delivery.delivery_id,
                url=url,
                title=title,
                text=text,
                severity=delivery.severity,
                alert_id=delivery.alert_id,
                deadline_s=self._deadline_s,
                possible_repeat=delivery.unknown > 0,
            )
            async with asyncio.timeout(self._deadline_s + GRACE_S):
                return await self._sender.send(outgoing)
        except TimeoutError:
            return Outcome(ok=False, words=f"no answer within {self._deadline_s:.0f} s")
        except Exception as bug:
            log.exception("sending delivery %s failed", delivery.delivery_id)
            return Outcome(ok=False, words=f"the sender failed ({type(bug).__name__})")

    async def _url(self, method_id: str) -> str | None:
        """The address with its secrets; the keyring may ask a person, so never on the loop."""
        url = self._urls.get(method_id)
        if url is None:
            url = await asyncio.to_thread(self._secrets.get, secret_name(method_id))
            if url is not None:
                self._urls[method_id] = url
        return url
