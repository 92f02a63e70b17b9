"""Why somebody is on call: the layer whose turn it is, or the override that made the difference."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.oncall.reading import read_schedule
from crisisdesk.domain.oncall.reasons import holds, turns_of_layer
from crisisdesk.domain.oncall.shifts import on_call

from tests.domain.oncall.rosters import PEOPLE, layer, ms, override, rosters, schedule, weekly

HOUR, DAY = 3_600_000, 86_400_000
MONDAY = ms("2026-01-05T08:00Z")  # 09:00 in Prague


def test_a_turn_names_its_layer_and_a_covering_layer_is_told_too() -> None:
    office = layer(
        name="Office",
        members=["C-ANN"],
        hours=[{"days": [0], "from": "10:00", "to": "12:00"}],
    )
    plan = schedule(layer(members=["C-ANN", "C-BO"]), office)
    first, second = holds(plan, [], MONDAY, MONDAY + 2 * DAY)
    assert (first.contact, first.layers) == ("C-ANN", ("Primary", "Office"))
    assert (first.start_ms, first.end_ms) == (MONDAY, MONDAY + DAY)
    assert (second.contact, second.layers, second.override) == ("C-BO", ("Primary",), None)


def test_an_override_cuts_the_shift_and_keeps_the_layer_whose_place_it_takes() -> None:
    plan = schedule(layer())
    swap = override("C-CY", MONDAY + HOUR, MONDAY + 2 * HOUR)
    found = holds(plan, [swap], MONDAY, MONDAY + DAY)
    assert [(h.contact, h.override, h.layers) for h in found] == [
        ("C-ANN", None, ("Primary",)),
        ("C-CY", swap, ("Primary",)),
        ("C-ANN", None, ("Primary",)),
    ]


def test_two_overrides_for_one_person_are_two_reasons() -> None:
    plan = schedule(layer())
    first = override("C-CY", MONDAY, MONDAY + HOUR)
    second = override("C-CY", MONDAY + HOUR, MONDAY + 2 * HOUR)
    found = holds(plan, [first, second], MONDAY, MONDAY + 2 * HOUR)
    assert [h.override for h in found] == [first, second]


def test_an_override_that_changes_nothing_is_not_the_reason() -> None:
    plan = schedule(layer())
    idle = override("C-ANN", MONDAY + HOUR, MONDAY + 2 * HOUR)
    [found] = holds(plan, [idle], MONDAY, MONDAY + 3 * HOUR)
    assert (found.override, found.end_ms) == (None, MONDAY + DAY)


def test_what_lasts_for_ever_says_that_it_was_cut() -> None:
    plan = schedule(weekly(members=["C-ANN"]))
    [found] = holds(plan, [], MONDAY + 400 * DAY, MONDAY + 401 * DAY)
    assert (found.longer_before, found.longer_after) == (True, True)
    at_start, whole = holds(plan, [], MONDAY - DAY, MONDAY + DAY)
    assert (at_start.contact, at_start.longer_before, at_start.longer_after) == ("", True, False)
    assert (whole.longer_before, whole.longer_after) == (False, True)


def test_a_layer_by_itself_has_its_turns_and_no_gaps() -> None:
    office = layer(name="Office", hours=[{"days": [0, 1], "from": "10:00", "to": "12:00"}])
    plan = schedule(layer(), office)
    found = turns_of_layer(plan, 1, MONDAY, MONDAY + 2 * DAY)
    assert [(h.contact, h.end_ms - h.start_ms) for h in found] == [
        ("C-ANN", 2 * HOUR),
        ("C-BO", 2 * HOUR),
    ]


@st.composite
def told(draw: Any) -> tuple[Any, list[Any], int, int]:
    of, start, end = draw(rosters())
    found = []
    for _ in range(draw(st.integers(0, 4))):
        low = draw(st.integers(start - HOUR, end - 1))
        contact = draw(st.sampled_from(PEOPLE))
        replaces = draw(st.sampled_from(["", *(p for p in PEOPLE if p != contact)]))
        found.append(override(contact, low, draw(st.integers(low + 1, end + HOUR)), replaces))
    return read_schedule("Database", of), found, start, end


@given(told(), st.data())
def test_holds_never_overlap_and_agree_with_who_is_on_call(case: Any, data: Any) -> None:
    plan, overrides, start, end = case
    found = holds(plan, overrides, start, end)
    assert found[0].start_ms <= start
    assert found[-1].end_ms >= end
    for one, after in pairwise(found):
        assert one.end_ms == after.start_ms
        assert (one.contact, one.override) != (after.contact, after.override)
    at = data.draw(st.integers(start, end - 1))
    [hold] = [h for h in found if h.start_ms <= at < h.end_ms]
    assert on_call(plan, overrides, at) == ((hold.contact,) if hold.contact else ())
    if hold.override is None:
        assert on_call(plan, [], at) == on_call(plan, overrides, at)
    else:
        assert hold.override.contact == hold.contact
        assert hold.override.start_ms <= at < hold.override.end_ms
