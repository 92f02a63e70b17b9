"""Until when an alert is kept quiet, whatever happened to the silences before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.event import Event, seal
from crisisdesk.domain.ids import silence_id_of
from crisisdesk.domain.silence import Silence
from crisisdesk.engine import commands as c
from crisisdesk.engine.handlers.quiet import quiet_until
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence

from tests.engine.foreign import ORIGIN
from tests.store.workload import START, Station

HOUR = 3_600_000


def alert(station: Station, number: int = 1) -> Alert:
    [alert_id] = station.fire(1, number)
    state = station.bench.get(alert_id)
    assert isinstance(state, Alert)
    return state


def quiet(station: Station, one: Alert) -> tuple[int, str] | None:
    station.bench.begin("engine", station.now_ms)
    return quiet_until(station.bench, one)


def put(station: Station, matchers: str, **given: Any) -> str:
    order: dict[str, Any] = {"matchers": matchers, "duration_ms": HOUR, "reason": "Works"}
    silence_id: str = station.do(SetSilence(**(order | given)))[0]
    return silence_id


def test_the_latest_end_of_those_that_cover_it_counts(station: Station) -> None:
    one = alert(station)
    assert quiet(station, one) is None
    put(station, "service=payments-1")
    longest = put(station, 'instance=~"10[.]0[.]0[.][0-9]+:9100"', duration_ms=2 * HOUR)
    put(station, "service=payments-2", duration_ms=9 * HOUR)
    until = station.bench.need(Silence, longest, "silence_id").until
    assert quiet(station, one) == (until, longest)
    station.now_ms = until - 1
    assert quiet(station, one) == (until, longest)
    station.now_ms = until
    assert quiet(station, one) is None


def test_a_planned_one_keeps_quiet_only_from_its_start(station: Station) -> None:
    one = alert(station)
    planned = put(station, "service=payments-1", starts_at=START + HOUR)
    assert quiet(station, one) is None
    station.now_ms = START + HOUR
    assert quiet(station, one) == (START + 2 * HOUR, planned)


def test_a_lift_ends_it_at_once_and_a_refused_command_changes_nothing(station: Station) -> None:
    one = alert(station)
    first = put(station, "service=payments-1")
    station.do(LiftSilence(silence_id=first))
    assert quiet(station, one) is None
    again = put(station, "service=payments-1")
    before = quiet(station, one)
    assert before is not None
    bench = station.bench
    bench.begin("Jonas Weber", station.now_ms)
    bench.emit(again, "silence.lifted", {})
    bench.emit(
        silence_id_of({"place": "Frankfurt"}),
        "silence.set",
        {"match": {"place": "Frankfurt"}, "until": station.now_ms + 9 * HOUR},
    )
    assert quiet_until(bench, one) != before
    bench.take_back()
    assert quiet(station, one) == before


def test_a_restart_and_another_stations_word_are_heeded(station: Station) -> None:
    one = alert(station)
    silence_id = put(station, "service=payments-1")
    before = quiet(station, one)
    station.recover()
    assert quiet(station, one) == before
    lift = Event(
        origin=ORIGIN,
        seq=1,
        hlc=(station.now_ms + 50) << 16,
        id="f" * 32,
        agg=silence_id,
        kind="silence.lifted",
        actor="Jonas Weber",
        wall_ms=station.now_ms,
        body={},
    )
    station.bench.begin("engine", station.now_ms)
    station.bench.absorb([seal(lift, b"s" * 16, bytes(32))])
    assert quiet_until(station.bench, one) is None


def test_those_that_are_over_are_not_asked_again(station: Station) -> None:
    put(station, "service=payments-1")
    planned = put(station, "service=payments-1", starts_at=START + 9 * HOUR)
    station.now_ms += 2 * HOUR
    station.bench.begin("engine", station.now_ms)
    assert station.bench.silences() == []
    assert list(station.bench.at_hand._silences) == [planned]
    put(station, "service=payments-1")
    assert len(station.bench.silences()) == 1


SPANS = st.tuples(
    st.sampled_from(["payments-1", "payments-2"]), st.integers(0, 9), st.integers(1, 9)
)


@settings(max_examples=60)
@given(st.lists(SPANS, max_size=6), st.integers(0, 19))
def test_it_is_the_latest_end_of_all_that_hold_now(
    spans: list[tuple[str, int, int]], now: int
) -> None:
    """Against a bench of plain silences, without any file."""

    class Bench:
        def silences(self) -> list[Silence]:
            return [s for s in found if s.silences(now)]

    plain = Silence(silence_id="", match={}, until=0, set_at=0)
    found = [
        replace(
            plain,
            silence_id=f"SIL-{i}",
            match={"service": service},
            starts_at=start,
            until=start + length,
        )
        for i, (service, start, length) in enumerate(spans)
    ]
    one = Alert(
        alert_id="A-1",
        source="s",
        key="k",
        epoch="1",
        severity="high",
        title="t",
        service="payments-1",
        detected_at=0,
        last_seen_at=0,
        sla_deadline=0,
        sla_prealarm_at=0,
    )
    ends = [
        (start + length, f"SIL-{i}")
        for i, (service, start, length) in enumerate(spans)
        if service == "payments-1" and start <= now < start + length
    ]
    assert quiet_until(Bench(), one) == max(ends, default=None)  # type: ignore[arg-type]


def test_an_acknowledged_alert_is_covered_as_well(station: Station) -> None:
    one = alert(station)
    station.do(c.AcknowledgeAlerts(alert_ids=[one.alert_id]))
    silence_id = put(station, f"alert_id={one.alert_id}")
    found = quiet(station, one)
    assert found is not None
    assert found[1] == silence_id
