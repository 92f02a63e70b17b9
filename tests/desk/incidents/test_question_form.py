"""The form asks below each other, says refusals at their field, and forgets nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.choice import Option
from crisisdesk.desk.incidents.question_form import QuestionForm
from crisisdesk.desk.incidents.strip import Asked, Question

pytestmark = pytest.mark.usefixtures("look")
ASKED = (
    Asked(field="who", word="Who", value="Ana", names=("to",)),
    Asked(field="said", word="Said", lines=3),
    Asked(field="p", word="P", options=(Option("a", "A"), Option("b", "B"))),
    Asked(field="role", word="R", options=tuple(Option(n, n) for n in "vwxyz"), value="x"),
)
QUESTION = Question(key="q", title="Hand over", verb="Offer", lead="It stays yours.", asked=ASKED)
READ = Question(key="r", title="Decision", verb="", told=(("Risk", "4 s"),))
BEGUN = {"who": "Ana", "said": "", "p": "a", "role": "x"}


@pytest.fixture
def form(qtbot: QtBot) -> QuestionForm:
    made = QuestionForm()
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    made.activateWindow()
    return made


def test_it_is_filled_in_field_by_field_from_the_keyboard(form: QuestionForm, qtbot: QtBot):
    form.ask(QUESTION)
    form.focus_first()
    assert form.values() == BEGUN
    who, said = form._rows["who"].field, form._rows["said"].field
    assert who.hasFocus()
    qtbot.keyClicks(who, "Zoe")
    qtbot.keyClick(who, Qt.Key.Key_Tab)
    assert said.hasFocus()
    qtbot.keyClicks(said, "one")
    qtbot.keyClick(said, Qt.Key.Key_Return)
    qtbot.keyClicks(said, "two")
    with qtbot.waitSignal(form.given) as given:
        qtbot.keyClick(said, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert given.args == ["q", {"who": "Zoe", "said": "one\ntwo", "p": "a", "role": "x"}]
    # Sent once; what comes back opens it again.
    assert not form.give.isEnabled()
    form.refuse("Not saved: nobody is called Zoe.", "to")
    assert form.give.isEnabled()
    assert form._rows["who"].words.text() == "Not saved: nobody is called Zoe."
    assert who.hasFocus()
    form.refuse("Not saved: the engine is not running.", "")
    assert form._rows["who"].words.isHidden()
    assert form.words.text() == "Not saved: the engine is not running."


def test_what_is_left_half_written_is_there_again_until_it_was_kept(
    form: QuestionForm, qtbot: QtBot
):
    form.ask(QUESTION)
    with qtbot.waitSignal(form.left):
        qtbot.keyClick(form._rows["p"].field, Qt.Key.Key_Escape)
    assert form.drafts == {}
    form.ask(QUESTION)
    qtbot.keyClicks(form._rows["said"].field, "half")
    form.ask(READ)
    assert form.drafts == {"q": {**BEGUN, "said": "half"}}
    form.ask(QUESTION)
    assert form.values()["said"] == "half"
    assert form.lead.text() == "It stays yours. What you had begun is here again."
    form.settle()
    assert (form.drafts, form.question) == ({}, None)


def test_what_is_only_read_has_no_button(form: QuestionForm, qtbot: QtBot):
    given: list[object] = []
    form.given.connect(lambda *told: given.append(told))
    form.ask(READ)
    form.focus_first()
    assert form.give.isHidden()
    assert form.leave.hasFocus()
    form._give()
    assert given == []
    form.set_away(True)
    form.ask(QUESTION)
    assert not form.give.isEnabled()
    qtbot.keyClick(form._rows["who"].field, Qt.Key.Key_Return)
    assert given == []
    form.set_away(False)
    qtbot.keyClick(form._rows["role"].field, Qt.Key.Key_Return)
    assert len(given) == 1
