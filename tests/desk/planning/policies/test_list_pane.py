"""The list filters, selects, and says what was chosen by hand."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.list_pane import ListPane

from tests.desk.planning.policies.test_shelf import known, version


@pytest.fixture
def pane(look: Look, qtbot: QtBot) -> ListPane:
    made = ListPane()
    qtbot.addWidget(made)
    made.show_policies(known(version("Night"), version("Day")), [], "name:Night")
    made.show()
    return made


def test_what_is_open_is_selected_and_moves_are_told(pane: ListPane) -> None:
    told: list[str] = []
    pane.chosen.connect(told.append)
    row = pane.list.selected()
    assert row is not None
    assert row.key == "name:Night"
    pane.list.go(-1)
    assert told == ["name:Day"]


def test_a_filter_leaves_what_fits_and_opens_nothing(pane: ListPane) -> None:
    told: list[str] = []
    pane.chosen.connect(told.append)
    pane.filter.setText("day")
    assert [line.key for line in pane.list.rows.rows()] == ["Published", "name:Day"]
    pane.show_policies(known(version("Night"), version("Day")), [], "name:Night")
    assert (pane.list.selected(), told) == (None, [])
    pane.filter.clear()
    pane.select("name:Night")
    assert pane.list.selected() is not None


def test_a_new_one_is_asked_for(pane: ListPane, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pane.new_wanted):
        pane.new.click()
