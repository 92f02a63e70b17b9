"""Beside the step."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.recovery_room.offers import Offer, run_offers
from crisisdesk.desk.recovery_room.side import Side

from tests.desk.recovery_room.scenes import NOW, log, steps_of


def test_the_way_back_is_in_sight_and_goes_only_where_it_can(qtbot: QtBot, look: Look) -> None:
    made = Side()
    qtbot.addWidget(made)
    told: list[Offer] = []
    made.pressed.connect(told.append)
    one = log(rollback="never")
    back = run_offers(one.run, steps_of(one.run), is_here=True)[0]
    made.show_run(one.run, steps_of(one.run), back, NOW, away=False)
    assert not made.button.isEnabled()
    assert made.why_not.text() == "Nothing was done that has a way back."
    one.add("run.step_done", step_id="freeze", claim="")
    back = run_offers(one.run, steps_of(one.run), is_here=True)[0]
    made.show_run(one.run, steps_of(one.run), back, NOW, away=True)
    assert not made.button.isEnabled()
    made.show_run(one.run, steps_of(one.run), back, NOW, away=False)
    assert [line.words for line in made.back.lines.rows()] == ["Lift the freeze"]
    made.button.click()
    assert told == [back]
    made.show_run(one.run, steps_of(one.run), None, NOW, away=False)
    assert made.button.isHidden()
