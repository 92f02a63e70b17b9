"""Only a version that does not count can be published again; each can begin a draft."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.history import HistoryRow
from crisisdesk.desk.planning.policies.history_pane import HistoryPane

NEW = HistoryRow("POL-2", "Version 2", "counts now", "published", ("Repeats 2.",))
OLD = HistoryRow("POL-1", "Version 1", "replaced", "published", ("The first version.",))


@pytest.fixture
def pane(look: Look, qtbot: QtBot) -> HistoryPane:
    made = HistoryPane()
    qtbot.addWidget(made)
    made.show()
    return made


def test_without_versions_it_says_so(pane: HistoryPane) -> None:
    assert pane.none.isVisible()
    assert not pane.take.isEnabled()
    assert not pane.publish.isEnabled()


def test_a_version_is_taken_up_or_published_again(pane: HistoryPane) -> None:
    taken: list[str] = []
    again: list[str] = []
    pane.taken.connect(taken.append)
    pane.again.connect(again.append)
    pane.show_rows([NEW, OLD])
    assert not pane.publish.isEnabled(), "the one that counts counts already"
    pane.list.go(1)
    pane.publish.click()
    QTest.keyClick(pane.list, Qt.Key.Key_Return)
    assert (again, taken) == (["POL-1"], ["POL-1"])
    pane.set_read_only(True)
    QTest.keyClick(pane.list, Qt.Key.Key_Return)
    assert not pane.publish.isEnabled()
    assert len(taken) == 1
