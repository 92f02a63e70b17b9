"""The compactor: lets old events leave the log, a piece at a time, while nothing waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from crisisdesk.domain.frontier import Standing
from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.commands import CompactLog
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.ports import Clock, Planner, StoreFailed

log = logging.getLogger(__name__)

EVERY_S = 15 * 60.0
FIRST_S = 60.0
BETWEEN_PIECES_S = 0.1


class Compactor:
    """Runs on the engine's loop. ``others`` tells the other registered stations' standings, or None
    while they are not known; then nothing leaves."""

    def __init__(
        self,
        planner: Planner,
        clock: Clock,
        submit: Submit,
        others: Callable[[], Sequence[Standing] | None],
    ) -> None:
        self._planner = planner
        self._clock = clock
        self._submit = submit
        self._others = others
        self.compacted = 0

    async def run(self) -> None:
        """Serve until cancelled."""
        await asyncio.sleep(FIRST_S)
        while True:
            try:
                await self.once()
            except (StoreFailed, Overloaded) as error:
                log.error("the log was not compacted, trying again: %s", error)
            await asyncio.sleep(EVERY_S)

    async def once(self) -> int:
        """Let leave what may; how many events left."""
        others = self._others()
        if others is None:
            return 0
        left = 0
        for piece in await asyncio.to_thread(self._planner.plan, self._clock.now_ms(), others):
            left += await self._submit(CompactLog(piece=piece), ENGINE)
            await asyncio.sleep(BETWEEN_PIECES_S)
        self.compacted += left
        if left:
            log.info("%d events left the log for the archive", left)
        return left
