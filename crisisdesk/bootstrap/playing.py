"""Playing a scenario on a station of its own: the past first, the rest while the engine runs."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

from crisisdesk.bootstrap.building import policy_of
from crisisdesk.drills.measured import DAY_MS, samples
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
MEASURED_EACH_S = 5.0


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
            played = await play(scenario, committer.submit, clock, now_ms)
        finally:
            await committer.stop()
    finally:
        journal.close()
    if scenario.measured:
        await asyncio.to_thread(_keep_measured, places, scenario, now_ms)
    return replace(played, ended_ms=now_ms)


def _keep_measured(places: Places, scenario: Scenario, end_ms: int) -> None:
    """What the scenario measured in its last day."""
    # numpy comes with it, which a scenario that measures nothing need not load.
    from crisisdesk.store.samples.keeping import StationSamples

    store = StationSamples(places.samples, SystemClock(), own_thread=False)
    try:
        store.write(samples(scenario.measured, end_ms, end_ms - DAY_MS, end_ms))
    finally:
        store.close()


async def live_part(scenario: Scenario, engine: Engine, played: Tally) -> None:
    """The rest of the scenario, against the running engine and the real clock."""
    began = SystemClock().boottime()

    async def wait(offset_ms: int) -> None:
        await asyncio.sleep(max(0.0, began + offset_ms / 1000 - SystemClock().boottime()))

    await play_live(scenario, engine.submit, wait, played, engine.now_ms)


async def measuring_part(scenario: Scenario, engine: Engine, played: Tally) -> None:
    """What the scenario goes on to measure, handed on as if it had been looked at, until
    cancelled."""
    collector, since = engine.collector, played.ended_ms
    while collector is not None and scenario.measured:
        until = engine.now_ms()
        collector.hand_on(samples(scenario.measured, played.ended_ms, since, until), (), until)
        since = max(since, until)
        await asyncio.sleep(MEASURED_EACH_S)
