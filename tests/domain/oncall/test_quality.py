"""The figures of a schedule."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.quality import quality
from crisisdesk.domain.oncall.reading import read_schedule
from crisisdesk.domain.oncall.schedule import Shift
from crisisdesk.domain.oncall.shifts import gaps, shifts

from tests.domain.oncall.rosters import layer, ms, override, rosters, schedule

HOUR, DAY = 3_600_000, 86_400_000
MONDAY = ms("2026-01-05T08:00Z")  # 09:00 in Prague


def test_an_even_rotation_has_no_imbalance_and_no_gap():
    found = quality(schedule(layer()), [], MONDAY, MONDAY + 4 * DAY)
    assert found.per_person == {"C-ANN": 2 * DAY, "C-BO": 2 * DAY}
    assert (found.coverage, found.imbalance, found.longest_gap) == (1.0, 0.0, None)
    assert found.longest_shift == Shift(contacts=("C-ANN",), start_ms=MONDAY, end_ms=MONDAY + DAY)


def test_an_override_makes_it_uneven_and_a_stranger_is_counted():
    swap = override("C-BO", MONDAY, MONDAY + DAY, "C-ANN")
    found = quality(schedule(layer()), [swap], MONDAY, MONDAY + 4 * DAY)
    assert list(found.per_person.items()) == [("C-BO", 3 * DAY), ("C-ANN", DAY)]
    assert found.imbalance == pytest.approx(2 / 3)
    guest = override("C-DEE", MONDAY, MONDAY + HOUR)
    assert quality(schedule(layer()), [guest], MONDAY, MONDAY + DAY).per_person["C-DEE"] == HOUR


def test_the_longest_gap_is_found_and_who_never_has_a_turn_is_shown():
    nights = [{"days": [0, 1, 2, 3, 4, 5, 6], "from": "17:00", "to": "09:00"}]
    plan = schedule(layer(members=["C-ANN", "C-BO"], every=30, hours=nights))
    found = quality(plan, [], MONDAY, MONDAY + 3 * DAY)
    assert found.longest_gap == Shift(contacts=(), start_ms=MONDAY, end_ms=MONDAY + 8 * HOUR)
    assert found.coverage == pytest.approx(2 / 3)
    assert found.per_person == {"C-ANN": 48 * HOUR, "C-BO": 0}
    assert found.imbalance == 1.0


def test_only_members_of_layers_in_force_are_counted():
    covered = layer(members=["C-CY"], until="2026-01-06")
    plan = schedule(covered, layer(members=["C-ANN"]), layer(members=["C-DEE"], start="2026-01-09"))
    seen = quality(plan, [], MONDAY, MONDAY + DAY).per_person
    assert seen == {"C-ANN": DAY, "C-CY": 0}
    assert quality(plan, [], MONDAY + DAY, MONDAY + 2 * DAY).per_person == {"C-ANN": DAY}


def test_nobody_at_all_is_no_division_by_nothing():
    plan = schedule(layer(start="2027-01-01"))
    found = quality(plan, [], MONDAY, MONDAY + DAY)
    assert (found.coverage, found.imbalance, found.per_person) == (0.0, 0.0, {})
    assert found.longest_shift is None


@given(rosters())
def test_the_figures_add_up(roster: tuple[dict[str, Any], int, int]):
    of, start, end = roster
    plan = read_schedule("Database", of)
    found = quality(plan, [], start, end)
    assert sum(found.per_person.values()) == found.covered_ms
    missing = gaps(plan, [], start, end)
    assert found.covered_ms + sum(g.length_ms for g in missing) == found.range_ms == end - start
    assert found.longest_gap is None or found.longest_gap in missing
    assert all(g.length_ms <= found.longest_gap.length_ms for g in missing if found.longest_gap)
    on = {c for s in shifts(plan, [], start, end) for c in s.contacts}
    assert on <= found.per_person.keys()
    assert 0.0 <= found.imbalance <= 1.0


def test_a_range_that_is_none_is_refused():
    with pytest.raises(Malformed):
        quality(schedule(layer()), [], MONDAY, MONDAY)
