"""Leading a run."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from crisisdesk.desk.recovery_room.leading import Leading
from crisisdesk.desk.recovery_room.orders import Answered
from crisisdesk.desk.recovery_room.run_page import RunPage
from crisisdesk.desk.room import Refusal

from tests.desk.recovery_room.scenes import (
    ASK,
    FREEZE,
    JONAS,
    KLARA,
    NOW,
    HeldDesk,
    found,
    gated,
    log,
)


def test_a_second_press_does_not_do_the_next_step(page: RunPage) -> None:
    desk = HeldDesk(Path("none"))
    leading = Leading(desk, page)
    page.show_run(found(log(FREEZE, ASK).run), KLARA, NOW, away=False)
    offer = page.offers_of_step()[0]
    leading.do(offer)
    leading.do(offer)
    assert [order[0] for order in desk.orders] == ["Done: Freeze writes"]
    desk.orders[0][2]({})
    leading.do(offer)
    assert len(desk.orders) == 2


def test_what_a_form_is_about_stays_what_it_was_opened_for(page: RunPage, qtbot: QtBot) -> None:
    desk = HeldDesk(Path("none"))
    leading = Leading(desk, page)
    one = gated()
    page.show_run(found(one.run), JONAS, NOW, away=False)
    approve = page.offers_of_step()[0]
    leading.do(approve)
    assert page.form.is_open()
    one.add("run.approval_refused", by=KLARA, step_id="gate", number=1, why="no")
    page.show_run(found(one.run), JONAS, NOW, away=False)
    page.form.given.emit(Answered())
    assert desk.orders[0][0] == "Approve: Promote db2"
    with qtbot.waitSignal(leading.changed):
        desk.orders[0][3](Refusal(words="is stopped (refused: no)", remedy="read the run again"))
    assert "is stopped (refused: no)" in page.form.words.text()


def test_a_refusal_without_a_form_is_said(page: RunPage) -> None:
    desk = HeldDesk(Path("none"))
    leading = Leading(desk, page)
    page.show_run(found(log(FREEZE, ASK).run), KLARA, NOW, away=False)
    leading.do(page.offers_of_step()[0])
    desk.orders[0][3](Refusal(words="is done", remedy="read it again"))
    assert desk.said == ["Not saved: Done, Freeze writes Not saved: is done. read it again"]
    leading.do(None)
    leading.do(page.offers_of_step()[0]._replace(why_not="the engine is away"))
    assert len(desk.orders) == 1
