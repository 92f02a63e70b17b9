"""The context of an alert as the station's file tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.context.change_record import ChangeReport
from crisisdesk.domain.context.gathered import Context
from crisisdesk.domain.context.words import parts_of
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.commands import (
    AcknowledgeAlerts,
    ChangeIncidentStatus,
    EscalateAlert,
    ResolveAlert,
    TakeIn,
)
from crisisdesk.engine.context_commands import RecordChanges
from crisisdesk.engine.context_ports import MeasuredReader, SamplesUnreadable
from crisisdesk.engine.detection_ports import Bucket
from crisisdesk.engine.escalation_commands import PublishPolicy
from crisisdesk.store.queries import StationReader
from crisisdesk.store.queries.context import NO_HOST, NO_SERIES
from crisisdesk.store.samples import FILE as SAMPLES
from crisisdesk.store.samples.keeping import StationSamples

from tests.store.workload import Station, signal

MINUTE, HOUR = 60_000, 3_600_000
CATALOGUE: dict[str, Any] = {
    "kind": "catalogue",
    "services": {
        "db": {"owner": "Kim", "tier": 1, "runbook": "https://wiki.example/db"},
        "shop": {"depends_on": ["db"], "team": "Web", "users": 9_000, "money_per_minute": 60},
        "mail": {},
    },
    "tables": [{"label": "host", "rows": {"h1": {"service": "db", "owner": "Rack"}}}],
    "runbooks": [{"for": "alertname=Disk", "url": "https://wiki.example/disk"}],
}


@pytest.fixture
def reader(station: Station) -> Iterator[StationReader]:
    made = StationReader(station.path)
    yield made
    made.close()


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path)
    made.do(PublishPolicy(name="Shop", content=CATALOGUE))
    yield made
    made.close()


def fire(station: Station, number: int, **changes: Any) -> str:
    given: dict[str, Any] = {"title": "Disk full", "place": "", "labels": {}, "severity": "high"}
    alert_id: str = station.do(TakeIn(signals=[signal(number, **(given | changes))]))[0][0]
    return alert_id


def changed(station: Station, summary: str, before: int, **more: Any) -> str:
    report = ChangeReport(summary=summary, at=station.now_ms - before, **more)
    change_id: str = station.do(RecordChanges(changes=[report]))[0][0]
    return change_id


def asked(reader: StationReader, station: Station, alert_id: str, hours: int = 24) -> Context:
    found = reader.context_of(alert_id, station.now_ms, hours)
    assert found is not None
    return found


def words(context: Context, station: Station) -> dict[str, tuple[str, ...]]:
    return {part.label: part.lines for part in parts_of(context, station.now_ms)}


def test_owner_runbooks_and_impact_come_from_the_catalogue(
    station: Station, reader: StationReader
) -> None:
    notes = {"runbook_url": "https://alert.example/rb"}
    one = fire(station, 1, service="db", labels={"alertname": "Disk"}, annotations=notes)
    station.now_ms += 2 * MINUTE
    found = asked(reader, station, one)
    assert (found.services, found.owner, found.tier) == (("db",), "Kim", "1")
    assert [(r.url, r.because) for r in found.runbooks] == [
        ("https://alert.example/rb", "named by its source"),
        ("https://wiki.example/disk", "of this alert"),
        ("https://wiki.example/db", "of db"),
    ]
    assert found.impact.users == 9_000
    told = words(found, station)
    assert told["Owner"] == ("Kim, db tier 1",)
    assert told["Impact"][1] == "shop, because it depends on db"
    assert told["Changes"] == ("none in the 24 h before",)
    assert told["Measured"] == (NO_SERIES,)


def test_a_label_leads_to_the_service_that_the_alert_does_not_name(
    station: Station, reader: StationReader
) -> None:
    one = fire(station, 1, service="", labels={"host": "h1"})
    found = asked(reader, station, one)
    assert (found.services, found.owner) == (("db",), "Kim")
    strange = asked(reader, station, fire(station, 2, service="x", labels={"host": "h1"}))
    assert strange.services == ("db", "x")
    lost = asked(reader, station, fire(station, 3, service=""))
    assert words(lost, station)["Owner"] == ("unknown, the alert names no service",)


def test_changes_of_its_own_service_come_first_then_those_of_its_neighbours(
    station: Station, reader: StationReader
) -> None:
    far = changed(station, "shop deployed", 5 * MINUTE, service="shop")
    own = changed(station, "db moved", 90 * MINUTE, service="db", author="Kim")
    by_source = changed(station, "rack rewired", 100 * MINUTE, source="r1")
    changed(station, "mail deployed", 5 * MINUTE, service="mail")
    old = changed(station, "db upgraded", 25 * HOUR, service="db")
    one = fire(station, 1, service="db", place="r1")
    station.now_ms += 10 * MINUTE
    later = changed(station, "db restarted", MINUTE, service="db")
    found = asked(reader, station, one)
    assert [c.change.change_id for c in found.changes] == [later, own, by_source, far]
    told = words(found, station)["Changes"]
    assert told[0].startswith("8 min after: db restarted") or told[0].startswith("9 min after")
    assert told[1] == "1 h 30 min before: db moved, by Kim"
    assert told[3] == "5 min before: shop deployed (shop: needs db)"
    wider = asked(reader, station, one, hours=48)
    assert old in [c.change.change_id for c in wider.changes]


def test_a_neighbour_that_deploys_all_day_does_not_hide_its_own_change(
    station: Station, reader: StationReader
) -> None:
    own = changed(station, "db moved", 20 * HOUR, service="db")
    for n in range(40):
        changed(station, f"shop deployed {n}", (n + 1) * MINUTE, service="shop")
    found = asked(reader, station, fire(station, 1, service="db"))
    assert found.changes[0].change.change_id == own
    assert len(found.changes) == 5


def test_open_alerts_of_neighbours_are_told_and_ended_ones_are_not(
    station: Station, reader: StationReader
) -> None:
    one = fire(station, 1, service="db")
    other = fire(station, 2, service="shop", title="Checkout slow", severity="critical")
    fire(station, 3, service="mail")
    fire(station, 4, service="db")
    found = asked(reader, station, one)
    assert [(n.alert_id, n.near.words) for n in found.neighbours] == [(other, "needs db")]
    assert words(found, station)["Near it"][0].startswith("shop, critical, for 0 s: Checkout slow")
    station.do(ResolveAlert(alert_id=other))
    assert asked(reader, station, one).neighbours == ()


def test_what_was_alike_is_told_with_how_it_ended(station: Station, reader: StationReader) -> None:
    first = fire(station, 1, service="db", title="Disk full on /var")
    station.do(AcknowledgeAlerts(alert_ids=[first]))
    made = station.do(EscalateAlert(alert_id=first, commander="Kim"))[0]
    station.now_ms += 62 * MINUTE
    station.do(ResolveAlert(alert_id=first, reason="old logs removed"))
    summary = "Logs are rotated now"
    order = ChangeIncidentStatus(incident_id=made, status="resolved", resolution_summary=summary)
    station.do(order)
    fire(station, 2, service="mail", title="Queue long")
    again = fire(station, 3, service="db", title="Disk full on /var/log")
    found = asked(reader, station, again)
    assert {s.past.subject_id for s in found.similar} == {first, made}
    by_id = {s.past.subject_id: s for s in found.similar}
    assert by_id[first].past.words == "old logs removed"
    assert by_id[made].past.words == summary
    assert "same service" in by_id[made].because
    assert any("ended after 1 h 2 min by Kim" in line for line in words(found, station)["Similar"])
    ended = asked(reader, station, first)
    assert first not in [s.past.subject_id for s in ended.similar]


def test_how_often_it_fired_before_is_said(station: Station, reader: StationReader) -> None:
    one = fire(station, 1, service="db")
    fire(station, 1, service="db", action=SignalAction.RESOLVE)
    station.now_ms += HOUR
    fire(station, 1, service="db")
    assert words(asked(reader, station, one), station)["Similar"] == ("fired 1 time before",)


def test_dependencies_that_are_published_for_quieting_count_as_well(
    station: Station, reader: StationReader
) -> None:
    one = fire(station, 1, service="db")
    assert [a.service for a in asked(reader, station, one).impact.services] == ["db", "shop"]
    needs = {"kind": "dependencies", "services": {"portal": ["shop"]}}
    station.do(PublishPolicy(name="Needs", content=needs))
    reached = [a.service for a in asked(reader, station, one).impact.services]
    assert reached == ["db", "shop", "portal"]
    assert reader.services() is reader.services()


def test_an_alert_that_is_not_here_has_none(reader: StationReader, station: Station) -> None:
    assert reader.context_of("A-NONE", station.now_ms) is None
    assert reader.change("CHG-NONE") is None


def test_recorded_changes_are_listed_newest_first(station: Station, reader: StationReader) -> None:
    old = changed(station, "one", 3 * HOUR, service="db")
    new = changed(station, "two", HOUR, service="shop")
    since = station.now_ms - 4 * HOUR
    assert [c.change_id for c in reader.changes(since, station.now_ms)] == [new, old]
    assert [c.change_id for c in reader.changes(since, station.now_ms, "db")] == [old]
    assert [c.change_id for c in reader.changes(since, station.now_ms, limit=1)] == [new]
    assert reader.changes(station.now_ms - HOUR // 2, station.now_ms) == []
    assert reader.change(old).summary == "one"  # type: ignore[union-attr]


def test_the_mapping_of_changes_that_is_published_last_counts(
    station: Station, reader: StationReader
) -> None:
    assert reader.change_mapping("argo") is None
    content = {"kind": "change-mapping", "fields": {"summary": "a"}}
    station.do(PublishPolicy(name="argo", content=content))
    station.now_ms += MINUTE
    station.do(PublishPolicy(name="argo", content=content | {"fields": {"summary": "b"}}))
    mapping = reader.change_mapping("argo")
    assert mapping is not None
    assert mapping.fields == {"summary": (("b",),)}
    assert reader.change_mapping("Shop") is None


class Kept:
    """What a sample store would answer, out of memory."""

    def __init__(self, values: dict[Series, list[tuple[int, float]]], broken: str = "") -> None:
        self.values, self.broken = values, broken

    def known(self, _source_id: str = "") -> list[Series]:
        if self.broken:
            raise SamplesUnreadable(self.broken)
        return sorted(self.values)

    def between(self, one: Series, since: int, until: int, _step_ms: int = 0) -> list[Bucket]:
        return [Bucket(at, v, v, v, v, 1) for at, v in self.values[one] if since <= at < until]

    def newest(self, all_of: Iterable[Series]) -> dict[Series, tuple[int, float]]:
        return {one: self.values[one][-1] for one in all_of}

    def lines(self, since: int, until: int, name: str = "", limit: int = 1000) -> list[Line]:
        told = [Line(at=until - 5, name="db", text="no space left")]
        return [line for line in told if line.name == name and since <= line.at < until][:limit]


def test_series_and_lines_of_its_service_are_shown_and_a_broken_store_is_told(
    station: Station, tmp_path: Path
) -> None:
    one = fire(station, 1, service="db", labels={"instance": "h1"})
    at = station.now_ms
    own = series("src", "disk_free", {"service": "db", "instance": "h1"})
    other = series("src", "disk_free", {"service": "mail"})
    kept = Kept({own: [(at - 60_000, 4.0), (at - 1, 1.5)], other: [(at, 9.0)]})

    class Reader(StationReader):
        def measured(self) -> MeasuredReader:
            return kept

    reader = Reader(station.path)
    try:
        found = asked(reader, station, one)
        assert [m.points for m in found.measured] == [((at - 60_000, 4.0), (at - 1, 1.5))]
        told = words(found, station)
        assert told["Measured"] == (f"{own} 1.5, 1.5 to 4 in the last hour",)
        assert told["Log"] == ("db: no space left",)
        kept.broken = "samples cannot be read (disk); look at it"
        broken = words(asked(reader, station, one), station)
        assert broken["Measured"] == ("samples cannot be read (disk); look at it",)
    finally:
        reader.close()


def test_the_host_that_its_labels_name_is_told_with_its_age(station: Station) -> None:
    store = StationSamples(station.path.with_name(SAMPLES), ManualClock(station.now_ms))
    at = station.now_ms - 12_000
    info = series("src", "host_info", {"host": "h1", "os": "Debian 12", "kernel": "6.1"})
    disk = series("src", "host_disk_used_ratio", {"disk": "/var"})
    other = series("other", "host_load1")
    store.write([Sample(info, at, 1.0), Sample(disk, at, 0.91), Sample(other, at, 7.0)])
    store.close()
    one = fire(station, 1, service="db", labels={"instance": "H1.example.org:9100"})
    two = fire(station, 2, service="db", labels={"host": "h2"})
    three = fire(station, 3, service="db")
    reader = StationReader(station.path)
    try:
        host = asked(reader, station, one)
        told = {part.label: part.lines for part in parts_of(host, at + 12_000)}
        assert told["Host"] == (
            "h1, measured 12 s ago",
            "system Debian 12, kernel 6.1",
            "disks /var 91\u00a0%",
        )
        assert words(asked(reader, station, two), station)["Host"] == (
            f"nothing is known of h2, {NO_HOST}",
        )
        assert "Host" not in words(asked(reader, station, three), station)
    finally:
        reader.close()


def test_what_the_station_keeps_of_samples_is_shown_from_the_first_one_on(
    station: Station,
) -> None:
    one = fire(station, 1, service="db", labels={"instance": "h1"})
    reader = StationReader(station.path)
    try:
        assert reader.measured() is None
        store = StationSamples(station.path.with_name(SAMPLES), ManualClock(station.now_ms))
        own = series("src", "disk_free", {"service": "db", "instance": "h1"})
        store.write([Sample(own, station.now_ms - 60_000, 4.0)])
        store.close()
        found = asked(reader, station, one)
        points = ((station.now_ms - 60_000, 4.0),)
        assert [(m.name, m.points) for m in found.measured] == [(str(own), points)]
    finally:
        reader.close()
