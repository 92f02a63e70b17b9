"""The order strip asks, gives answers and keeps them when refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.choice import Choice, Option
from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.incidents.strip import Asked, OrderStrip, Question
from crisisdesk.desk.planning.oncall.override_form import WhoBox

pytestmark = pytest.mark.usefixtures("look")
NAME = Question(
    key="name", title="Who", verb="Name", asked=(Asked(field="who", word="Name", value="Ana"),)
)
BAD = Question(
    key="bad",
    title="How bad",
    verb="Save",
    asked=(
        Asked(
            field="p",
            word="Priority",
            value="p2",
            options=(Option("p1", "P1"), Option("p2", "P2")),
        ),
    ),
)


@pytest.fixture
def strip(qtbot: QtBot) -> OrderStrip:
    made = OrderStrip()
    qtbot.addWidget(made)
    made.resize(900, 100)
    return made


def test_it_asks_and_gives_the_answers(strip: OrderStrip, qtbot: QtBot):
    assert strip.isHidden()
    strip.ask(NAME)
    strip.focus_first()
    field = strip.findChildren(LineEditor)[0]
    qtbot.keyClicks(field, "Zoe")
    with qtbot.waitSignal(strip.given) as given:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert given.args == ["name", {"who": "Zoe"}]


def test_choices_are_given_by_key(strip: OrderStrip, qtbot: QtBot):
    strip.ask(BAD)
    choice = strip.findChildren(Choice)[0]
    qtbot.keyClick(choice, Qt.Key.Key_Left)
    with qtbot.waitSignal(strip.given) as given:
        qtbot.keyClick(choice, Qt.Key.Key_Return)
    assert given.args == ["bad", {"p": "p1"}]


def test_a_refusal_keeps_it_open_and_another_question_forgets_it(strip: OrderStrip, qtbot: QtBot):
    strip.ask(NAME)
    strip.refuse("Not saved: too long.")
    assert (strip.isHidden(), strip.words.isHidden()) == (False, False)
    assert strip.values() == {"who": "Ana"}
    strip.ask(BAD, {"p": "p1"})
    assert strip.words.isHidden()
    assert strip.values() == {"p": "p1"}


def test_esc_leaves_from_anywhere(strip: OrderStrip, qtbot: QtBot):
    for question in (NAME, BAD):
        strip.ask(question)
        target = strip.findChildren(LineEditor if question is NAME else Choice)[-1]
        with qtbot.waitSignal(strip.left):
            qtbot.keyClick(target, Qt.Key.Key_Escape)
        assert strip.isHidden()


def test_a_refusal_goes_to_the_field_that_is_to_blame(
    strip: OrderStrip, settle: Callable[[], None]
):
    many = tuple(Option(name, name.upper()) for name in "vwxyz")
    asked = (
        Asked(field="why", word="Why", names=("reason",)),
        Asked(field="role", word="Role", value="w", options=many),
    )
    strip.ask(Question(key="q", title="Who", verb="Save", asked=asked))
    strip.activateWindow()
    settle()
    assert strip.values() == {"why": "", "role": "w"}
    strip.focus_first()
    strip.refuse("Not saved: say why.", "role")
    assert strip.findChildren(WhoBox)[0].hasFocus()
    strip.refuse("Not saved: say why.", "reason")
    assert strip.findChildren(LineEditor)[0].hasFocus()
    assert strip.findChildren(LineEditor)[0].accessibleDescription() == "Not saved: say why."
