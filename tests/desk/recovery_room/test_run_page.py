"""The page of a run: it follows the run until somebody looks elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from crisisdesk.desk.recovery_room.offers import Offer
from crisisdesk.desk.recovery_room.run_page import RunPage

from tests.desk.recovery_room.scenes import ASK, FREEZE, JONAS, KLARA, NOW, found, gated, log, said
from tests.domain.recovery.making import PROMOTE, START


def step(page: RunPage) -> str:
    one = page.step()
    return one.step_id if one is not None else ""


def test_the_step_looked_at_goes_on_with_the_run(page: RunPage) -> None:
    one = log(FREEZE, ASK)
    page.show_run(found(one.run), KLARA, NOW, away=False)
    assert step(page) == "freeze"
    one.add("run.step_done", step_id="freeze", claim="")
    page.show_run(found(one.run), KLARA, NOW, away=False)
    assert step(page) == "lag"
    selected = page.path.selected()
    assert selected is not None
    assert (selected.key, selected.is_current) == ("lag", True)


def test_who_looks_at_another_step_is_left_there_until_they_follow_again(page: RunPage) -> None:
    one = log(FREEZE, ASK, PROMOTE)
    page.show_run(found(one.run), KLARA, NOW, away=False)
    page.path.go(2)
    assert (step(page), page.is_following()) == ("promote", False)
    one.add("run.step_done", step_id="freeze", claim="")
    page.show_run(found(one.run), KLARA, NOW, away=False)
    assert step(page) == "promote"
    page.follow()
    assert (step(page), page.is_following()) == ("lag", True)


def test_enter_does_the_step_once_however_long_it_is_held(page: RunPage) -> None:
    told: list[Offer] = []
    page.pressed.connect(told.append)
    page.show_run(found(log(FREEZE, ASK).run), KLARA, NOW, away=False)
    QTest.keyClick(page.path, Qt.Key.Key_Return)
    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True
    )
    QApplication.sendEvent(page.path, held)
    assert [offer.do for offer in told] == ["done"]


def test_while_the_engine_is_away_nothing_can_be_done(page: RunPage) -> None:
    told: list[Offer] = []
    page.pressed.connect(told.append)
    page.show_run(found(log(FREEZE, ASK).run), KLARA, NOW, away=False)
    page.set_away(True)
    QTest.keyClick(page.path, Qt.Key.Key_Return)
    assert told == []
    assert page.card.why_not.text() == (
        "Done: the engine is away. Does not hold: the engine is away."
    )


def test_an_approval_runs_out_at_its_moment_without_a_new_reading(page: RunPage) -> None:
    page.show_run(found(gated().run), JONAS, NOW, away=False)
    assert "approve" in page.card.buttons
    page.tick(START + 700_000)
    assert "approve" not in page.card.buttons
    assert "ask" in page.card.buttons


def test_output_is_shown_for_what_a_station_does_only(page: RunPage) -> None:
    page.show_run(found(log(FREEZE, ASK).run), KLARA, NOW, away=False)
    assert page.output.isHidden()
    page.show_run(found(said("promoting\n").run), KLARA, NOW, away=False)
    assert not page.output.isHidden()
    assert page.output.text.toPlainText() == "promoting"


def test_a_form_is_closed_when_another_step_is_looked_at(page: RunPage) -> None:
    page.show_run(found(gated().run), JONAS, NOW, away=False)
    page.ask(page.offers_of_step()[0])
    assert page.form.is_open()
    page.close_form()
    assert not page.form.is_open()
    assert page.path.hasFocus()
