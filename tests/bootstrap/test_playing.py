"""A scenario played into an empty store: its facts are kept, and never mixed with real ones."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from crisisdesk.bootstrap.playing import demo_day, play_past
from crisisdesk.drills.scenario import load_scenario
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.settings.model import Settings
from crisisdesk.settings.places import Places
from crisisdesk.store.chain import verify_log
from crisisdesk.store.queries.samples import SampleReader
from crisisdesk.store.rebuild import compare

from tests.engine.workers.live import MemorySecrets

HOUR = 3_600_000


def played(places: Places) -> None:
    places.prepare()
    scenario = load_scenario(demo_day())
    asyncio.run(play_past(places, Settings(station_name="North"), MemorySecrets(), scenario))


def test_the_shipped_day_ends_now_and_its_log_is_whole(tmp_path: Path) -> None:
    places = Places(tmp_path / "station")
    before = SystemClock().now_ms()
    played(places)
    verdict = verify_log(places.store)
    assert verdict.first_bad is None
    assert verdict.events > 100
    assert compare(places.store).different == 0
    assert SystemClock().now_ms() - before < 60_000


def test_a_store_with_facts_is_left_alone(tmp_path: Path) -> None:
    places = Places(tmp_path / "station")
    played(places)
    events = verify_log(places.store).events
    with pytest.raises(StoreFailed, match="is not empty"):
        played(places)
    assert verify_log(places.store).events == events


def test_what_the_day_measured_is_kept(tmp_path: Path) -> None:
    places = Places(tmp_path / "station")
    now = SystemClock().now_ms()
    played(places)
    reader = SampleReader(places.data_dir)
    try:
        known = {str(one): one for one in reader.known()}
        assert len(known) == len(load_scenario(demo_day()).measured)
        lag = reader.between(known['replication_lag_seconds{service="db-standby"}'], 0, now + HOUR)
        assert lag[0].at <= now - 23 * HOUR
        assert max(bucket.last for bucket in lag) > 40
    finally:
        reader.close()
