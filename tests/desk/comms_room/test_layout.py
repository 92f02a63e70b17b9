"""The columns stand side by side at every width and zoom, and drop what has no room."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crisisdesk.desk.comms_room.layout import board_columns, channel_columns, short_clock
from crisisdesk.desk.look.theme import Look

from tests.domain.deliveries import NOW

DAY = 86_400_000


@pytest.mark.parametrize("zoom", [100, 140, 200])
@pytest.mark.parametrize("at_100", [576, 614, 764, 804, 900, 1152, 1330])
def test_no_column_covers_another(look: Look, zoom: int, at_100: int) -> None:
    look.switch(zoom=zoom)
    width = at_100 * zoom // 100
    board = board_columns(width)
    spans = [span for span in board[:-1] if span.width]
    assert all(a.right <= b.x for a, b in pairwise(spans))
    assert spans[-1].right <= width
    table = channel_columns(width)
    spans = [span for span in table if span.width]
    assert all(a.right <= b.x for a, b in pairwise(spans))


@pytest.mark.usefixtures("look")
def test_narrow_lists_drop_station_and_day() -> None:
    assert (board_columns(804).station.width, board_columns(804).dated) == (0, False)
    assert board_columns(1330).station.width > 0
    assert (channel_columns(804).failure.width, channel_columns(1330).failure.width) == (0, 96)


def test_a_time_says_its_day_when_it_has_the_room() -> None:
    assert short_clock(NOW, NOW, dated=False) == "02:05:02"
    assert short_clock(NOW, NOW + DAY, dated=True) == "12 Feb 02:05"
    assert short_clock(NOW, NOW + DAY, dated=False) == "12 Feb"
