"""The form of loop tests: keys alone are enough, and it says what it comes to."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.comms_room.loop_form import LoopForm
from crisisdesk.desk.comms_room.loop_words import LoopWanted, Way

pytestmark = pytest.mark.usefixtures("look")
WAYS = (Way("C-1", "m1", "Loop (switched off)"), Way("C-2", "m2", "Ann"))


@pytest.fixture
def form(qtbot: QtBot) -> LoopForm:
    made = LoopForm()
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitExposed(made):
        made.show()
    made.begin("push, a.b", "push", WAYS)
    return made


def test_it_begins_with_what_nobody_is_paged_by(form: LoopForm, qtbot: QtBot) -> None:
    assert form.to.currentText() == "Loop (switched off)"
    assert form.every.text() == "15m"
    assert "96 messages a day" in form.most.text()
    qtbot.keyClicks(form.to, "Ann")
    form.every.setText("1h")
    assert form.most.text() == "At most 24 messages a day."
    with qtbot.waitSignal(form.given) as given:
        qtbot.keyClick(form.every, Qt.Key.Key_Return)
    assert given.args == [LoopWanted("C-2", "m2", 3_600)]


def test_it_is_sent_once_and_a_fault_keeps_everything(form: LoopForm, qtbot: QtBot) -> None:
    given: list[object] = []
    form.given.connect(given.append)
    form.every.setText("soon")
    qtbot.keyClick(form.every, Qt.Key.Key_Return)
    assert given == []
    assert "no span" in form.words.text()
    form.every.setText("2h")
    for _ in range(2):
        qtbot.keyClick(form.to, Qt.Key.Key_Return)
    assert len(given) == 1
    form.refuse("Not switched on: gone.")
    assert form.every.text() == "2h"
    qtbot.keyClick(form.to, Qt.Key.Key_Return)
    assert len(given) == 2


def test_esc_leaves_and_without_the_engine_nothing_is_sent(form: LoopForm, qtbot: QtBot) -> None:
    for part in (form.to, form.every, form.give):
        with qtbot.waitSignal(form.left):
            qtbot.keyClick(part, Qt.Key.Key_Escape)
    given: list[object] = []
    form.given.connect(given.append)
    form.set_away(True)
    qtbot.keyClick(form.every, Qt.Key.Key_Return)
    assert given == []
    form.begin("sms", "sms", ())
    assert form.every.text() == "6h"
    form.set_away(False)
    qtbot.keyClick(form.every, Qt.Key.Key_Return)
    assert given == []
    assert "no contact method" in form.words.text()
