"""The bundler: lets more join a message before it is sent, and looks at all in it once more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

from crisisdesk.domain.bundle import BUNDLE_STEP
from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.commands import (
    ChooseJoining,
    ClaimTerms,
    JoinBundle,
    RecheckBundle,
    RecheckDelivery,
)
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.duty.ports import Leave, PagerGate
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.workers.messages import Claims, Message, parts_of

log = logging.getLogger(__name__)

# A claim that brought fewer than this has brought all there is.
MORE_FROM = BUNDLE_STEP // 2


class Bundler:
    """Works for the pager.

    ``apart`` are the deliveries that are not to join anything, ``hold`` adds to them.
    """

    def __init__(
        self,
        submit: Submit,
        apart: Callable[[], frozenset[str]],
        hold: Callable[[Iterable[str]], None],
        claim_ms: int,
    ) -> None:
        self._submit = submit
        self._apart = apart
        self._hold = hold
        self._claim_ms = claim_ms

    async def fill(
        self, message: Message, gate: PagerGate | None, leave: Leave | None, within_s: float
    ) -> None:
        """In a storm, take in what else waits, a part at a time, so that nothing has to wait long
        for the engine meanwhile; what is not in it after ``within_s`` goes in the next one."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within_s
        brought = len(message.carried)
        while brought >= MORE_FROM and loop.time() < until:
            try:
                joined = await self._join(message, gate, leave)
            except (StoreFailed, Overloaded) as error:
                log.error("no more could join a bundle, it goes as it is: %s", error)
                return
            self._hold(delivery.delivery_id for delivery, _alert in joined)
            message.carried += joined
            brought = len(joined)

    async def _join(self, message: Message, gate: PagerGate | None, leave: Leave | None) -> Claims:
        about: dict[str, Any] = {
            "carrier_id": message.carrier.delivery_id,
            "attempt": message.carrier.attempt,
            "holder": "" if leave is None else leave.holder,
            "apart": self._apart().union(message.keys),
        }
        terms = None if leave is None else _terms_of(leave)
        if gate is None or leave is None or not leave.token:
            joined: Claims = await self._submit(JoinBundle(**about, terms=terms), ENGINE)
            return joined
        keys: list[str] = await self._submit(ChooseJoining(**about), ENGINE)
        if not keys:
            return ()
        granted = await gate.claim(leave, keys, self._claim_ms)
        terms = ClaimTerms(holder=leave.holder, token=leave.token, granted=granted.attempts)
        joined = ()
        try:
            joined = await self._submit(JoinBundle(**about, terms=terms), ENGINE)
        finally:
            unjoined = granted.attempts.keys() - {d.delivery_id for d, _alert in joined}
            gate.settle(leave, sorted(unjoined), "failed")
        return joined

    async def recheck(self, message: Message, about: dict[str, Any]) -> str:
        """Leave out what is not wanted any more; why nothing must be sent, empty when it must.

        ``about`` names the carrier's claim.
        """
        wanted: set[str] = set()
        for part in parts_of(message.carried_keys, BUNDLE_STEP):
            why, still = await self._submit(RecheckBundle(**about, carried=part), ENGINE)
            if why:
                return str(why)
            wanted.update(still)
        message.keep(wanted)
        if wanted:
            return ""
        why = await self._submit(RecheckDelivery(**about), ENGINE)
        return str(why)


def _terms_of(leave: Leave) -> ClaimTerms:
    return ClaimTerms(holder=leave.holder, patience_ms=leave.patience_ms, shared=leave.shared)
