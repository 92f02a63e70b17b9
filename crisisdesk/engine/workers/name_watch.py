"""What the station is called in its pages: as people named it, else as its settings do."""

from __future__ import annotations

import asyncio
import logging

from crisisdesk.domain.station import INCARNATED
from crisisdesk.engine.command import ENGINE, Submit
from crisisdesk.engine.commands import AskStationName
from crisisdesk.engine.committer import Overloaded
from crisisdesk.engine.ports import StoreFailed

log = logging.getLogger(__name__)

RETRY_S = 5.0
_NAMING = frozenset({"station.named", INCARNATED})


class NameWatch:
    """Runs on the engine's loop; ``name`` is the newest that is known."""

    def __init__(self, submit: Submit, settled: str) -> None:
        """``settled`` is the name in the settings."""
        self._submit = submit
        self._settled = self.name = settled
        self._wake = asyncio.Event()

    def on_commit(self, kinds: dict[str, int]) -> None:
        """Look again when somebody gave a name."""
        if not _NAMING.isdisjoint(kinds):
            self._wake.set()

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            self._wake.clear()
            try:
                self.name = await self._submit(AskStationName(), ENGINE) or self._settled
            except (StoreFailed, Overloaded) as error:
                log.error("the station's name could not be read, trying again: %s", error)
                await asyncio.sleep(RETRY_S)
                continue
            await self._wake.wait()
