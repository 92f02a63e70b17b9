"""A station's line, and the table's picture at every width."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.settings_room.station_table import StationTable, station_row

from tests.desk.fleet.fleets import NOW, STATES, TEN


def test_a_row_says_when_it_was_seen_on_the_engines_clock() -> None:
    standing = STATES["ten"]
    row = station_row(TEN[2], standing, NOW + 5_000)
    assert row.seen == "01:25 ago"
    assert row.states == "?"


@pytest.mark.parametrize("width", [420, 700, 1200])
def test_it_paints_itself_at_any_width_and_zoom(qtbot: QtBot, look: Look, width: int) -> None:
    table = StationTable()
    qtbot.addWidget(table)
    table.show_rows([station_row(one, STATES["ten"], NOW) for one in TEN])
    table.resize(width, table.height())
    before = table.height()
    picture = QPixmap(table.size())
    table.render(picture)
    assert len({picture.toImage().pixel(x, 60) for x in range(0, width, 2)}) > 2
    look.switch(zoom=150)
    assert table.height() > before
