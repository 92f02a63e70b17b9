"""Splits are read from the file of a station that really was cut off."""

from __future__ import annotations

from crisisdesk.desk.splits.reading import Page, read_cuts
from crisisdesk.store.queries import StationReader

from tests.desk.splits.conftest import CUT
from tests.desk.splits.story import CUT_MS, Story

pytestmark = CUT


def test_the_split_of_this_station_is_known_by_name(told: Story) -> None:
    reader = StationReader(told.folder / "station.sqlite3")
    try:
        [cut] = read_cuts(reader)
    finally:
        reader.close()
    assert (cut.station, cut.here) == ("BRNO-1", True)
    assert cut.key == cut.split.split_id
    assert abs(cut.split.until_ms - cut.split.since_ms - CUT_MS) < 60_000


def test_a_page_counts_what_waits_and_names_what_it_stands_on(page: Page, told: Story) -> None:
    assert page.decisions() == 2
    assert page.subjects() == {*told.alerts, told.incident}
    assert set(page.choices) == {told.incident, told.alerts[0]}


def test_where_nothing_collided_nothing_waits(calm: Page) -> None:
    assert (calm.decisions(), calm.view.both, calm.choices) == (0, (), {})
