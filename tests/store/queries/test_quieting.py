"""What the file tells of what is kept quiet is what the engine keeps quiet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.domain.flapping import Damping
from crisisdesk.domain.kept_quiet import KeptQuiet, Way
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine import commands as c
from crisisdesk.engine.silence_commands import SetSilence
from crisisdesk.store.queries import StationReader

from tests.engine.handlers.test_causing import down, over, publish
from tests.engine.handlers.test_escalating import fire, person, running, tick
from tests.store.workload import Station

MINUTE = 60_000
HOUR = 60 * MINUTE


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data")
    person(made, "A")
    yield made
    made.close()


def kept(station: Station) -> list[KeptQuiet]:
    reader = StationReader(station.path)
    try:
        return reader.quieting().kept(station.now_ms)
    finally:
        reader.close()


def ways(station: Station) -> list[tuple[str, str, str]]:
    return [(one.alert_id, one.way, one.by) for one in kept(station)]


def test_each_way_is_told_with_what_does_it(station: Station) -> None:
    publish(station)
    db = down(station, "db", 1)
    shop, till = down(station, "shop", 2), down(station, "till", 3, "high")
    high = down(station, "cdn", 4, "high")
    silence = station.do(SetSilence(matchers="service=till", duration_ms=HOUR, reason="Works"))[0]
    assert ways(station) == [
        (shop, Way.INHIBITION, db),
        (high, Way.WAITING, ""),
        (till, Way.SILENCE, silence),
    ]
    first, _second, third = kept(station)
    assert (first.why, first.until) == ("db is down", running(station, shop).due_at)
    assert (third.why, third.until) == ("Works", station.bench.silences()[0].until)
    assert (first.service, first.title, first.severity_name) == ("shop", "shop is down", "critical")


def test_what_is_over_or_taken_or_fired_again_is_not(station: Station) -> None:
    publish(station)
    db = down(station, "db", 1)
    one, two, three = (down(station, "shop", n) for n in (2, 3, 4))
    over(station, 2)
    station.do(c.AcknowledgeAlerts(alert_ids=[two]))
    over(station, 4)
    over(station, 1)
    assert ways(station) == []
    assert down(station, "shop", 4) == three
    assert ways(station) == [], "its new life is paged, whatever kept the old one quiet"
    assert running(station, three).quiet_by == ""
    assert db != one


def test_how_often_one_flapped_is_told(station: Station) -> None:
    for _ in range(5):
        one = fire(station, 3)
        fire(station, 3, action=SignalAction.RESOLVE)
        tick(station, MINUTE)
    fire(station, 3)
    [told] = kept(station)
    assert (told.alert_id, told.way, told.why) == (one, Way.FLAPPING, "11 times in 30 min")
    reader = StationReader(station.path, lambda: Damping(within_ms=2 * MINUTE))
    assert [k.why for k in reader.quieting().kept(station.now_ms)] == ["3 times in 2 min"]
    reader.close()
    station.now_ms = told.until
    assert kept(station) == [], "its moment has come"


def test_every_service_that_was_ever_heard_of(station: Station) -> None:
    down(station, "db", 1)
    down(station, "shop", 2)
    over(station, 2)
    reader = StationReader(station.path)
    assert reader.quieting().services() == {"db", "shop"}
    reader.close()


def test_a_kept_quiet_one_is_not_unreached_until_its_moment(station: Station) -> None:
    publish(station)
    db, one = down(station, "db", 1), down(station, "shop", 2)
    station.do(c.AcknowledgeAlerts(alert_ids=[db]))
    reader = StationReader(station.path)
    verdict = reader.unreached(station.now_ms + HOUR)
    due = running(station, one).due_at
    assert verdict.unreached == ()
    assert verdict.next_ms == due
    assert due is not None
    assert [w.alert_id for w in reader.unreached(due + 1).unreached] == [one]
    reader.close()
