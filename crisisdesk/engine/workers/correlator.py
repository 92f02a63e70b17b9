"""The correlator: looks a moment after alerts came whether they belong together.

A worker of its own, so that nothing that fails here keeps an alert, an escalation or a page.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.correlation_commands import MindCandidates
from crisisdesk.engine.ports import StoreFailed

log = logging.getLogger(__name__)

TICK_S = 0.5
BATCH = 1_000
# How much later a station without duty decides: two that did so at once would only write it twice.
OTHERS_LATE_MS = 5_000


class Correlator:
    """Minds candidates; ``on_duty`` says whether this station pages now."""

    def __init__(self, submit: Submit, on_duty: Callable[[], bool]) -> None:
        self._submit = submit
        self._on_duty = on_duty

    async def run(self) -> None:
        """Serve until cancelled; without pause while more waits."""
        while True:
            looked_at = 0
            try:
                looked_at = await self.look()
            except (StoreFailed, Overloaded) as error:
                log.error("candidates could not be minded, trying again: %s", error)
            if looked_at < BATCH:
                await asyncio.sleep(TICK_S)

    async def look(self) -> int:
        """One pass; how much it looked at."""
        late_ms = 0 if self._on_duty() else OTHERS_LATE_MS
        looked_at: int = await self._submit(MindCandidates(late_ms=late_ms, limit=BATCH), ENGINE)
        return looked_at
