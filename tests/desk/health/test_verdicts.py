"""How a series stands beside what watches it."""

from __future__ import annotations

import pytest

from crisisdesk.desk.health.over import Since
from crisisdesk.desk.health.verdicts import (
    broken,
    clear_words,
    explained,
    held_since,
    last_left,
    limit_words,
    outside_since,
    verdict,
)

from tests.desk.health.shown import EVERY, FULL, IDLE, NOW, band_of, charted


@pytest.mark.parametrize(
    ("values", "words", "tone"),
    [
        ([0.5] * 9, "within limits", "ok"),
        ([0.5] * 5 + [0.95] * 7, "over 0.9 for 1 min", "critical"),
        ([0.95] * 7, "over 0.9 for over 1 min", "critical"),
        ([0.95] * 7 + [0.85], "near limit 0.9", "near"),
        ([0.5, 0.05], "under 0.1 for 0 s", "medium"),
        ([0.9] * 3, "near limit 0.9", "near"),
    ],
)
def test_the_newest_value_is_held_against_its_limits(
    values: list[float], words: str, tone: str
) -> None:
    assert verdict(charted(values, IDLE, FULL), "ok", NOW) == (words, tone)


def test_of_broken_limits_the_severest_is_said() -> None:
    low = FULL._replace(rule="low", severity="low", value=0.3, clear=0.3)
    found = charted([0.95], FULL, low)
    assert broken(found) == [FULL, low]
    assert verdict(found, "ok", NOW).tone == "critical"
    assert broken(charted([])) == []


def test_what_is_not_fresh_is_not_judged() -> None:
    assert verdict(charted([0.95], FULL), "down", NOW) == ("cannot be judged", "stale")
    assert verdict(charted([0.95], FULL), "stale", NOW).words == "cannot be judged"
    assert verdict(charted([0.95]), "down", NOW).words == "no rule watches it"


def test_without_limits_it_says_who_watches() -> None:
    assert verdict(charted([1.0]), "ok", NOW) == ("no rule watches it", "ok")
    assert verdict(charted([1.0], others=("Sum",)), "ok", NOW).words == "watched by Sum"
    assert verdict(charted([1.0], others=("a", "b")), "ok", NOW).words == "watched by 2 rules"


def test_a_band_is_left_and_kept() -> None:
    inside = charted([5.0], band=band_of([5.0] * 4, 4.0, 6.0))
    assert verdict(inside, "ok", NOW) == ("in usual range", "ok")
    left = charted([9.0], band=band_of([5.0] * 4 + [9.0] * 3, 4.0, 6.0))
    assert verdict(left, "ok", NOW) == ("outside usual range for 20 s", "high")
    below = charted([1.0], band=band_of([1.0] * 3, 4.0, 6.0))
    assert verdict(below, "ok", NOW).words == "outside usual range for over 20 s"
    partly = charted([9.0], band=band_of([9.0], 4.0, 6.0, "band is being reckoned: 4 %"))
    assert verdict(partly, "ok", NOW) == ("band is being reckoned: 4 %", "ok")


def test_an_earlier_view_says_nothing_of_how_long() -> None:
    earlier = charted([0.95] * 9, FULL, band=band_of([5.0] * 4, 4.0, 6.0))
    now = earlier._replace(newest_ms=NOW + 600_000)
    assert held_since(FULL, now) is None
    assert verdict(now, "ok", NOW + 600_000).words == "over 0.9"
    calm = charted([5.0], band=band_of([9.0] * 4, 4.0, 6.0))._replace(newest_ms=NOW + 600_000)
    assert verdict(calm, "ok", NOW + 600_000) == ("go to now (L) to judge it", "ok")


def test_since_when_a_limit_is_crossed() -> None:
    assert held_since(FULL, charted([])) is None
    assert held_since(FULL, charted([0.95, 0.5])) is None
    assert held_since(FULL, charted([0.5, 0.95, 0.95])) == Since(NOW - EVERY)
    assert held_since(FULL, charted([0.95, 0.95])) == Since(NOW - EVERY, earlier=True)


def test_when_the_band_was_left_last() -> None:
    nan = float("nan")
    assert last_left(band_of([5.0, 9.0, 9.0, 5.0, 9.0, 9.0, 5.0], 4.0, 6.0)) == 4
    assert last_left(band_of([9.0, 5.0], 4.0, 6.0)) == 0
    assert last_left(band_of([5.0, nan], 4.0, 6.0)) is None
    assert last_left(band_of([], 4.0, 6.0)) is None
    assert outside_since(band_of([], 4.0, 6.0)) is None
    assert outside_since(band_of([9.0], nan, nan)) is None


def test_labels_name_value_and_rule() -> None:
    assert limit_words(FULL) == "over 0.9: Slow"
    assert limit_words(IDLE) == "under 0.1: Idle"
    assert limit_words(FULL._replace(alone=False)) == "over 0.9: Slow (one of several conditions)"
    assert clear_words(FULL) == "ends at 0.8"


def test_what_is_drawn_is_explained() -> None:
    (words,) = explained(charted([1.0]))
    assert "N begins one" in words
    limit, band, others = explained(
        charted([1.0], FULL, band=band_of([5.0, 9.0], 4.0, 6.0), others=("Sum",))
    )
    (waits,) = explained(charted([1.0], IDLE._replace(for_ms=300_000)))
    assert waits == "Idle (medium): alert under 0.1 for 5 min."
    assert limit == "Slow (critical): alert over 0.9, until it is back at 0.8."
    assert band.startswith("Odd (high): alert at a score of 0.6 or more; usual now 4 to 6")
    assert "with 9 (score 0.70)" in band
    assert others == "Made part of something else by Sum."
    (never,) = explained(charted([5.0], band=band_of([5.0], 4.0, 6.0)))
    assert "not left in view" in never
    (none,) = explained(charted([5.0], band=band_of([], 4.0, 6.0, "no band: zoom in")))
    assert none.endswith("; no band: zoom in.")
