"""Until when an alert is kept quiet, whatever happened to the silences before."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.event import Event, seal
from crisisdesk.domain.flapping import Damping
from crisisdesk.domain.ids import silence_id_of
from crisisdesk.domain.signal import SignalAction
from crisisdesk.domain.silence import Silence
from crisisdesk.engine import commands as c
from crisisdesk.engine.handlers.quiet import quiet_until
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence

from tests.engine.foreign import ORIGIN
from tests.engine.handlers.test_escalating import fire, paged, person, running, tick
from tests.store.workload import START, Station

MINUTE = 60_000
HOUR = 60 * MINUTE


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


# ------------------------------------------------------------------------------- flapping


def flip(station: Station, minutes: float, severity: str = "critical") -> str:
    """It ends, and opens again after so long."""
    fire(station, 3, severity, action=SignalAction.RESOLVE)
    tick(station, round(minutes * MINUTE))
    return fire(station, 3, severity)


def test_one_that_flaps_pages_once_more_and_then_keeps_quiet(station: Station) -> None:
    person(station, "A")
    one = fire(station, 3)
    assert paged(station) == ["A"], "the first pages as ever"
    flip(station, 1)
    assert paged(station) == ["A"]
    flip(station, 1)
    assert paged(station) == ["A"], "with the fifth change it flaps, and says so"
    assert running(station, one).history[-1]["words"] == "Flapping: 5 times in 30 min"
    for _ in range(5):
        flip(station, 1)
        assert paged(station) == []
        assert running(station, one).quiet_by == "flapping"
    tick(station, 5 * MINUTE - 1_000)
    assert paged(station) == []
    tick(station, 2_000)
    assert paged(station) == ["A"], "it stays open, and pages as it stands"
    assert running(station, one).history[-1]["words"] == "Flapping: 15 times in 30 min"


def test_a_stable_one_pages_as_ever_again(station: Station) -> None:
    person(station, "A")
    fire(station, 3)
    for _ in range(4):
        flip(station, 1)
    paged(station)
    flip(station, 29)
    assert paged(station) == []
    flip(station, 31)
    assert paged(station) == ["A"]


def test_an_urgent_one_is_paged_once_an_hour_while_it_flaps(station: Station) -> None:
    person(station, "A")
    fire(station, 3)
    paged(station)
    pages = []
    for _ in range(40):
        flip(station, 4)
        pages += [station.now_ms] * len(paged(station))
    between = [after - before for before, after in pairwise(pages[1:])]
    assert len(between) >= 1
    assert all(HOUR <= span <= HOUR + 5 * MINUTE for span in between)


def test_a_high_one_that_flaps_pages_nobody_until_it_stays(station: Station) -> None:
    person(station, "A")
    one = fire(station, 3, "high")
    tick(station, MINUTE)
    assert paged(station) == ["A"]
    for _ in range(20):
        flip(station, 4, "high")
        tick(station, MINUTE)
    assert paged(station) == ["A", "A"], "one as ever, and the one that says that it flaps"
    tick(station, 5 * MINUTE)
    assert paged(station) == ["A"]
    fire(station, 3, "high", action=SignalAction.RESOLVE)
    state = station.bench.need(Alert, one, "alert_id")
    assert not state.is_open


def test_settings_say_what_flaps(tmp_path: Path) -> None:
    policy = Policy(damping=Damping(changes=2, within_ms=10 * MINUTE, stays_ms=2 * MINUTE))
    station = Station(tmp_path, policy=policy)
    try:
        person(station, "A")
        one = fire(station, 3)
        paged(station)
        flip(station, 1)
        assert paged(station) == ["A"]
        flip(station, 1)
        assert running(station, one).due_at == station.now_ms + 2 * MINUTE
    finally:
        station.close()


def test_the_last_page_is_handed_on_from_life_to_life(station: Station) -> None:
    person(station, "A")
    one = fire(station, 3)
    first = running(station, one).paged_at
    assert first is not None
    fire(station, 3, action=SignalAction.RESOLVE)
    station.do(c.ReopenAlert(alert_id=one))
    assert running(station, one).paged_before == first
    fire(station, 3, action=SignalAction.RESOLVE)
    fire(station, 3)
    state = running(station, one)
    assert (state.epoch, state.life) == ("n2", 1)
    assert state.paged_before is not None
    assert state.paged_before > first
    fire(station, 3, action=SignalAction.RESOLVE)
    station.now_ms += HOUR
    fire(station, 3)
    assert running(station, one).paged_before is None
