"""Charts stand beside one another; none is made twice."""

from __future__ import annotations

import pytest

from crisisdesk.desk.health.grid import across
from crisisdesk.desk.health.room import HealthRoom

from tests.desk.health.conftest import Measured, web


@pytest.mark.parametrize(("count", "wide"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (12, 3)])
def test_how_many_stand_beside_one_another(count: int, wide: int) -> None:
    assert across(count) == wide


def test_charts_are_made_once_and_hidden_when_fewer_are_wanted(
    room: HealthRoom, measured: Measured
) -> None:
    measured.measure([web(n) for n in range(6)], looks=20)
    room.tick(measured.desk.now)
    made = list(room.grid.charts)
    room.filter.setText("web-2")
    assert [chart.isVisible() for chart in room.grid.charts] == [True] + [False] * 5
    room.filter.clear()
    assert room.grid.charts == made
    assert all(chart.isVisible() for chart in made)
