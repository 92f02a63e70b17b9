"""The form of an override: keys alone are enough, nothing typed is lost, faults are at fields."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.override_form import EVERYBODY, OverrideForm
from crisisdesk.domain.oncall.drafts import Draft

pytestmark = pytest.mark.usefixtures("look")
PEOPLE = [("C-ANN", "Ann Alder"), ("C-BO", "Bo Birk")]
START, END = "2026-11-02 09:00", "2026-11-09 09:00"


@pytest.fixture
def form(qtbot: QtBot) -> OverrideForm:
    made = OverrideForm()
    qtbot.addWidget(made)
    made.resize(304, 420)
    with qtbot.waitExposed(made):
        made.show()
    made.begin("Database", "Europe/Prague", PEOPLE, START, END)
    return made


def test_it_begins_with_the_times_and_asks_for_who(form: OverrideForm, qtbot: QtBot) -> None:
    assert form.is_open()
    assert form.draft() == Draft("", START, END, "")
    assert "Europe/Prague" in form.quiet.text()
    qtbot.keyClicks(form.who, "Bo")
    qtbot.keyClicks(form.reason, "swapped")
    with qtbot.waitSignal(form.given) as given:
        qtbot.keyClick(form.reason, Qt.Key.Key_Return)
    assert given.args == [Draft("C-BO", START, END, "swapped")]


def test_it_is_sent_once_at_a_time_and_a_refusal_keeps_everything(
    form: OverrideForm, qtbot: QtBot
) -> None:
    given: list[object] = []
    form.given.connect(given.append)
    for _ in range(2):
        qtbot.keyClick(form.who, Qt.Key.Key_Return)
    assert len(given) == 1
    form.end.setText("tomorrow")
    form.refuse("to", "'tomorrow' is no time; write it like 2026-11-02 09:00.")
    assert form.words.text().startswith("Not published: To 'tomorrow' is no time")
    assert form.end.accessibleDescription() == form.words.text()
    assert form.start.accessibleDescription() == ""
    assert form.end.text() == "tomorrow"
    qtbot.keyClick(form.end, Qt.Key.Key_Return)
    assert len(given) == 2
    assert not form.words.isVisible(), "the old refusal goes when it is tried again"


def test_a_field_of_the_door_is_told_by_its_last_part(form: OverrideForm) -> None:
    form.refuse("content.reason", "is too long; shorten it.")
    assert form.words.text() == "Not published: Reason is too long; shorten it."
    form.refuse("", "the engine is not running; try again.")
    assert form.words.text() == "Not published: the engine is not running; try again."


def test_esc_leaves_from_every_field_and_the_next_time_begins_anew(
    form: OverrideForm, qtbot: QtBot
) -> None:
    form.reason.setText("half a word")
    for part in (form.who, form.start, form.end, form.reason, form.give):
        with qtbot.waitSignal(form.left):
            qtbot.keyClick(part, Qt.Key.Key_Escape)
    form.dismiss()
    assert not form.is_open()
    form.begin("Office", "UTC", PEOPLE, END, END)
    assert form.draft() == Draft("", END, END, "")


def test_one_of_the_schedule_can_be_replaced_and_else_everybody_is(
    form: OverrideForm, qtbot: QtBot
) -> None:
    assert [form.whom.itemText(n) for n in range(form.whom.count())] == [EVERYBODY]
    form.begin("Database", "UTC", PEOPLE, START, END, PEOPLE[:1])
    assert form.draft().replaces == ""
    qtbot.keyClicks(form.whom, "Ann")
    assert form.draft().replaces == "C-ANN"
    form.refuse("replaces", "is the contact itself; name who is replaced, or leave it.")
    assert form.words.text().startswith("Not published: In place of is the contact itself")
    assert form.whom.accessibleDescription() == form.words.text()
    with qtbot.waitSignal(form.left):
        qtbot.keyClick(form.whom, Qt.Key.Key_Escape)


def test_while_the_engine_is_away_enter_sends_nothing(form: OverrideForm, qtbot: QtBot) -> None:
    given: list[object] = []
    form.given.connect(given.append)
    form.set_away(True)
    qtbot.keyClick(form.who, Qt.Key.Key_Return)
    assert given == []
    form.set_away(False)
    qtbot.keyClick(form.who, Qt.Key.Key_Return)
    assert len(given) == 1
