"""The reach watch: says so as long as nobody can be paged by a way that counts as working, and sees
to it that what waits for a way that is out goes by another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.outage_commands import AskReach, RerouteWaiting
from crisisdesk.engine.ports import StoreFailed

log = logging.getLogger(__name__)

LOOK_S = 5.0


class ReachWatch:
    """Runs on the engine's loop. ``problem`` is the sentence for the operator, "" while all is
    well. What waits is left to the station that pages now, as ``on_duty`` says."""

    def __init__(self, submit: Submit, on_duty: Callable[[], bool]) -> None:
        self._submit = submit
        self._on_duty = on_duty
        self.problem = ""

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            try:
                await self.look()
            except (StoreFailed, Overloaded) as error:
                log.error("it could not be asked who can be reached, trying again: %s", error)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> str:
        """Ask once; returns the problem."""
        problem: str = await self._submit(AskReach(), ENGINE)
        if problem and not self.problem:
            log.error("%s", problem)
        self.problem = problem
        if self._on_duty():
            await self._submit(RerouteWaiting(), ENGINE)
        return problem
