"""The composer of a silence: a reason and Enter are enough, nothing typed is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.alerts.silence_form import SilenceForm, Wanted
from crisisdesk.desk.alerts.silence_words import lastings

from tests.desk.alerts.rows import NOW

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def form(qtbot: QtBot) -> SilenceForm:
    made = SilenceForm()
    qtbot.addWidget(made)
    made.resize(464, 320)
    with qtbot.waitExposed(made):
        made.show()
    made.begin('service="db"', lastings(NOW))
    return made


def test_it_tries_out_its_matchers_at_once_and_as_they_change(
    form: SilenceForm, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(form.tried) as tried:
        pass
    assert tried.args == ['service="db"']
    with qtbot.waitSignal(form.tried) as tried:
        form.matchers.setText("service=web")
    assert tried.args == ["service=web"]
    form.tell("service=old", "Covers 9 open alerts now.")
    assert form.hides.text() == ""
    form.tell("service=web", "Covers 2 open alerts now.")
    assert form.hides.text() == form.matchers.accessibleDescription() == "Covers 2 open alerts now."


def test_a_reason_and_enter_are_enough(form: SilenceForm, qtbot: QtBot) -> None:
    qtbot.keyClicks(form.reason, "Planned work")
    with qtbot.waitSignal(form.given) as given:
        qtbot.keyClick(form.reason, Qt.Key.Key_Return)
    assert given.args == [Wanted('service="db"', "2h", "Planned work")]
    qtbot.keyClick(form.lasting, Qt.Key.Key_Right)
    assert form.lasting.current() == "8h"


def test_without_a_reason_nothing_is_sent(form: SilenceForm, qtbot: QtBot) -> None:
    given: list[object] = []
    form.given.connect(given.append)
    qtbot.keyClick(form.matchers, Qt.Key.Key_Return)
    assert given == []
    assert form.words.text().startswith("Not silenced: the reason is empty")


def test_a_refusal_keeps_everything_and_it_is_sent_once_at_a_time(
    form: SilenceForm, qtbot: QtBot
) -> None:
    given: list[object] = []
    form.given.connect(given.append)
    form.reason.setText("Planned work")
    for _ in range(2):
        qtbot.keyClick(form.reason, Qt.Key.Key_Return)
    assert len(given) == 1
    form.refuse("Not silenced: the engine is not running.")
    assert (form.reason.text(), form.words.isVisible()) == ("Planned work", True)
    qtbot.keyClick(form.reason, Qt.Key.Key_Return)
    assert len(given) == 2


def test_esc_leaves_and_the_next_time_begins_anew(form: SilenceForm, qtbot: QtBot) -> None:
    form.reason.setText("half a word")
    for part in (form.reason, form.matchers, form.lasting):
        with qtbot.waitSignal(form.left):
            qtbot.keyClick(part, Qt.Key.Key_Escape)
    with qtbot.waitSignal(form.opened) as opened:
        form.dismiss()
    assert (opened.args, form.isVisible()) == ([False], False)
    form.begin("service=web", lastings(NOW))
    assert (form.matchers.text(), form.reason.text()) == ("service=web", "")
