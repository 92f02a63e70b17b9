"""The reach watch: says so as long as nobody can be paged by a way that counts as working."""

from __future__ import annotations

import asyncio
import logging

from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.outage_commands import AskReach
from crisisdesk.engine.ports import StoreFailed

log = logging.getLogger(__name__)

LOOK_S = 5.0


class ReachWatch:
    """Runs on the engine's loop. ``problem`` is the sentence for the operator, "" while all is
    well."""

    def __init__(self, submit: Submit) -> None:
        self._submit = submit
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
        return problem
