"""Silences read from the file: their order, and which open alerts they keep quiet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.matchers import matches, parse_matchers
from crisisdesk.engine import commands as c
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence
from crisisdesk.store.queries import StationReader

from tests.store.workload import START, Station

HOUR = 3_600_000


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def reader(station: Station) -> Iterator[StationReader]:
    made = StationReader(station.path)
    yield made
    made.close()


def put(station: Station, matchers: str, **given: Any) -> str:
    order: dict[str, Any] = {"matchers": matchers, "duration_ms": HOUR, "reason": "Works"}
    silence_id: str = station.do(SetSilence(**(order | given)))[0]
    return silence_id


def test_active_then_planned_then_lately_over(station: Station, reader: StationReader) -> None:
    assert reader.silences(START) == []
    old = put(station, "service=old", duration_ms=60_000)
    station.now_ms += 25 * HOUR
    ended = put(station, "service=ended", duration_ms=60_000)
    station.now_ms += HOUR
    lifted = put(station, "service=lifted", duration_ms=300 * HOUR)
    station.do(LiftSilence(silence_id=lifted))
    later = put(station, "service=later", starts_at=station.now_ms + 3 * HOUR)
    sooner = put(station, "service=sooner", starts_at=station.now_ms + 2 * HOUR)
    long, short = put(station, "service=a", duration_ms=9 * HOUR), put(station, "service=b")
    found = [s.silence_id for s in reader.silences(station.now_ms)]
    assert found == [short, long, sooner, later, lifted, ended]
    station.now_ms += 26 * HOUR
    assert lifted not in {s.silence_id for s in reader.silences(station.now_ms)}
    assert getattr(reader.silence(old), "silence_id", "") == old
    assert reader.silence("SIL-X") is None


WRITTEN = (
    "service=payments-1",
    "severity=high",
    "severity!=high, place=Frankfurt",
    'instance=~"10[.]0[.]0[.]1[0-9]?:9100"',
    "alertname=Latency, service!=payments-2",
    'title=~".*payments-7", group=""',
    "source=other",
    "env=prod",
    'service=~"payments-[12]", instance!="10.0.0.1:9100"',
)


@pytest.mark.parametrize("written", WRITTEN)
def test_what_is_covered_is_what_the_matchers_hold_for(
    station: Station, reader: StationReader, written: str
) -> None:
    ids = station.fire(30)
    station.do(c.ResolveAlert(alert_id=ids[1]), c.AcknowledgeAlerts(alert_ids=[ids[8]]))
    found = parse_matchers(written)
    alerts = [reader.alert(alert_id) for alert_id in ids]
    expected = {a.alert_id for a in alerts if a is not None and a.is_open and matches(found, a)}
    count, shown = reader.would_hide(found, 5)
    assert count == len(expected)
    assert len(shown) == min(5, count)
    assert {a.alert_id for a in shown} <= expected
    silence_id = put(station, written)
    silence = reader.silence(silence_id)
    assert silence is not None
    assert set(reader.hidden_by(silence)) == expected
    quiet = reader.quiet_alerts(station.now_ms)
    assert quiet.keys() == expected
    assert all([s.silence_id for s in by] == [silence_id] for by in quiet.values())
    assert reader.quiet_alerts(station.now_ms + HOUR) == {}


def test_an_alert_names_all_its_silences_the_latest_end_first(
    station: Station, reader: StationReader
) -> None:
    [alert_id] = station.fire(1, 1)
    short = put(station, "service=payments-1")
    long = put(station, "place=Frankfurt", duration_ms=2 * HOUR)
    everything = put(station, "", everything=True, duration_ms=60_000)
    put(station, "service=payments-1", starts_at=station.now_ms + HOUR)
    quiet = reader.quiet_alerts(station.now_ms)
    assert [s.silence_id for s in quiet[alert_id]] == [long, short, everything]
    station.do(LiftSilence(silence_id=long))
    assert reader.quiet_alerts(station.now_ms)[alert_id][0].silence_id == short
