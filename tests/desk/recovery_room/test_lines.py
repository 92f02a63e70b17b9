"""The painters of the room: clocks turn, heads are lower and stand still."""

from __future__ import annotations

from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.line_list import LineList
from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.recovery_room.lines import (
    PathPainter,
    SidePainter,
    clock_words,
    ink,
    reading_list,
)
from crisisdesk.desk.recovery_room.side_words import SideLine, spoken
from crisisdesk.desk.recovery_room.step_words import PathLine

from tests.desk.recovery_room.scenes import NOW


def test_a_clock_is_words_and_a_tone() -> None:
    assert clock_words(None, NOW) == ("", "")
    assert clock_words(NOW + 61_000, NOW) == ("01:01", "high")
    assert clock_words(NOW - 1_000, NOW) == ("+00:01 late", "down")


def test_the_clock_of_a_step_turns_as_it_is_painted(qtbot: QtBot, look: Look) -> None:
    made: LineList[PathLine] = LineList("Path", PathPainter(), lambda p: p.key, lambda p: p.title)
    qtbot.addWidget(made)
    made.resize(260, 100)
    made.show_lines([PathLine("a", 1, "Freeze", "open", "user", "", False, True, NOW + 9_000)], NOW)
    with qtbot.waitExposed(made):
        made.show()
    first = made.viewport().grab().toImage()
    made.painter_of_lines.now_ms = NOW + 2_000
    assert made.viewport().grab().toImage() != first


def test_heads_are_lower_than_lines(qtbot: QtBot, look: Look) -> None:
    made = reading_list("Beside", SidePainter(), lambda line: line.key, spoken)
    qtbot.addWidget(made)
    made.show_lines([SideLine("h", "Approvals", is_head=True), SideLine("a", "Ann")], NOW)
    heights = [
        made.itemDelegate().sizeHint(QStyleOptionViewItem(), made.lines.index(n, 0)).height()
        for n in range(2)
    ]
    assert heights[0] < heights[1]
    assert made.selected() is None
    assert ink("down") != ink("")
