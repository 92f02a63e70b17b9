"""Values fit the columns, whatever a state says."""

from __future__ import annotations

import pytest

from crisisdesk.hub.published_values import moment, money, number_of, span


def test_wished_numbers_are_stable_and_fit_an_automatic_field() -> None:
    # Written down: a changed number would break every link of a web tier.
    assert number_of("INC-7K3QX2M9") == 330_554_295
    numbers = {number_of(f"A-{i}") for i in range(10_000)}
    assert len(numbers) > 9_990
    assert all(0 < n < 2**31 for n in numbers)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (None, None),
        (0, "0.00"),
        (5, "0.05"),
        (-5, "-0.05"),
        (123_456, "1234.56"),
        (9_999_999_999, "99999999.99"),
        (10**10, None),
    ],
)
def test_money_is_exact_or_not_told(cents: int | None, text: str | None) -> None:
    assert money(cents) == text


def test_moments_carry_their_zone_and_no_clock_breaks_them() -> None:
    assert moment(None) is None
    assert moment(1_770_861_902_123) == "2026-02-12T02:05:02.123000+00:00"
    assert moment(-5) == "1970-01-01T00:00:00+00:00"
    assert str(moment(2**62)).startswith("9999-12-31T23:59:59")


def test_a_span_is_an_interval_and_never_below_nothing() -> None:
    assert (span(900_000), span(-1)) == ("900000 milliseconds", "0 milliseconds")
