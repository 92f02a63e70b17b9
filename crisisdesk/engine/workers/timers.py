"""The timers: mind alerts and escalations whose moment has come, and keep the hourly backups."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.commands import MindDueAlerts
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.decision_commands import MindDecisions
from crisisdesk.engine.escalation_commands import MindEscalations, MindUnattended
from crisisdesk.engine.hold_commands import MindHolds
from crisisdesk.engine.incident_commands import MindRings
from crisisdesk.engine.ports import Clock, Keeper, StoreFailed
from crisisdesk.engine.role_commands import MindRoles
from crisisdesk.engine.task_commands import MindTasks

log = logging.getLogger(__name__)

TICK_S = 0.25
BATCH = 200
# How much later a station without duty takes the next step of an escalation, or lets an
# acknowledgement run out.
OTHERS_LATE_MS = 5_000
# How often alerts are looked for that nothing will page for.
LOOK_S, OTHERS_LOOK_S = 15.0, 60.0
BACKUP_RETRY_MS = 5 * 60_000


class DueTimer:
    """Minds alerts and escalations whose moment has come; without pause while more are due.

    ``on_duty`` says whether this station pages now. One that does not goes on with an escalation
    only when nobody else has for a while: two that did so at once would only write it twice.
    ``at_desk`` gives the names, in small letters, of those who hear of their tasks at a desk.
    """

    def __init__(
        self,
        submit: Submit,
        clock: Clock,
        on_duty: Callable[[], bool],
        at_desk: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._submit = submit
        self._at_desk = at_desk
        self._clock = clock
        self._on_duty = on_duty
        self._next_look = 0.0

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            minded = 0
            try:
                minded = await self.mind()
            except (StoreFailed, Overloaded) as error:
                log.error("what is due could not be minded, trying again: %s", error)
            if minded < BATCH:
                await asyncio.sleep(TICK_S)

    async def mind(self) -> int:
        """Do what is due now; the greatest number of things of one kind that were."""
        on_duty, now = self._on_duty(), self._clock.boottime()
        minded: list[int] = [await self._submit(MindDueAlerts(limit=BATCH), ENGINE)]
        late_ms = 0 if on_duty else OTHERS_LATE_MS
        minded.append(await self._submit(MindEscalations(late_ms=late_ms, limit=BATCH), ENGINE))
        look = now >= self._next_look
        holds = MindHolds(late_ms=late_ms, limit=BATCH, look=look)
        minded.append(await self._submit(holds, ENGINE))
        if look:
            self._next_look = now + (LOOK_S if on_duty else OTHERS_LOOK_S)
            minded.append(await self._submit(MindUnattended(limit=BATCH), ENGINE))
            tasks = MindTasks(late_ms=late_ms, limit=BATCH, at_desk=self._at_desk())
            minded.append(await self._submit(tasks, ENGINE))
            minded.append(await self._submit(MindRoles(late_ms=late_ms, limit=BATCH), ENGINE))
            decisions = MindDecisions(late_ms=late_ms, limit=BATCH)
            minded.append(await self._submit(decisions, ENGINE))
            minded.append(await self._submit(MindRings(), ENGINE))
        return max(minded)


class BackupTimer:
    """Makes a backup when the newest one is older than the interval; says so when it cannot."""

    def __init__(self, keeper: Keeper, clock: Clock, interval_ms: int) -> None:
        self._keeper = keeper
        self._clock = clock
        self._interval_ms = interval_ms
        self._failed_at: int | None = None
        self.problem = ""

    @property
    def last_backup_ms(self) -> int | None:
        """When the newest good copy was made."""
        return self._keeper.last_backup_ms()

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            if self._is_due(self._clock.now_ms()):
                await self._back_up()
            await asyncio.sleep(TICK_S * 40)

    def _is_due(self, now: int) -> bool:
        if self._failed_at is not None and now - self._failed_at < BACKUP_RETRY_MS:
            return False
        last = self._keeper.last_backup_ms()
        return last is None or not 0 <= now - last < self._interval_ms

    async def _back_up(self) -> None:
        try:
            await asyncio.to_thread(self._keeper.back_up)
            self._failed_at, self.problem = None, ""
        except StoreFailed as error:
            self._failed_at = self._clock.now_ms()
            self.problem = f"no backup: {error}"
            log.error("the backup failed: %s", error)
