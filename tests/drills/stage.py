"""A stage for scenarios: a real store and committer on a clock that the player moves."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.drills.player import Tally, play, play_live
from crisisdesk.drills.scenario import Scenario
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.committer import Committer
from crisisdesk.engine.policy import Policy
from crisisdesk.store.opening import open_station

NOON_MS = 1_770_861_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A played past: where its file lies, and the tally."""

    path: Path
    tally: Tally
    until_ms: int


def played(scenario: Scenario, folder: Path, *, seed: int = 1, live: bool = False) -> Played:
    """Play the past into a new store, with ``live`` the rest too; ``seed`` chooses random ids."""
    path = folder / "station.sqlite3"

    async def run() -> Tally:
        clock = ManualClock(NOON_MS - scenario.length_ms)
        journal = open_station(path).journal
        committer = Committer(journal, clock, Policy(), random.Random(seed).randbytes)
        committer.start()
        try:
            past = await play(scenario, committer.submit, clock, NOON_MS)
            if not live:
                return past

            async def wait(offset_ms: int) -> None:
                clock.advance(NOON_MS + offset_ms - clock.now_ms())

            return await play_live(scenario, committer.submit, wait, past, clock.now_ms)
        finally:
            await committer.stop()

    return Played(path=path, tally=asyncio.run(run()), until_ms=NOON_MS)
