"""The detector: bounded, deterministic, quiet on what is usual, awake for what is planted."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain.anomaly import ALERT_AT, learning_detector, streaming_detector
from crisisdesk.domain.anomaly.detector import LEARN, Detector
from crisisdesk.domain.anomaly.ranges import known_range
from crisisdesk.domain.anomaly.words import Kind

from tests.domain.anomaly.series import BEGAN, DAY, DAYS, QUIET, STEP, feed, noise, season, times

# Where things are planted: the tenth day at noon.
PLANTED = 9 * DAY + DAY // 2
MOMENTS = st.datetimes() | st.datetimes(timezones=st.just(UTC))
READINGS = st.lists(st.tuples(MOMENTS, st.floats()), max_size=120)


def made(how: str) -> Detector:
    return learning_detector() if how == "learning" else streaming_detector(0.0, 100.0)


def noticed(values: list[float], when: list[datetime], within: int) -> tuple[float, list[Kind]]:
    """The highest score within so many values of the planted place, and the detector there."""
    detector = streaming_detector(0.0, 200.0)
    feed(detector, values[:PLANTED], when[:PLANTED])
    best, kinds = 0.0, list[Kind]()
    for place in range(PLANTED, PLANTED + within):
        best = max(best, detector.update(when[place], values[place]))
        kinds.append(detector.why().kind)
    return best, kinds


@pytest.mark.parametrize("how", ["known", "learning"])
@given(readings=READINGS)
@settings(deadline=None, max_examples=60)
def test_a_score_lies_between_0_and_1_whatever_comes(
    how: str, readings: list[tuple[datetime, float]]
) -> None:
    detector = made(how)
    for when, value in readings:
        assert 0.0 <= detector.update(when, value) <= 1.0
        detector.why()
        band = detector.band()
        assert band is None or -math.inf < band[0] <= band[1] < math.inf


@given(
    low=st.floats(allow_nan=False, allow_infinity=False),
    high=st.floats(allow_nan=False, allow_infinity=False),
    values=st.lists(st.floats(), min_size=25, max_size=60),
)
@settings(deadline=None, max_examples=60)
def test_a_score_lies_between_0_and_1_for_any_range(
    low: float, high: float, values: list[float]
) -> None:
    detector = streaming_detector(min(low, high), max(low, high))
    assert all(0.0 <= score <= 1.0 for score in feed(detector, values, times(len(values))))


@given(readings=READINGS)
@settings(deadline=None, max_examples=20)
def test_the_same_values_give_the_same_scores(readings: list[tuple[datetime, float]]) -> None:
    first, second = learning_detector(), learning_detector()
    assert [first.update(*one) for one in readings] == [second.update(*one) for one in readings]


@pytest.mark.parametrize("how", ["known", "learning"])
@pytest.mark.parametrize("name", QUIET)
def test_a_quiet_series_wakes_nobody_more_than_once_in_two_days(name: str, how: str) -> None:
    """From the third day on; most are far quieter, see the help page."""
    scores = feed(made(how), QUIET[name](), times(DAYS * DAY))[2 * DAY :]
    assert sum(score >= ALERT_AT for score in scores) <= (DAYS - 2) / 2


@pytest.mark.parametrize("quiet", ["noise", "season"])
def test_a_spike_is_noticed_at_once_and_named(quiet: str) -> None:
    values = QUIET[quiet]()
    values[PLANTED] = 95.0
    score, kinds = noticed(values, times(len(values)), 1)
    assert score >= ALERT_AT
    assert kinds == [Kind.SPIKE]


def test_a_level_shift_is_noticed_at_once_and_named_within_four_values() -> None:
    values = noise()
    values[PLANTED:] = [value + 12 for value in values[PLANTED:]]
    score, kinds = noticed(values, times(len(values)), 4)
    assert score >= ALERT_AT
    assert kinds[-1] is Kind.SHIFT


def test_after_a_level_shift_the_new_level_is_usual() -> None:
    values = noise()
    values[PLANTED:] = [value + 12 for value in values[PLANTED:]]
    scores = feed(streaming_detector(0.0, 100.0), values, times(len(values)))
    day_after = scores[PLANTED + DAY : PLANTED + 3 * DAY]
    assert sum(score >= ALERT_AT for score in day_after) <= 1


def test_a_flat_line_is_noticed_within_half_an_hour_and_named() -> None:
    values = noise()
    values[PLANTED : PLANTED + DAY] = [50.0] * DAY
    score, kinds = noticed(values, times(len(values)), 30)
    assert score >= ALERT_AT
    assert Kind.FLAT in kinds


def test_an_unusual_shape_is_noticed_within_the_day_though_each_value_is_usual() -> None:
    """The day's rise does not come: values that are usual at night stay until noon."""
    values = season()
    values[PLANTED : PLANTED + DAY] = [42.0 + value % 1.0 for value in noise()[:DAY]]
    score, kinds = noticed(values, times(len(values)), DAY)
    assert score >= ALERT_AT
    assert set(kinds) & {Kind.SHAPE, Kind.SHIFT}


