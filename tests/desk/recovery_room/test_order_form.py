"""The form that asks before something is sent."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.recovery_room.offers import Ask
from crisisdesk.desk.recovery_room.order_form import OrderForm, wrong_with
from crisisdesk.desk.recovery_room.orders import Answered

REASON = Ask("Go back", hint="Why", must=True)
TYPED = Ask("Approve", typed="db2")
CHOICE = Ask("What became of it", hint="What you saw", choices=(("done", "Done"), ("again", "No")))


@pytest.fixture
def form(qtbot: QtBot, look: Look) -> OrderForm:
    made = OrderForm()
    qtbot.addWidget(made)
    made.resize(420, 260)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize(
    ("ask", "given", "field"),
    [
        (REASON, ("", "", " "), "words"),
        (REASON, ("", "", "late"), ""),
        (TYPED, ("", "DB2", ""), "typed"),
        (TYPED, ("", " db2 ", ""), ""),
        (CHOICE, ("", "", "x"), "choice"),
        (CHOICE, ("again", "", ""), ""),
    ],
)
def test_what_is_missing_is_named(ask: Ask, given: tuple[str, str, str], field: str) -> None:
    found, words = wrong_with(ask, *given)
    assert found == field
    assert bool(words) == bool(field)


def test_enter_sends_once_and_a_refusal_lets_it_be_sent_again(form: OrderForm) -> None:
    told: list[Answered] = []
    form.given.connect(told.append)
    form.begin(TYPED, "Approve", away=False)
    assert form.typed.hasFocus()
    QTest.keyClick(form.typed, Qt.Key.Key_Return)
    assert form.words.text() == "Type “db2” exactly."
    QTest.keyClicks(form.typed, "db2")
    QTest.keyClick(form.typed, Qt.Key.Key_Return)
    QTest.keyClick(form.typed, Qt.Key.Key_Return)
    assert told == [Answered("", "")]
    form.refuse("Not saved: another version.")
    QTest.keyClick(form.typed, Qt.Key.Key_Return)
    assert len(told) == 2


def test_a_choice_is_made_by_keys(form: OrderForm) -> None:
    told: list[Answered] = []
    form.given.connect(told.append)
    form.begin(CHOICE, "Settle", away=False)
    QTest.keyClick(form.choice, Qt.Key.Key_Return)
    assert told == []
    QTest.keyClick(form.choice, Qt.Key.Key_Down)
    QTest.keyClick(form.choice, Qt.Key.Key_Down)
    QTest.keyClicks(form.reason, " nothing ran ")
    QTest.keyClick(form.reason, Qt.Key.Key_Return)
    assert told == [Answered("again", "nothing ran")]


def test_nothing_is_sent_while_the_engine_is_away_and_nothing_is_lost(form: OrderForm) -> None:
    told: list[Answered] = []
    form.given.connect(told.append)
    form.begin(REASON, "Go back", away=False)
    QTest.keyClicks(form.reason, "wrong host")
    form.set_away(True)
    QTest.keyClick(form.reason, Qt.Key.Key_Return)
    form.refuse("away")
    QTest.keyClick(form.reason, Qt.Key.Key_Return)
    assert told == []
    form.set_away(False)
    QTest.keyClick(form.reason, Qt.Key.Key_Return)
    assert told == [Answered("", "wrong host")]
