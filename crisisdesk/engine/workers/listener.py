"""The listener: looks for answers where nobody can call this station, while it pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from crisisdesk.engine.command import Submit
from crisisdesk.engine.patience import within
from crisisdesk.engine.ports import Inbox

LOOK_S = 10.0
# Bounds a look as a whole; what was read of it counts, and the rest is read at the next.
DEADLINE_S = 60.0


class Listener:
    """One for each inbox, so that none waits for another. A station without duty does not look."""

    def __init__(self, submit: Submit, inbox: Inbox, on_duty: Callable[[], bool]) -> None:
        self._submit = submit
        self._inbox = inbox
        self._on_duty = on_duty
        self._late = ""

    @property
    def problem(self) -> str:
        """Why nothing is heard, in words; empty when all is well."""
        return self._late or self._inbox.problem

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Look once, if this station pages now."""
        if not self._on_duty():
            self._late = ""
            return
        try:
            await within(DEADLINE_S, self._inbox.poll(self._submit))
            self._late = ""
        except TimeoutError:
            self._late = f"{self._inbox.name}: no end within {DEADLINE_S:.0f} s"
