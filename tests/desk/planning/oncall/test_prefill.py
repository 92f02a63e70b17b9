"""The times that the form of an override begins with."""

from __future__ import annotations

from crisisdesk.desk.planning.oncall.prefill import prefilled
from crisisdesk.domain.oncall.reasons import Hold

from tests.desk.planning.oncall.published import DAY, HOUR, NOW

MINUTE = 60_000


def hold(start: int, end: int, *, longer: bool = False) -> Hold:
    return Hold(contact="C-ANN", start_ms=start, end_ms=end, longer_after=longer)


def test_a_shift_to_come_or_gone_is_taken_whole() -> None:
    assert prefilled(hold(NOW + HOUR, NOW + DAY), NOW) == (NOW + HOUR, NOW + DAY)
    assert prefilled(hold(NOW - DAY, NOW - HOUR), NOW) == (NOW - DAY, NOW - HOUR)


def test_of_one_that_runs_only_the_rest_is_taken_from_a_full_minute() -> None:
    assert prefilled(hold(NOW - DAY, NOW + DAY), NOW + 1) == (NOW + MINUTE, NOW + DAY)
    almost_over = hold(NOW - DAY, NOW + MINUTE)
    assert prefilled(almost_over, NOW + 1) == (NOW - DAY, NOW + MINUTE)


def test_without_an_end_in_sight_or_a_shift_it_is_a_day() -> None:
    assert prefilled(hold(NOW + HOUR, NOW + 99 * DAY, longer=True), NOW) == (
        NOW + HOUR,
        NOW + HOUR + DAY,
    )
    assert prefilled(None, NOW) == (NOW, NOW + DAY)
