"""The timers: mind alerts whose moment has come, and keep the hourly backups."""

from __future__ import annotations

import asyncio
import logging

from crisisdesk.engine.commands import MindDueAlerts
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.ports import Clock, Keeper, StoreFailed
from crisisdesk.engine.workers.asking import ENGINE, Submit

log = logging.getLogger(__name__)

TICK_S = 0.25
BATCH = 200
BACKUP_RETRY_MS = 5 * 60_000


async def mind_alerts(submit: Submit) -> None:
    """Pre-alarms, breaches and expiries; every quarter second, without pause while more are due."""
    while True:
        minded = 0
        try:
            minded = await submit(MindDueAlerts(limit=BATCH), ENGINE)
        except (StoreFailed, Overloaded) as error:
            log.error("due alerts could not be minded, trying again: %s", error)
        if minded < BATCH:
            await asyncio.sleep(TICK_S)


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
