"""Why a value was strange: the plainest cause, in a sentence with its figures."""

from __future__ import annotations

from crisisdesk.domain.anomaly.words import BEFORE, NOT_STRANGE, Kind, Last, Plain, why

LENGTHS = (1, 4, 16)
NONE = Plain(0.0, 0.0, 0.0)
USUAL = [50.0, 51.0, 49.0, 50.5] * (BEFORE // 4 + 1)


def last(
    *surprises: float,
    gap: Plain = NONE,
    run: Plain = NONE,
    recent: list[float] = USUAL,
    nearest: float | None = 51.0,
) -> Last:
    return Last(gap, run, surprises or (0.0, 0.0, 0.0), LENGTHS, recent, nearest)


def test_nothing_strange_has_no_words() -> None:
    assert why(last()) == NOT_STRANGE
    assert why(last(0.9, 0.9, 0.9)) == NOT_STRANGE
    assert why(last(4.0, 0.0, 0.0, recent=[])) == NOT_STRANGE


def test_a_spike_says_the_value_and_the_nearest_before() -> None:
    found = why(last(4.0, 3.0, 0.0, recent=[95.0, *USUAL]))
    assert found == (Kind.SPIKE, "spike: 95, the nearest value before is 51")


def test_a_shape_says_how_many_values() -> None:
    found = why(last(0.0, 1.0, 3.0))
    assert found == (Kind.SHAPE, "unusual shape: the last 16 values run as none before")
    assert why(last(3.0, 0.0, 0.0, nearest=None)).words == (
        "unusual shape: the last value runs as none before"
    )


def test_four_values_beyond_all_before_are_a_shift_and_three_are_not() -> None:
    found = why(last(4.0, 4.0, 0.0, recent=[62.0, 63.0, 61.0, 62.0, *USUAL]))
    assert found == (Kind.SHIFT, "level shift: about 62 now, about 50.25 before")
    assert why(last(4.0, 4.0, 0.0, recent=[62.0, 63.0, 61.0, *USUAL])).kind is Kind.SPIKE
    assert why(last(4.0, 4.0, 0.0, recent=[62.0] * 4 + USUAL[:8])).kind is Kind.SPIKE


def test_a_gap_says_how_long_and_how_long_before() -> None:
    found = why(last(2.0, 0.0, 0.0, gap=Plain(4.0, 6 * 3600.0, 300.0)))
    assert found.kind is Kind.MISSING
    assert found.words == "missing data: nothing for 6 h, never longer than 5 min before"


def test_a_flat_line_counts_values_and_gives_way_to_what_is_stranger() -> None:
    run = Plain(3.5, 30.0, 2.0)
    found = why(last(0.0, 0.0, 3.0, run=run))
    assert found == (Kind.FLAT, "flat line: 31 values the same, never more than 3 before")
    assert why(last(4.5, 0.0, 0.0, run=run)).kind is Kind.SPIKE
