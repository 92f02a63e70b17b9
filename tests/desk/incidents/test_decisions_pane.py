"""The pane of decisions: counts, keys, and a line that keeps the keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.decisions_pane import DecisionsPane

from tests.desk.incidents.test_decision_rows import GONE, LATER, ONE

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def pane(qtbot: QtBot) -> DecisionsPane:
    made = DecisionsPane()
    qtbot.addWidget(made)
    made.resize(370, 200)
    made.show()
    made.activateWindow()
    return made


def test_it_counts_and_turns(pane: DecisionsPane):
    pane.show_decisions((), 0)
    assert pane.head.accessibleName() == "Decisions none"
    empty = pane.list.grab().toImage()
    pane.show_decisions((ONE, LATER, GONE), 31_000)
    assert pane.list.grab().toImage() != empty
    assert pane.head.accessibleName() == "Decisions 2 standing, 1 reverted"
    before = pane.list.grab().toImage()
    pane.tick(62_000)
    assert pane.head.accessibleName().endswith("1 due")
    assert pane.list.grab().toImage() != before


def test_enter_reads_space_looks_and_the_line_keeps_the_keyboard(pane: DecisionsPane, qtbot: QtBot):
    pane.show_decisions((ONE, LATER), 31_000)
    view = pane.list
    assert view.current_decision() is None
    view.begin()
    assert view.current_decision() == ONE
    moved = replace(ONE, check_at=500_000)
    pane.show_decisions((moved, LATER), 31_000)
    assert view.current_decision() == moved
    with qtbot.waitSignal(view.looked):
        qtbot.keyClick(view, Qt.Key.Key_Space)
    with qtbot.waitSignal(view.entered):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_a_low_window_has_few_lines(pane: DecisionsPane):
    many = tuple(replace(ONE, decision_id=f"DEC-{n}") for n in range(9))
    pane.show_decisions(many, 0)
    tall = pane.list.height()
    pane.set_tall(False)
    assert pane.list.height() < tall
