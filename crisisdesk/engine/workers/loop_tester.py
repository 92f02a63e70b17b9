"""The loop tester: on the station with duty, sees to it that channels are tried and judged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.loop_commands import MindLoopTests
from crisisdesk.engine.ports import StoreFailed

log = logging.getLogger(__name__)

TICK_S = 5.0


class LoopTester:
    """Runs on the engine's loop. `problems` are sentences about what can no longer be tested."""

    def __init__(self, submit: Submit, on_duty: Callable[[], bool]) -> None:
        self._submit = submit
        self._on_duty = on_duty
        self.problems: tuple[str, ...] = ()

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(TICK_S)

    async def look(self) -> None:
        """Do what is due; a station without duty leaves it to the one that pages."""
        if not self._on_duty():
            self.problems = ()
            return
        try:
            self.problems = await self._submit(MindLoopTests(), ENGINE)
        except (StoreFailed, Overloaded) as error:
            log.error("loop tests could not be minded, trying again: %s", error)
            self.problems = (f"channels are not tested: {error}",)
