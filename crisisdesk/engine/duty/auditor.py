"""The auditor: on every station, sees to it that pages and steps long due are acted on.

A holder that hangs still renews its lease, so a healthy lease proves nothing; only claims do.
"""

from __future__ import annotations

import asyncio
import logging

from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.commands import ListOverdue
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.duty.keeper import LeaseKeeper
from crisisdesk.engine.duty.pager_gate import DutyGate
from crisisdesk.engine.escalation_commands import ListLateSteps
from crisisdesk.engine.exchange.ports import HubAway, HubRefused
from crisisdesk.engine.ports import Clock, StoreFailed

log = logging.getLogger(__name__)

CHECK_S = 2.0
LATE_S = 30.0


class Auditor:
    """Runs on the engine's loop. ``problem`` says in words what is wrong; empty while all is well.

    Without ``gate`` and ``keeper`` (no hub) it only tells.
    """

    def __init__(
        self,
        submit: Submit,
        clock: Clock,
        gate: DutyGate | None = None,
        keeper: LeaseKeeper | None = None,
    ) -> None:
        self._submit = submit
        self._clock = clock
        self._gate = gate
        self._keeper = keeper
        self._last_claim = clock.boottime()
        self._acted = clock.boottime()
        self._seen: frozenset[str] = frozenset()
        self._seen_steps: frozenset[str] = frozenset()
        self.problem = ""

    def on_commit(self, kinds: dict[str, int]) -> None:
        """A claim by anyone, heard of through the log, shows that somebody pages."""
        if "delivery.claimed" in kinds:
            self._last_claim = self._clock.boottime()

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            try:
                await self.check()
            except (StoreFailed, Overloaded) as error:
                log.error("overdue pages could not be looked for, trying again: %s", error)
            await asyncio.sleep(CHECK_S)

    async def check(self) -> list[str]:
        """Look once; returns the deliveries that nobody acts on, at this look and the one before.

        After a suspend all is overdue at once: whoever pages gets the time between two looks.
        """
        patience_ms = 0
        if self._gate is not None and (leave := self._gate.leave()) is not None:
            patience_ms = leave.patience_ms
        late_ms = round(LATE_S * 1000) + patience_ms
        late: list[str] = await self._submit(ListOverdue(late_ms=late_ms), ENGINE)
        overdue = [key for key in late if key in self._seen]
        self._seen = frozenset(late)
        if overdue and self._clock.boottime() - self._last_claim < LATE_S:
            overdue = []
        if overdue:
            overdue = await self._unknown_to_ledger(overdue)
        self._tell(overdue, await self._late_steps(late_ms))
        if overdue:
            self._elect()
        return overdue

    async def _late_steps(self, late_ms: int) -> list[str]:
        """Escalations that no station has gone on with, at this look and the one before.

        Every station takes steps that are late, so there is nobody to depose: a person has to know.
        """
        late: list[str] = await self._submit(ListLateSteps(late_ms=late_ms), ENGINE)
        stuck = [name for name in late if name in self._seen_steps]
        self._seen_steps = frozenset(late)
        return stuck

    async def _unknown_to_ledger(self, overdue: list[str]) -> list[str]:
        """Those without a claim or an end in the hub's ledger; all of them when it is away."""
        if self._gate is None:
            return overdue
        try:
            rows = await self._gate.rows(overdue)
        except (HubAway, HubRefused):
            return overdue
        oldest_ms = self._clock.now_ms() - round(LATE_S * 1000)
        acted_on = {r.key for r in rows if r.state == "sent" or r.deadline_ms > oldest_ms}
        return [key for key in overdue if key not in acted_on]

    def _tell(self, overdue: list[str], stuck: list[str]) -> None:
        told = [
            f"{what} more than {LATE_S:.0f} s overdue and no station acts on them"
            for what in (_many(overdue, "page"), _many(stuck, "step"))
            if what
        ]
        problem = "; ".join(told)
        if problem and not self.problem:
            log.error("%s; first %s", problem, (overdue or stuck)[0])
        self.problem = problem
        if self._gate is not None:
            self._gate.overdue(bool(overdue))

    def _elect(self) -> None:
        """Let another station page, though the lease looks healthy."""
        if self._gate is None or self._keeper is None:
            return
        now, view = self._clock.boottime(), self._keeper.view
        # Whoever just took over is given as long as the one before.
        if now - max(view.token_since, self._acted) < LATE_S:
            return
        self._acted = now
        if self._keeper.holds(now):
            log.error("this station has the lease and does not page; it gives the lease back")
            self._keeper.stand_back()
        elif view.unanswered is None and view.holder:
            log.error("station %s has the lease and does not page; deposed", view.holder[:8])
            self._keeper.depose(view.holder_token)


def _many(names: list[str], word: str) -> str:
    """ "1 page is", "2 pages are"; "" for none."""
    if not names:
        return ""
    return f"1 {word} is" if len(names) == 1 else f"{len(names)} {word}s are"
