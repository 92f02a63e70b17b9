"""Whose turn it is in one layer, and that no change of it goes unseen."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from crisisdesk.domain.oncall.reading import read_schedule
from crisisdesk.domain.oncall.schedule import Layer
from crisisdesk.domain.oncall.turns import changes, holder
from crisisdesk.domain.oncall.wall import wall_ms

from tests.domain.oncall.rosters import layer, ms, rosters, schedule, weekly

HOUR, DAY = 3_600_000, 86_400_000
ZONE = "Europe/Prague"
MONDAY = ms("2026-01-05T08:00Z")  # 09:00 in Prague


def who(one: Layer, at: int, zone: str = ZONE) -> str:
    return holder(one, zone, at, wall_ms(zone, at))


@given(rosters())
def test_a_layer_changes_only_where_it_is_said_to(roster: tuple[dict[str, Any], int, int]):
    of, start, end = roster
    for one in read_schedule("Database", of).layers:
        found = set(changes(one, of["zone"], start, end))
        assert all(start < at < end for at in found)
        steps = range(start - start % 300_000 + 300_000, end, 300_000)
        changed = {at for at in steps if who(one, at, of["zone"]) != who(one, at - 1, of["zone"])}
        assert changed <= found


def test_members_take_turns_in_their_order_and_may_have_more_than_one():
    crew = ["C-ANN", "C-BO", "C-ANN", "C-CY"]
    (one,) = schedule(layer(members=crew, every=2)).layers
    assert [who(one, MONDAY + 2 * n * DAY) for n in range(5)] == [*crew, "C-ANN"]
    assert who(one, MONDAY - 1) == ""


def test_who_is_alone_in_a_layer_is_never_handed_over():
    (one,) = schedule(weekly(members=["C-ANN", "C-ANN"])).layers
    assert set(changes(one, ZONE, MONDAY + 1, MONDAY + 300 * DAY)) == set()
    assert set(changes(one, ZONE, MONDAY - 1, MONDAY + DAY)) == {MONDAY}


def test_an_hourly_layer_changes_only_while_it_is_in_force():
    (one,) = schedule(layer(rotation="hour", every=12, until="2026-01-06")).layers
    found = sorted(set(changes(one, ZONE, MONDAY - DAY, MONDAY + 9 * DAY)))
    assert found == [MONDAY, MONDAY + 12 * HOUR, MONDAY + DAY]
