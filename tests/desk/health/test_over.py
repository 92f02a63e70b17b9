"""What is drawn over a line."""

from __future__ import annotations

from crisisdesk.desk.health.over import NOTHING, Stretch
from crisisdesk.domain.detection.watchers import NOBODY


def test_a_stretch_knows_its_length() -> None:
    assert Stretch(1_000, 4_000, 9_000).length == 3_000


def test_over_a_series_that_nobody_watches_there_is_nothing() -> None:
    assert (NOTHING.watchers, NOTHING.band, NOTHING.spells) == (NOBODY, None, ())
