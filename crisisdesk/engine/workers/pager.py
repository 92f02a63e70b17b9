"""The pager: claims due deliveries, hands them to their providers, writes down how it ended."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery
from crisisdesk.engine.commands import (
    ChooseDeliveries,
    ClaimDeliveries,
    ClaimTerms,
    Command,
    RecheckDelivery,
    ReleaseDelivery,
    SettleDelivery,
)
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.duty.ports import Leave, LedgerRow, PagerGate
from crisisdesk.engine.patience import within
from crisisdesk.engine.ports import Outcome, Outgoing, Renderer, Secrets, Sender, StoreFailed

log = logging.getLogger(__name__)

ENGINE = "engine"
PER_METHOD = 4
TICK_S = 0.5
GRACE_S = 2.0

Submit = Callable[[Command, str], "asyncio.Future[Any]"]
Claims = list[tuple[Delivery, Alert | None]]
_WAKING = {"delivery.queued", "delivery.failed", "delivery.released", "contact.saved"}


def secret_name(method_id: str) -> str:
    """Under which name a contact method's address lies in the secrets store."""
    return f"method:{method_id}"


class Pager:
    """Runs on the engine's loop.

    A slow or dead provider holds at most `PER_METHOD` places of its own contact method and none of
    any other's. Without a ``gate`` this station pages alone; with one it asks before each claim and
    again directly before each send.
    """

    def __init__(
        self,
        submit: Submit,
        sender: Sender,
        secrets: Secrets,
        render: Renderer,
        deadline_s: float,
        gate: PagerGate | None = None,
    ) -> None:
        self._submit = submit
        self._sender = sender
        self._secrets = secrets
        self._render = render
        self._deadline_s = deadline_s
        self._gate = gate
        self._wake = asyncio.Event()
        self._sending: set[str] = set()
        self._busy: Counter[str] = Counter()
        self._urls: dict[str, str] = {}
        self.sent = 0
        self.failed = 0
        if gate is not None:
            gate.on_leave(self._wake.set)

    def forget(self, method_ids: Iterable[str]) -> None:
        """These addresses have changed; ask for them again. From any thread."""
        for method_id in method_ids:
            self._urls.pop(method_id, None)

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
        leave = None
        try:
            if self._gate is None:
                claimed = await self._claim_under(None)
            elif (leave := self._gate.leave()) is None:
                return
            elif leave.token:
                claimed = await self._claim_in_ledger(self._gate, leave)
            else:
                terms = ClaimTerms(
                    holder=leave.holder, patience_ms=leave.patience_ms, shared=leave.shared
                )
                claimed = await self._claim_under(terms)
        except (StoreFailed, Overloaded) as error:
            log.error("deliveries could not be claimed, trying again: %s", error)
            return
        for delivery, alert in claimed:
            self._busy[delivery.method_id] += 1
            self._sending.add(delivery.delivery_id)
            attempts.create_task(self._attempt(delivery, alert, leave), name=delivery.delivery_id)

    async def _claim_under(self, terms: ClaimTerms | None) -> Claims:
        claims: Claims = await self._submit(
            ClaimDeliveries(
                busy=dict(self._busy),
                per_method=PER_METHOD,
                apart=frozenset(self._sending),
                terms=terms,
            ),
            ENGINE,
        )
        return claims

    async def _claim_in_ledger(self, gate: PagerGate, leave: Leave) -> Claims:
        """First in the hub's ledger, then in the log here; both before anything is sent."""
        choose = ChooseDeliveries(
            busy=dict(self._busy),
            per_method=PER_METHOD,
            apart=gate.apart() | frozenset(self._sending),
        )
        keys: list[str] = await self._submit(choose, ENGINE)
        if not keys:
            return []
        granted = await gate.claim(leave, keys, round(self._deadline_s * 2000))
        await self._note_sent(granted.sent)
        if not granted.attempts:
            return []
        claims: Claims = []
        try:
            terms = ClaimTerms(holder=leave.holder, token=leave.token, granted=granted.attempts)
            claims = await self._claim_under(terms)
        finally:
            # What turned out to be unwanted, or could not be written down, is free for others.
            for key in granted.attempts.keys() - {d.delivery_id for d, _alert in claims}:
                gate.settle(leave, key, "failed")
        return claims

    async def _note_sent(self, rows: Sequence[LedgerRow]) -> None:
        """These were sent, as the ledger knows, and the sender's own word has not come here."""
        for row in rows:
            words = "sent before, as the hub's ledger says"
            outcome = Outcome(ok=True, words=words, provider_id=row.provider_id)
            settle = SettleDelivery(delivery_id=row.key, attempt=row.attempt, outcome=outcome)
            await self._submit(settle, ENGINE)

    async def _attempt(self, delivery: Delivery, alert: Alert | None, leave: Leave | None) -> None:
        try:
            outcome = await self._send(delivery, alert, leave)
            if outcome is None:
                return
            self.sent += outcome.ok
            self.failed += not outcome.ok
            # Both at once: either record alone keeps the page from being sent again.
            self._tell_ledger(leave, delivery, "sent" if outcome.ok else "failed", outcome)
            await self._submit(
                SettleDelivery(
                    delivery_id=delivery.delivery_id,
                    attempt=delivery.attempt,
                    outcome=outcome,
                    holder="" if leave is None else leave.holder,
                ),
                ENGINE,
            )
        except (StoreFailed, Overloaded, Stopped) as error:
            # The claim stands until its deadline; then the attempt counts as of unknown outcome.
            log.error("the end of delivery %s was not saved: %s", delivery.delivery_id, error)
        finally:
            self._busy[delivery.method_id] -= 1
            self._sending.discard(delivery.delivery_id)
            self._wake.set()

    def _tell_ledger(
        self, leave: Leave | None, delivery: Delivery, state: str, outcome: Outcome | None = None
    ) -> None:
        if self._gate is not None and leave is not None:
            provider_id = "" if outcome is None else outcome.provider_id
            self._gate.settle(leave, delivery.delivery_id, state, provider_id)

    async def _may_send(self, delivery: Delivery, leave: Leave) -> bool:
        """Whether the page is still wanted, and the right to send it still stands, at this moment.

        An attempt that begins late could outlast its claim, so it is given back.
        """
        assert self._gate is not None
        about: dict[str, Any] = {
            "delivery_id": delivery.delivery_id,
            "attempt": delivery.attempt,
            "holder": leave.holder,
        }
        why = await self._submit(RecheckDelivery(**about), ENGINE)
        if not why and self._gate.may_send(leave, self._deadline_s / 2):
            return True
        log.info("delivery %s was not sent: %s", delivery.delivery_id, why or "duty has passed on")
        if not why:
            await self._submit(ReleaseDelivery(**about), ENGINE)
        self._tell_ledger(leave, delivery, "failed")
        return False

    async def _send(
        self, delivery: Delivery, alert: Alert | None, leave: Leave | None
    ) -> Outcome | None:
        """Hand it to its provider; None when it was given back before that."""
        try:
            url = await self._url(delivery.method_id)
            if url is None:
                words = "no address is stored for this contact method; enter it in Settings"
                # Entered at another station a moment ago, it may still be on its way here.
                return Outcome(ok=False, words=words, retryable=self._gate is not None)
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
                thread=f"{delivery.alert_id}/{delivery.epoch}",
            )
            if leave is not None and not await self._may_send(delivery, leave):
                return None
            return await within(self._deadline_s + GRACE_S, self._sender.send(outgoing))
        except TimeoutError:
            return Outcome(ok=False, words=f"no answer within {self._deadline_s:.0f} s")
        except (StoreFailed, Overloaded, Stopped):
            raise
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