def test_missing_data_is_noticed_with_the_value_after_it() -> None:
    values, when = noise(), times(DAYS * DAY)
    when[PLANTED:] = [moment + timedelta(hours=6) for moment in when[PLANTED:]]
    score, kinds = noticed(values, when, 1)
    assert score >= ALERT_AT
    assert kinds == [Kind.MISSING]


def test_values_that_are_no_numbers_are_missing_data() -> None:
    values = noise()
    values[PLANTED : PLANTED + DAY] = [math.nan] * DAY
    score, kinds = noticed(values, times(len(values)), 40)
    assert score >= ALERT_AT
    assert Kind.MISSING in kinds


def test_the_sentence_says_the_figures() -> None:
    values = noise()
    values[PLANTED] = 95.0
    detector = streaming_detector(0.0, 100.0)
    feed(detector, values[: PLANTED + 1], times(PLANTED + 1))
    nearest = max(values[:PLANTED])
    assert detector.why().words == f"spike: 95, the nearest value before is {nearest:.4g}"


def test_a_constant_series_is_never_strange_and_a_change_of_it_is() -> None:
    for detector in (streaming_detector(45.0, 45.0), learning_detector()):
        scores = feed(detector, [45.0] * 1000, times(1000))
        assert max(scores) == 0.0
        assert detector.update(BEGAN + 1000 * STEP, 46.0) >= ALERT_AT


def test_an_infinite_value_is_strange_and_does_no_harm() -> None:
    values = noise()
    values[PLANTED] = math.inf
    detector = learning_detector()
    scores = feed(detector, values, times(len(values)))
    assert scores[PLANTED] >= ALERT_AT
    assert sum(score >= ALERT_AT for score in scores[PLANTED + 1 :]) <= 2
    assert detector.band() is not None


def test_infinite_values_among_those_a_new_range_is_learnt_from_do_no_harm() -> None:
    values = [*noise()[:DAY], *([math.inf, -math.inf] * 40), *(v * 50 for v in noise()[: 2 * DAY])]
    detector = learning_detector()
    scores = feed(detector, values, times(len(values)))
    assert all(0.0 <= score <= 1.0 for score in scores)
    band = detector.band()
    assert band is not None
    assert 2000 < band[0] < band[1] < 3000


def test_one_event_is_told_once() -> None:
    """The second of two equal spikes right after each other is worth less."""
    values = noise()
    values[PLANTED] = values[PLANTED + 5] = 95.0
    scores = feed(streaming_detector(0.0, 100.0), values, times(len(values)))
    assert scores[PLANTED] >= ALERT_AT > scores[PLANTED + 5]


def test_most_values_lie_in_the_band_that_was_said_before() -> None:
    for values in (noise(), season()):
        detector = learning_detector()
        inside = told = 0
        for place, (moment, value) in enumerate(zip(times(len(values)), values, strict=True)):
            band = detector.band() if place > 4 * DAY and place % 10 == 0 else None
            if band is not None:
                told += 1
                inside += band[0] <= value <= band[1]
            detector.update(moment, value)
        assert told > 250
        assert 0.8 <= inside / told <= 0.99


def test_the_band_goes_with_the_season() -> None:
    values = season()
    detector = learning_detector()
    feed(detector, values[: 8 * DAY + DAY // 4], times(DAYS * DAY))
    top = detector.band()
    feed(
        detector, values[8 * DAY + DAY // 4 : 8 * DAY + 3 * DAY // 4], times(DAYS * DAY)[8 * DAY :]
    )
    bottom = detector.band()
    assert top is not None
    assert bottom is not None
    assert bottom[1] < 50.0 < top[0]


def test_nothing_is_said_before_enough_is_known() -> None:
    detector = learning_detector()
    assert detector.band() is None
    assert feed(detector, [1.0, 900.0] * (LEARN // 2), times(LEARN)) == [0.0] * LEARN
    assert detector.why().words == ""


def test_a_range_learnt_from_calm_hours_follows_a_series_that_grows() -> None:
    """One unit at first, a thousand later: the band has the size of what is there now."""
    grown = [*noise()[:LEARN], *(value * 1000 for value in noise())]
    detector = learning_detector()
    feed(detector, grown, times(len(grown)))
    band = detector.band()
    assert band is not None
    assert 45_000 < band[0] < band[1] < 55_000


def test_a_day_of_daylight_saving_and_a_clock_set_back_do_no_harm() -> None:
    values, when = noise(), times(DAYS * DAY)
    when[PLANTED:] = [moment - timedelta(hours=1) for moment in when[PLANTED:]]
    score, _ = noticed(values, when, 3)
    assert score < ALERT_AT


def size(detector: Detector) -> int:
    """Bytes in everything the detector holds."""
    from tests.domain.anomaly.sizes import bytes_of

    return bytes_of(detector)


def test_memory_is_bounded() -> None:
    """What 10,000 values fill is not grown by 100,000; a quarter of a mebibyte is the most."""
    values = np.random.default_rng(3).normal(50, 1, 100_000).tolist()
    detector = Detector(known_range(0.0, 100.0))
    moment = BEGAN
    for place, value in enumerate(values):
        if place == 10_000:
            before = size(detector)
        moment += STEP
        detector.update(moment, value)
    assert size(detector) <= before * 1.01
    assert size(detector) < 256 * 1024
