"""Playing a scenario on a station of its own: the past first, the rest while the engine runs."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from crisisdesk.bootstrap.building import policy_of
from crisisdesk.drills.player import Tally, play, play_live
from crisisdesk.drills.scenario import Scenario
from crisisdesk.engine.clock import ManualClock, SystemClock
from crisisdesk.engine.committer import Committer
from crisisdesk.engine.ports import Secrets, StoreFailed
from crisisdesk.engine.runtime import Engine
from crisisdesk.engine.workers.pager import secret_name
from crisisdesk.settings.model import Settings
from crisisdesk.settings.places import Places, resource_path
from crisisdesk.store.opening import open_station

MARGIN_MS = 1_000


def demo_day() -> Path:
    """The scenario that ships with the program."""
    return resource_path("demo", "day.yaml")


async def play_past(
    places: Places, settings: Settings, secrets: Secrets, scenario: Scenario
) -> Tally:
    """Play the past into an empty store, ending now; closes the store.

    Raises StoreFailed when the store holds anything: a scenario never mixes with real facts.
    """
    for method_id, url in scenario.addresses().items():
        secrets.set(secret_name(method_id), url)
    now_ms = SystemClock().now_ms()
    clock = ManualClock(now_ms - scenario.length_ms - MARGIN_MS)
    journal = open_station(places.store).journal
    try:
        if journal.head().pos:
            raise StoreFailed(f"{places.store} is not empty; play a scenario in a new data folder")
        committer = Committer(journal, clock, policy_of(settings), os.urandom)
        committer.start()
        try:
            return await play(scenario, committer.submit, clock, now_ms)
        finally:
            await committer.stop()
    finally:
        journal.close()


async def live_part(scenario: Scenario, engine: Engine, played: Tally) -> None:
    """The rest of the scenario, against the running engine and the real clock."""
    began = SystemClock().boottime()

    async def wait(offset_ms: int) -> None:
        await asyncio.sleep(max(0.0, began + offset_ms / 1000 - SystemClock().boottime()))

    await play_live(scenario, engine.submit, wait, played, engine.now_ms)
