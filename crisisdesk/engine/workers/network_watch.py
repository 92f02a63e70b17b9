"""Whether this station's own network works, asked only when something outside seems down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.collector_ports import OwnNetwork
from crisisdesk.engine.source_signals import cut_off, network_key

DEADLINE_S = 3.0
RECHECK_MS = 10_000
# One check may meet a moment's trouble: a station is said to be cut off after two, so far apart.
CHECKS, APART_MS = 2, 3_000
# Ended by hand while it is still so, the alert comes back after this long.
CRY_AGAIN_MS = 15 * 60_000


class NetworkWatch:
    """Runs on the engine's loop. ``now`` is the engine's clock, UTC ms; `words` say why the network
    does not answer, as far as the last check knows."""

    def __init__(self, network: OwnNetwork, now: Callable[[], int]) -> None:
        self._network = network
        self._now = now
        self._began: int | None = None
        self._counted = 0
        self._failed = 0
        self._cried: int | None = None
        self._check: asyncio.Task[None] | None = None
        self.words = ""

    async def why_not(self, since: int) -> str:
        """Why it does not answer, by a check that began no earlier than ``since`` (UTC ms).

        All who ask at the same time share one check.
        """
        while self._began is None or self._began < since:
            if self._check is None:
                self._check = asyncio.get_running_loop().create_task(self._checked())
            running = self._check
            # Whoever stops waiting leaves the check to the others.
            await asyncio.shield(running)
        return self.words

    async def check_again(self) -> None:
        """Check now."""
        await self.why_not(self._now())

    async def _checked(self) -> None:
        began = self._now()
        try:
            words = await self._network.check(DEADLINE_S)
        finally:
            self._check = None
        self._began, self.words = began, words
        if not words:
            self._failed = 0
        elif self._failed == 0 or not 0 <= began - self._counted < APART_MS:
            self._failed, self._counted = self._failed + 1, began

    def is_due(self, told: Collection[str], station_id: str) -> bool:
        """Whether to check again without anybody asking: it was, or is told to be, cut off."""
        if not self.words and network_key(station_id) not in told:
            return False
        return self._began is None or not 0 <= self._now() - self._began < RECHECK_MS

    def signals(self, told: Collection[str], station: tuple[str, str]) -> list[Signal]:
        """What is to be reported; ``told`` are the keys of open alerts."""
        now, is_told = self._now(), network_key(station[0]) in told
        if self._began is None:
            return []
        if not self.words:
            return [cut_off(station, "", SignalAction.RESOLVE)] if is_told else []
        if is_told or self._failed < CHECKS:
            return []
        if self._cried is not None and 0 <= now - self._cried < CRY_AGAIN_MS:
            return []
        return [cut_off(station, self.words, SignalAction.FIRE)]

    def cried(self) -> None:
        """The alert that it is cut off is on disk."""
        self._cried = self._now()

    async def close(self) -> None:
        """End a check that runs."""
        if self._check is not None:
            self._check.cancel()
            await asyncio.gather(self._check, return_exceptions=True)
