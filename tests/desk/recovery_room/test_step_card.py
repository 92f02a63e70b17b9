"""The step, large."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.recovery_room.offers import Offer, step_offers
from crisisdesk.desk.recovery_room.step_card import CardScroll, StepCard

from tests.desk.recovery_room.scenes import FREEZE, JONAS, KLARA, NOW, gated, log, standing


def shown(card: StepCard, operator: str) -> None:
    run = gated().run
    one = standing(run, "gate")
    card.show_step(run, one, (1, 1), step_offers(run, one, operator), operator, NOW)


def test_buttons_are_what_is_offered_and_say_why_not(qtbot: QtBot, look: Look) -> None:
    card = StepCard()
    qtbot.addWidget(card)
    told: list[Offer] = []
    card.pressed.connect(told.append)
    shown(card, KLARA)
    assert not card.buttons["approve"].isEnabled()
    assert "another person must approve" in card.why_not.text()
    shown(card, JONAS)
    assert card.buttons["approve"].isEnabled()
    card.buttons["refuse"].click()
    assert [offer.do for offer in told] == ["refuse"]


def test_a_button_that_goes_while_it_has_the_keyboard_says_so(qtbot: QtBot, look: Look) -> None:
    card = StepCard()
    qtbot.addWidget(card)
    with qtbot.waitExposed(card):
        card.show()
    shown(card, JONAS)
    card.activateWindow()
    card.buttons["refuse"].setFocus()
    qtbot.waitUntil(card.buttons["refuse"].hasFocus)
    with qtbot.waitSignal(card.let_go):
        shown(card, KLARA)


def test_a_long_instruction_scrolls_instead_of_pushing_the_window(qtbot: QtBot, look: Look) -> None:
    card = StepCard()
    view = CardScroll(card)
    qtbot.addWidget(view)
    view.resize(400, 300)
    with qtbot.waitExposed(view):
        view.show()
    run = log(FREEZE | {"description": "word " * 390}).run
    card.show_step(run, standing(run, "freeze"), (1, 1), [], KLARA, NOW)
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 0)
    assert view.minimumSizeHint().height() < 300
    assert card.place.text() == "Step 1 of 1"
