"""Silences as operators set and lift them: bounds, ids, one for another, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.silence import DAY_MS, Silence
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence

from tests.store.workload import START, Station

HOUR = 3_600_000


def order(**given: Any) -> SetSilence:
    body: dict[str, Any] = {"matchers": "service=db", "duration_ms": HOUR, "reason": "Works"}
    return SetSilence(**(body | given))


def known(station: Station, silence_id: str) -> Silence:
    state = station.bench.get(silence_id)
    assert isinstance(state, Silence)
    return state


def set_(station: Station, **given: Any) -> Silence:
    silence_id = station.do(order(**given))[0]
    assert isinstance(silence_id, str), silence_id
    return known(station, silence_id)


def test_one_is_set_lengthened_shortened_lifted_and_set_anew(station: Station) -> None:
    first = set_(station)
    assert first.silences(station.now_ms)
    assert (first.match, first.until, first.set_by) == (
        {"service": "db"},
        station.now_ms + HOUR,
        "Klára Langová",
    )
    longer = set_(station, duration_ms=8 * HOUR)
    assert longer.silence_id == first.silence_id
    assert longer.until == station.now_ms + 8 * HOUR
    shorter = set_(station, until=station.now_ms + 60_000, duration_ms=None, reason="Soon over")
    assert (shorter.until - station.now_ms, shorter.reason) == (60_000 - 7, "Soon over")
    station.do(LiftSilence(silence_id=first.silence_id), actor="Jonas Weber")
    lifted = known(station, first.silence_id)
    assert (lifted.standing(station.now_ms), lifted.lifted_by) == ("lifted", "Jonas Weber")
    again = set_(station)
    assert again.silences(station.now_ms)
    assert again.also_done == []


def test_what_stands_so_already_is_written_once(station: Station) -> None:
    until = START + HOUR
    first = set_(station, until=until, duration_ms=None)
    before = station.journal.head().seq
    assert set_(station, until=until, duration_ms=None) == first
    assert station.journal.head().seq == before
    station.do(LiftSilence(silence_id=first.silence_id))
    before = station.journal.head().seq
    assert station.do(LiftSilence(silence_id=first.silence_id)) == [None]
    assert station.journal.head().seq == before


def test_a_window_ahead_is_planned_and_another_one_of_the_same_is_another(station: Station) -> None:
    start = START + DAY_MS
    tonight = set_(station, starts_at=start, duration_ms=2 * HOUR)
    assert (tonight.starts_at, tonight.until) == (start, start + 2 * HOUR)
    assert [tonight.standing(t) for t in (START, start, start + 2 * HOUR)] == [
        "planned",
        "active",
        "ended",
    ]
    tomorrow = set_(station, starts_at=start + DAY_MS)
    now = set_(station, starts_at=START - 5)
    assert now.starts_at is None
    assert len({tonight.silence_id, tomorrow.silence_id, now.silence_id}) == 3
    station.do(LiftSilence(silence_id=tonight.silence_id))
    assert known(station, tonight.silence_id).standing(START) == "lifted"


def test_one_takes_the_place_of_another_in_one_go(station: Station) -> None:
    old = set_(station)
    new = set_(station, matchers='service=db, env=~"prod|stage"', replaces=old.silence_id)
    assert not known(station, old.silence_id).active
    assert new.matchers == ['env=~"prod|stage"']
    same = set_(station, matchers=['env=~"prod|stage"', "service=db"], replaces=new.silence_id)
    assert same.silence_id == new.silence_id
    assert same.active


def test_everything_is_silenced_only_by_saying_so(station: Station) -> None:
    for written in ("", 'service=~".*"', "env!=prod"):
        refused = station.do(order(matchers=written))[0]
        assert isinstance(refused, Malformed)
        assert (refused.field, "everything" in refused.remedy) == ("matchers", True)
    assert set_(station, matchers="", everything=True).everything
    both = station.do(order(everything=True))[0]
    assert isinstance(both, Malformed)
    assert both.field == "everything"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 1_001}, "reason"),
        ({"matchers": "service"}, "matchers"),
        ({"matchers": 'x=~"(a+)+"'}, "matchers"),
        ({"duration_ms": 0}, "duration"),
        ({"duration_ms": -5}, "duration"),
        ({"duration_ms": 30 * DAY_MS + 1}, "duration"),
        ({"duration_ms": None}, "until"),
        ({"until": START + HOUR}, "until"),
        ({"until": START - 1, "duration_ms": None}, "until"),
        ({"until": START + 31 * DAY_MS, "duration_ms": None}, "until"),
        ({"until": START + HOUR, "duration_ms": None, "starts_at": START + 2 * HOUR}, "until"),
        ({"starts_at": START + 366 * DAY_MS}, "starts_at"),
    ],
)
def test_a_bad_one_names_the_field_and_changes_nothing(
    station: Station, given: dict[str, Any], field: str
) -> None:
    refused = station.do(order(**given))[0]
    assert isinstance(refused, Malformed)
    assert refused.field == field
    assert station.journal.silences() == []


def test_what_is_not_there_is_neither_lifted_nor_replaced(station: Station) -> None:
    assert isinstance(station.do(LiftSilence(silence_id="SIL-X"))[0], NotFound)
    refused = station.do(order(replaces="SIL-X"))[0]
    assert isinstance(refused, NotFound)
    assert refused.field == "replaces"
    assert station.journal.silences() == []


def test_thirty_days_are_allowed_from_a_start_ahead(station: Station) -> None:
    start = START + 300 * DAY_MS
    assert set_(station, starts_at=start, duration_ms=30 * DAY_MS).until == start + 30 * DAY_MS
