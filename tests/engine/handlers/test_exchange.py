"""Taking over what others wrote: whole chains only, and no event can stop the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.alert import Alert, AlertStatus
from crisisdesk.domain.event import GENESIS, Stored
from crisisdesk.engine import commands as c
from crisisdesk.engine.exchange.ports import Absorbed
from crisisdesk.engine.handlers.exchange import LATEST_HLC
from crisisdesk.store.rebuild import compare

from tests.engine.foreign import AT_MS, FIRED, ORIGIN, chain, event, forged, with_body
from tests.store.workload import Station, signal

HLC = b'"hlc":%d' % ((AT_MS + 1) << 16)


def absorb(station: Station, *events: Stored) -> Absorbed:
    (result,) = station.do(c.Absorb(events=events))
    assert isinstance(result, Absorbed)
    return result


def alive(station: Station) -> bool:
    """Whether the station still works, and its states are what its log says."""
    station.add_contact("Zoë", "m9")
    station.fire(3, first=7_000)
    return compare(station.path).different == 0


def test_a_chain_is_kept_and_folded(station: Station) -> None:
    acked = event(2, kind="alert.acknowledged", body={"epoch": "n1"})
    assert absorb(station, *chain(event(), acked)) == Absorbed(events=2)
    alert = station.bench.get("A-1")
    assert isinstance(alert, Alert)
    assert (alert.status, alert.owner) == (AlertStatus.ACKNOWLEDGED, "Jonas")
    assert station.journal.marks([ORIGIN])[ORIGIN][0] == 2
    assert alive(station)


def test_what_is_here_already_is_passed_over(station: Station) -> None:
    events = chain(event(), event(2), event(3))
    absorb(station, *events[:2])
    assert absorb(station, *events) == Absorbed(events=1)
    assert absorb(station, *events) == Absorbed(events=0)


def test_a_gap_is_not_jumped(station: Station) -> None:
    events = chain(event(), event(2), event(3))
    got = absorb(station, events[0], events[2])
    assert got.events == 1
    assert "came after 1" in got.quarantined[ORIGIN]
    assert absorb(station, *events[1:]) == Absorbed(events=2)


def test_one_bad_origin_does_not_hold_up_another(station: Station) -> None:
    first, second = chain(event(), event(2))
    spoilt = replace(first, body=first.body.replace(b"Latency", b"Nothing"))
    other = chain(event(origin="c" * 32, agg="A-2"))
    got = absorb(station, spoilt, second, *other)
    assert got.events == 1
    assert "body differs" in got.quarantined[ORIGIN]
    assert station.bench.get("A-1") is None
    assert isinstance(station.bench.get("A-2"), Alert)
    assert alive(station)


def test_someone_elses_event_under_the_own_origin_is_told(station: Station) -> None:
    station.fire(1)
    own = station.journal.head()
    events = chain(event(origin=own.origin, seq=own.seq + 1), after=own.hash)
    got = absorb(station, *events)
    assert "someone else wrote" in got.quarantined[own.origin]
    assert station.journal.head().seq == own.seq


def test_two_pieces_of_one_chain_fit_into_one_group_with_own_commands(station: Station) -> None:
    events = chain(*(event(n) for n in range(1, 7)))
    results = station.do(
        c.TakeIn(signals=[signal(1)]),
        c.Absorb(events=events[:3]),
        c.NoteAlert(alert_id="A-1", text="seen"),
        c.Absorb(events=events[3:]),
        c.CloseAlert(alert_id="A-NONE"),
        c.AcknowledgeAlerts(alert_ids=["A-1"]),
    )
    assert [r for r in results if isinstance(r, Absorbed)] == [Absorbed(events=3)] * 2
    assert alive(station)
    assert station.journal.marks([ORIGIN])[ORIGIN][0] == 6


def test_a_refused_command_after_an_absorb_takes_nothing_of_it_back(station: Station) -> None:
    events = chain(event(), event(2, kind="alert.noted", body={"text": "x", "epoch": "n1"}))
    station.do(c.Absorb(events=events[:1]), c.CloseAlert(alert_id="A-NONE"))
    assert absorb(station, *events[1:]) == Absorbed(events=1)
    assert alive(station)


def test_an_absorb_that_is_taken_back_leaves_nothing(station: Station) -> None:
    bench = station.bench
    bench.begin("x", station.now_ms)
    from crisisdesk.engine.handlers.exchange import absorb as handle

    handle(c.Absorb(events=chain(event())), bench)
    bench.take_back()
    assert bench.get("A-1") is None
    assert (bench.sealed, bench.touched, bench.spoilt) == ([], {}, [])
    assert bench.ends([ORIGIN]) == {}
    assert absorb(station, *chain(event())) == Absorbed(events=1)


def test_own_events_sort_after_what_was_absorbed_however_fast_its_clock(station: Station) -> None:
    years = (AT_MS + 10 * 365 * 86_400_000) << 16
    absorb(station, *chain(event(hlc=years)))
    station.do(c.NoteAlert(alert_id="A-1", text="a reply"))
    assert station.journal.head().hlc > years


def test_the_greatest_clock_counts_and_not_the_last(station: Station) -> None:
    late = (AT_MS + 86_400_000) << 16
    absorb(station, *chain(event(hlc=late), event(2)))
    station.recover()
    assert station.journal.head().hlc == late


def test_a_late_event_is_folded_in_its_place(station: Station) -> None:
    edit = {"field": "title", "base": ""}
    late = event(1, hlc=1, body=FIRED | {"title": "first"})
    early = event(1, origin="c" * 32, body=FIRED)
    ours = event(2, origin="c" * 32, kind="alert.edited", body=edit | {"value": "edited"})
    absorb(station, *chain(early, ours))
    absorb(station, *chain(late))
    alert = station.bench.get("A-1")
    assert isinstance(alert, Alert)
    assert (alert.title, alert.count) == ("edited", 2)
    assert alive(station)


def test_an_aggregate_of_no_known_kind_is_kept_and_handed_on(station: Station) -> None:
    events = chain(event(agg="ROOM-1", kind="room.opened", body={"x": 1}))
    assert absorb(station, *events) == Absorbed(events=1)
    (row,) = station.journal._rows("SELECT agg, raw FROM event")
    assert row == ("ROOM-1", events[0].raw)
    assert alive(station)


# -- what no station of this version writes ----------------------------------------------------

PASSED_OVER: dict[str, dict[str, Any]] = {
    "a severity that nobody knows": {"body": FIRED | {"severity": "catastrophic"}},
    "an object for a title": {"body": FIRED | {"title": {"a": 1}}},
    "text for a deadline": {"body": FIRED | {"sla_deadline": "soon"}},
    "no deadline": {"body": FIRED | {"sla_deadline": None}},
    "a list for an epoch": {"body": FIRED | {"epoch": [1]}},
    "a field missing": {"body": {"title": "t"}},
    "a contact's method of another form": {
        "agg": "C-1",
        "kind": "contact.saved",
        "body": {"name": "x", "methods": [{"pigeon": 1}]},
    },
}


@pytest.mark.parametrize("given", PASSED_OVER.values(), ids=PASSED_OVER.keys())
def test_an_event_that_no_state_can_use_is_kept_and_passed_over(
    station: Station, given: dict[str, Any]
) -> None:
    events = chain(event(**given), event(2, agg="A-2"))
    assert absorb(station, *events) == Absorbed(events=2)
    assert station.bench.get(given.get("agg", "A-1")) is None
    assert isinstance(station.bench.get("A-2"), Alert)
    assert alive(station)


HELD_BACK: dict[str, Stored] = {
    "text for a clock": forged(HLC, b'"hlc":"x"'),
    "no clock": forged(HLC, b'"hlc":null'),
    "a clock at its end": chain(event(hlc=LATEST_HLC))[0],
    "a number for an aggregate": forged(b'"agg":"A-1"', b'"agg":7'),
    "a list for an aggregate": forged(b'"agg":"A-1"', b'"agg":["A-1"]'),
    "a number for a kind": forged(b'"kind":"alert.fired"', b'"kind":3'),
    "text for a time": forged(b'"wall_ms":%d' % (AT_MS + 1), b'"wall_ms":"1"'),
    "a list for a decision": forged(b'"dedup_id":null', b'"dedup_id":[]'),
    "no actor": forged(b'"actor":"Jonas"', b'"actor":null'),
    "another origin": forged(ORIGIN.encode(), b"c" * 32),
    "a body that is a list": with_body(b"[]"),
    "a contact that is an alert": chain(event(kind="contact.saved", body={"name": "x"}))[0],
    "an incident that is an alert": chain(event(agg="INC-1"))[0],
}


@pytest.mark.parametrize("stored", HELD_BACK.values(), ids=HELD_BACK.keys())
def test_an_envelope_that_no_station_writes_holds_back_its_origin_alone(
    station: Station, stored: Stored
) -> None:
    other = chain(event(origin="c" * 32, agg="A-2"))
    got = absorb(station, stored, *other)
    assert got.events == 1
    assert list(got.quarantined) == [ORIGIN]
    assert isinstance(station.bench.get("A-2"), Alert)
    assert alive(station)


def test_the_genesis_is_where_a_chain_begins(station: Station) -> None:
    (wrong,) = chain(event(), after=b"elsewhere")
    assert "chain" in absorb(station, wrong).quarantined[ORIGIN]
    assert GENESIS == b"\0"


def test_what_was_written_here_in_the_same_group_counts_for_what_comes_late(
    station: Station,
) -> None:
    """The next late event must not be taken for a newer one than that own write."""
    (alert_id,) = station.fire(1)
    station.recover()
    here = station.bench.get(alert_id)
    assert isinstance(here, Alert)
    acked = {"kind": "alert.acknowledged", "agg": alert_id, "body": {"epoch": here.epoch}}
    noted = {"kind": "alert.noted", "agg": alert_id, "body": {"text": "x", "epoch": here.epoch}}
    start = (station.now_ms + 1) << 16
    events = chain(event(1, hlc=start, **noted), event(2, hlc=start + 1, **acked))
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]), c.Absorb(events=events[:1]), actor="Ann")
    absorb(station, *events[1:])
    after = station.bench.get(alert_id)
    assert isinstance(after, Alert)
    assert after.acknowledged_by == "Jonas"
    assert after.also_acknowledged_by == ["Ann"]
    assert compare(station.path).different == 0
