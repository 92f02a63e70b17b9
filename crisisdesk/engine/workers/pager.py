"""The pager: claims due deliveries, hands them to their providers, writes down how it ended."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crisisdesk.domain.answering import Offer, answerable, has_buttons
from crisisdesk.domain.delivery import Delivery
from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.commands import (
    ChooseDeliveries,
    ClaimDeliveries,
    ClaimTerms,
    RecheckDelivery,
    ReleaseDelivery,
    SettleBundled,
    SettleDelivery,
)
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.duty.ports import Leave, LedgerRow, PagerGate
from crisisdesk.engine.patience import within
from crisisdesk.engine.policy import PAGE_TTL_MS
from crisisdesk.engine.ports import (
    Offers,
    Outcome,
    Outgoing,
    Renderer,
    Secrets,
    Sender,
    StoreFailed,
)
from crisisdesk.engine.workers.bundler import Bundler
from crisisdesk.engine.workers.messages import Claims, Message, grouped

log = logging.getLogger(__name__)

PER_METHOD = 4
TICK_S = 0.5
GRACE_S = 2.0

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
        page_ttl_ms: Mapping[str, int] = PAGE_TTL_MS,
        offers: Offers | None = None,
    ) -> None:
        self._submit = submit
        self._sender = sender
        self._secrets = secrets
        self._render = render
        self._deadline_s = deadline_s
        self._gate = gate
        self._ttl_ms = page_ttl_ms
        self._offers = offers
        self._wake = asyncio.Event()
        self._sending: set[str] = set()
        self._bundler = Bundler(submit, self._apart, self._sending.update, self._claim_ms)
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
        for message in grouped(claimed):
            self._busy[message.carrier.method_id] += 1
            self._sending.update(message.keys)
            attempts.create_task(self._attempt(message, leave), name=message.carrier.delivery_id)

    def _apart(self) -> frozenset[str]:
        """What is not to be claimed: on its way already, or refused by the ledger a moment ago."""
        refused = frozenset[str]() if self._gate is None else self._gate.apart()
        return refused | self._sending

    @property
    def _claim_ms(self) -> int:
        return round(self._deadline_s * 2000)

    async def _claim_under(
        self, terms: ClaimTerms | None, messages: Sequence[Sequence[str]] = ()
    ) -> Claims:
        claims: Claims = await self._submit(
            ClaimDeliveries(
                busy=dict(self._busy),
                per_method=PER_METHOD,
                apart=frozenset(self._sending),
                terms=terms,
                messages=messages,
            ),
            ENGINE,
        )
        return claims

    async def _claim_in_ledger(self, gate: PagerGate, leave: Leave) -> Claims:
        """First in the hub's ledger, then in the log here; both before anything is sent."""
        choose = ChooseDeliveries(
            busy=dict(self._busy),
            per_method=PER_METHOD,
            apart=self._apart(),
        )
        messages: list[list[str]] = await self._submit(choose, ENGINE)
        keys = [key for message in messages for key in message]
        if not keys:
            return []
        granted = await gate.claim(leave, keys, self._claim_ms)
        await self._note_sent(granted.sent)
        if not granted.attempts:
            return []
        claims: Claims = ()
        try:
            terms = ClaimTerms(holder=leave.holder, token=leave.token, granted=granted.attempts)
            claims = await self._claim_under(terms, messages)
        finally:
            # What turned out to be unwanted, or could not be written down, is free for others.
            unclaimed = granted.attempts.keys() - {d.delivery_id for d, _alert in claims}
            gate.settle(leave, sorted(unclaimed), "failed")
        return claims

    async def _note_sent(self, rows: Sequence[LedgerRow]) -> None:
        """These were sent, as the ledger knows, and the sender's own word has not come here."""
        for row in rows:
            words = "sent before, as the hub's ledger says"
            outcome = Outcome(ok=True, words=words, provider_id=row.provider_id)
            settle = SettleDelivery(delivery_id=row.key, attempt=row.attempt, outcome=outcome)
            await self._submit(settle, ENGINE)

    async def _attempt(self, message: Message, leave: Leave | None) -> None:
        carrier = message.carrier
        try:
            await self._bundler.fill(message, self._gate, leave, self._deadline_s / 4)
            outcome = await self._send(message, leave)
            if outcome is None:
                return
            self.sent += outcome.ok
            self.failed += not outcome.ok
            # Both at once: either record alone keeps the page from being sent again.
            self._tell_ledger(leave, message.keys, "sent" if outcome.ok else "failed", outcome)
            await self._settle(message, outcome, "" if leave is None else leave.holder)
        except (StoreFailed, Overloaded, Stopped) as error:
            # The claim stands until its deadline; then the attempt counts as of unknown outcome.
            log.error("the end of delivery %s was not saved: %s", carrier.delivery_id, error)
        finally:
            self._busy[carrier.method_id] -= 1
            self._sending.difference_update(message.keys, message.left_out)
            self._wake.set()

    async def _settle(self, message: Message, outcome: Outcome, holder: str) -> None:
        carrier = message.carrier
        settle = SettleDelivery(
            delivery_id=carrier.delivery_id,
            attempt=carrier.attempt,
            outcome=outcome,
            holder=holder,
            carried=message.carried_keys,
        )
        left: list[str] = await self._submit(settle, ENGINE)
        while left:
            more = SettleBundled(delivery_id=carrier.delivery_id, outcome=outcome, carried=left)
            left = await self._submit(more, ENGINE)

    def _tell_ledger(
        self,
        leave: Leave | None,
        keys: Sequence[str],
        state: str,
        outcome: Outcome | None = None,
    ) -> None:
        if self._gate is not None and leave is not None:
            provider_id = "" if outcome is None else outcome.provider_id
            self._gate.settle(leave, keys, state, provider_id)

    async def _is_wanted(self, message: Message, leave: Leave | None) -> bool:
        """Whether it is still to be sent at this moment, without what is wanted no more."""
        about: dict[str, Any] = {
            "delivery_id": message.carrier.delivery_id,
            "attempt": message.carrier.attempt,
            "holder": "" if leave is None else leave.holder,
        }
        if message.carried:
            why = await self._bundler.recheck(message, about)
            self._tell_ledger(leave, message.left_out, "failed")
        elif self._gate is None:
            # It was claimed a moment ago, and nobody else was asked since.
            return True
        else:
            why = await self._submit(RecheckDelivery(**about), ENGINE)
        if why:
            log.info("delivery %s was not sent: %s", about["delivery_id"], why)
            self._tell_ledger(leave, message.keys, "failed")
        return not why

    async def _has_right(self, message: Message, leave: Leave) -> bool:
        """Whether the right to send it still stands at this very moment.

        An attempt that begins late could outlast its claim, so it is given back; those that go with
        it follow it.
        """
        assert self._gate is not None
        if self._gate.may_send(leave, self._deadline_s / 2):
            return True
        carrier = message.carrier
        log.info("delivery %s was not sent: duty has passed on", carrier.delivery_id)
        release = ReleaseDelivery(
            delivery_id=carrier.delivery_id, attempt=carrier.attempt, holder=leave.holder
        )
        await self._submit(release, ENGINE)
        self._tell_ledger(leave, message.keys, "failed")
        return False

    async def _send(self, message: Message, leave: Leave | None) -> Outcome | None:
        """Hand it to its provider; None when it was given back before that."""
        carrier = message.carrier
        try:
            url = await self._url(carrier.method_id)
            if url is None:
                words = "no address is stored for this contact method; enter it in Settings"
                # Entered at another station a moment ago, it may still be on its way here.
                return Outcome(ok=False, words=words, retryable=self._gate is not None)
            if not await self._is_wanted(message, leave):
                return None
            outgoing = self._outgoing(message, url, await self._offer(message.carrier, url))
            if leave is not None and not await self._has_right(message, leave):
                return None
            return await within(self._deadline_s + GRACE_S, self._sender.send(outgoing))
        except TimeoutError:
            return Outcome(ok=False, words=f"no answer within {self._deadline_s:.0f} s")
        except (StoreFailed, Overloaded, Stopped):
            raise
        except Exception as bug:
            log.exception("sending delivery %s failed", carrier.delivery_id)
            return Outcome(ok=False, words=f"the sender failed ({type(bug).__name__})")

    async def _offer(self, carrier: Delivery, url: str) -> Offer | None:
        """How it can be answered; a page is never kept back because that cannot be said."""
        if self._offers is None:
            return None
        try:
            return await self._offers.offer(carrier, url)
        except Exception:
            log.exception("page %s goes without ways to answer it", carrier.delivery_id)
            return None

    def _outgoing(self, message: Message, url: str, offer: Offer | None) -> Outgoing:
        carrier = message.carrier
        digest = message.digest(self._ttl_ms)
        title, text = self._render(carrier, message.alert, digest)
        if offer is not None:
            buttons = has_buttons(carrier.channel, carrier.masked)
            text = answerable(
                *(text, title, carrier.channel, offer),
                in_digest=digest is not None,
                buttons=buttons,
            )
        return Outgoing(
            thread=f"{carrier.alert_id}/{carrier.epoch}",
            key=carrier.delivery_id,
            url=url,
            title=title,
            text=text,
            severity=carrier.severity if digest is None else digest.worst,
            alert_id=carrier.alert_id,
            deadline_s=self._deadline_s,
            possible_repeat=message.is_possible_repeat,
            answer=offer,
        )

    async def _url(self, method_id: str) -> str | None:
        """The address with its secrets; the keyring may ask a person, so never on the loop."""
        url = self._urls.get(method_id)
        if url is None:
            url = await asyncio.to_thread(self._secrets.get, secret_name(method_id))
            if url is not None:
                self._urls[method_id] = url
        return url
