"""The page of a procedure."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.recovery_room.procedure_page import ProcedurePage

from tests.desk.recovery_room.scenes import ASK, FREEZE, NOW
from tests.domain.recovery.making import made


def test_it_shows_the_steps_and_begins_a_run(qtbot: QtBot, look: Look) -> None:
    page = ProcedurePage()
    qtbot.addWidget(page)
    page.show_procedure(made(FREEZE, ASK, description="The primary is lost."), NOW)
    assert "Freeze writes" in [line.words for line in page.list.lines.rows()]
    assert page.words.face() == ("procedure", "Fail over")
    assert page.told.text() == "The primary is lost."
    with qtbot.waitSignal(page.start_wanted):
        page.start.click()
    with qtbot.waitSignal(page.look_wanted):
        page.dry.click()
    page.set_away(True)
    assert not page.dry.isEnabled()
    assert not page.start.isEnabled()
