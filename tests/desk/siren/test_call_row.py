"""A row of the call list: numbers stand whole, and who has none is led to Settings."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.siren.call_row import CallRow, fitting
from crisisdesk.desk.siren.overlay import Siren

from tests.desk.siren.rows import MATEO

pytestmark = pytest.mark.usefixtures("look")


def test_a_row_says_that_there_is_no_number_and_leads_to_settings(
    siren: Siren, qtbot: QtBot
) -> None:
    row = siren.panel.rows["C-4"]
    assert "no number" in row.accessibleName()
    with qtbot.waitSignal(siren.settings_wanted):
        row.add_number.click()
    assert siren.isVisible()
    assert siren.panel.rows["C-1"].add_number.isHidden()
    you = siren.panel.rows["C-3"]
    assert you.reached.isHidden()
    assert "you, press A" in you.accessibleName()


@pytest.mark.parametrize("width", [110, 130, 170, 240, 400])
def test_a_number_is_as_large_as_it_can_be_without_being_cut(width: int) -> None:
    number = "+420 555 010 142"
    role = fitting(number, width)
    if role != "micro":
        assert theme().width(number, role, tabular=True) <= width
    if role != "clock":
        assert theme().width(number, "clock", tabular=True) > width


def test_it_is_spoken_whole(qtbot: QtBot) -> None:
    row = CallRow(MATEO)
    qtbot.addWidget(row)
    row.show_callee(MATEO, 2, marked=True)
    assert row.accessibleName() == (
        "2. Mateo Ruiz, Database, on call, push failed 02:05:34, SMS 02:05:40, no receipt, +34 1, "
        "+34 2"
    )
    assert row.no_answer.accessibleName() == "Mateo Ruiz: no answer"
    with qtbot.waitSignal(row.logged) as told:
        row.no_answer.click()
    assert told.args == ["no answer"]
