"""The auditor of people: on the station with duty, sees to it that the weekly audit runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from crisisdesk.domain.audit_week import Weekly
from crisisdesk.engine.audit_commands import MindAudit
from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.ports import StoreFailed

log = logging.getLogger(__name__)

LOOK_S = 60.0


class PeopleAuditor:
    """Runs on the engine's loop. ``problem`` says that the audit could not be minded."""

    def __init__(self, submit: Submit, weekly: Weekly, on_duty: Callable[[], bool]) -> None:
        self._submit = submit
        self._on_duty = on_duty
        self.weekly = weekly
        self.problem = ""

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Run it if it is due; a station without duty leaves it to the one that pages."""
        self.problem = ""
        if not self._on_duty():
            return
        try:
            await self._submit(MindAudit(weekly=self.weekly), ENGINE)
        except (StoreFailed, Overloaded) as error:
            log.error("the audit of people could not be minded, trying again: %s", error)
            self.problem = f"the audit of people could not run: {error}"
