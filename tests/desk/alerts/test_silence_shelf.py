"""The shelf of silences: order, words, clocks, and a button that keeps the keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.alerts.kept_words import kept_lines
from crisisdesk.desk.alerts.silence_shelf import SilenceShelf

from tests.desk.alerts.rows import NOW
from tests.desk.alerts.test_kept_words import CAUSED, FLAPS
from tests.desk.alerts.test_silence_words import SILENCE

pytestmark = pytest.mark.usefixtures("look")

PLANNED = replace(SILENCE, silence_id="SIL-2", starts_at=NOW + 60_000)
LIFTED = replace(SILENCE, silence_id="SIL-3", active=False, lifted_at=NOW, lifted_by="Jonas")


@pytest.fixture
def shelf(qtbot: QtBot) -> SilenceShelf:
    made = SilenceShelf()
    qtbot.addWidget(made)
    made.resize(760, 500)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_an_empty_shelf_says_how_to_fill_it(shelf: SilenceShelf) -> None:
    assert shelf.shown() == []
    assert shelf._empty.isVisible()
    shelf.show_silences([(SILENCE, 1)], NOW)
    assert not shelf._empty.isVisible()


def test_each_row_says_what_it_covers_and_only_what_stands_can_be_lifted(
    shelf: SilenceShelf, qtbot: QtBot
) -> None:
    shelf.show_silences([(SILENCE, 1), (PLANNED, 0), (LIFTED, 2)], NOW)
    assert shelf.shown() == ["SIL-1", "SIL-2", "SIL-3"]
    rows = [row for name in shelf.shown() if (row := shelf.row(name)) is not None]
    assert [row.lift.isVisible() for row in rows] == [True, True, False]
    assert [row.y() for row in rows] == sorted({row.y() for row in rows})
    said = rows[0].accessibleName()
    for part in ('service="db"', "Planned work", "covers 1 open alert.", "Klára", "1 h 00 left"):
        assert part in said
    with qtbot.waitSignal(shelf.lifted) as lifted:
        qtbot.mouseClick(rows[1].lift, Qt.MouseButton.LeftButton)
    assert lifted.args == ["SIL-2"]
    picture = shelf.grab().toImage()
    assert picture.size() == shelf.size()


def test_a_button_keeps_the_keyboard_while_the_shelf_changes(
    shelf: SilenceShelf, qtbot: QtBot
) -> None:
    shelf.show_silences([(SILENCE, 1)], NOW)
    shelf.activateWindow()
    qtbot.waitUntil(shelf.isActiveWindow)
    shelf.focus_first()
    row = shelf.row("SIL-1")
    assert row is not None
    assert QApplication.focusWidget() is row.lift
    other = replace(SILENCE, silence_id="SIL-0")
    shelf.show_silences([(other, 0), (SILENCE, 2)], NOW + 1_000)
    assert shelf.row("SIL-1") is row
    assert QApplication.focusWidget() is row.lift
    shelf.show_silences([(other, 0)], NOW + 1_000)
    assert (shelf.row("SIL-1"), shelf.shown()) == (None, ["SIL-0"])


def test_what_has_a_cause_stands_below_the_silences(shelf: SilenceShelf) -> None:
    lines = kept_lines([CAUSED, FLAPS])
    shelf.show_kept(lines)
    assert not shelf._empty.isVisible()
    assert shelf.kept.isVisible()
    assert "A-2 db-main down" in shelf.kept.accessibleName()
    shelf.show_silences([(SILENCE, 1)], NOW)
    row = shelf.row("SIL-1")
    assert row is not None
    QApplication.processEvents()
    assert shelf.kept.y() > row.y()
    shelf.show_kept([])
    assert not shelf.kept.isVisible()
    assert shelf._scroll.isVisible()
