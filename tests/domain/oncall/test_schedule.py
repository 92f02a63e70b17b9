"""What a layer derives from what it says."""

from __future__ import annotations

import pytest

from crisisdesk.domain.oncall.schedule import Layer, Shift
from crisisdesk.domain.oncall.wall import weekday_of

from tests.domain.oncall.rosters import layer, ms, schedule, weekly

DAY = 86_400_000


def test_it_is_in_force_between_two_hand_overs():
    (one,) = schedule(layer(until="2026-02-01")).layers
    # A wall reading counts like UTC does, only from local midnight.
    assert one.begin_wall == one.anchor_wall == ms("2026-01-05T09:00Z")
    assert one.end_wall == ms("2026-02-01T09:00Z")
    (endless,) = schedule(layer()).layers
    assert endless.end_wall is None


@pytest.mark.parametrize("weekday", range(7))
def test_its_first_week_began_on_its_weekday(weekday: int):
    (one,) = schedule(weekly(handover={"time": "09:00", "weekday": weekday})).layers
    assert weekday_of(one.anchor_wall // DAY) == weekday
    assert 0 <= one.begin_wall - one.anchor_wall < 7 * DAY


@pytest.mark.parametrize(
    ("rotation", "length"), [("hour", DAY // 24), ("day", DAY), ("week", 7 * DAY)]
)
def test_a_turn_lasts_as_many_as_it_says(rotation: str, length: int):
    make = weekly if rotation == "week" else layer
    found: Layer = schedule(make(rotation=rotation, every=3)).layers[0]
    assert found.turn_ms == 3 * length


def test_a_shift_knows_its_length():
    assert Shift(contacts=(), start_ms=5, end_ms=12).length_ms == 7
