"""The form of a schedule: keys alone are enough, nothing typed is lost, faults are at fields."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.schedule_draft import ScheduleDraft, fresh
from crisisdesk.desk.planning.oncall.schedule_form import ScheduleForm

pytestmark = pytest.mark.usefixtures("look")
EMPTY = fresh("UTC", 1_770_861_600_000)


@pytest.fixture
def form(qtbot: QtBot) -> ScheduleForm:
    made = ScheduleForm()
    qtbot.addWidget(made)
    made.resize(900, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.begin(EMPTY, ["Ann", "Bo"])
    return made


def test_it_gives_what_was_typed_once(form: ScheduleForm, qtbot: QtBot) -> None:
    given: list[ScheduleDraft] = []
    form.given.connect(given.append)
    qtbot.keyClicks(form.fields["name"], "Office")
    qtbot.keyClicks(form.fields["people"], "Ann, Bo")
    for _ in range(2):
        qtbot.keyClick(form.fields["people"], Qt.Key.Key_Return)
    assert given == [EMPTY._replace(name="Office", people="Ann, Bo")]
    assert form.known.text() == "Known: Ann, Bo."


def test_a_refusal_keeps_everything_and_leads_to_its_field(
    form: ScheduleForm, qtbot: QtBot
) -> None:
    form.fields["people"].setText("Nobody")
    form.refuse("people", "nobody is called so; write names.")
    assert form.words.text().startswith("Not published. People, in the order of their turns: ")
    assert form.fields["people"].accessibleDescription() == form.words.text()
    assert form.draft().people == "Nobody"
    form.begin(EMPTY._replace(name="Office"), [])
    assert form.words.text() == ""
    assert form.fields["name"].isReadOnly()
    assert "Nobody is known" in form.known.text()


def test_esc_leaves_and_without_the_engine_nothing_is_sent(
    form: ScheduleForm, qtbot: QtBot
) -> None:
    for part in (*form.fields.values(), form.give):
        with qtbot.waitSignal(form.left):
            qtbot.keyClick(part, Qt.Key.Key_Escape)
    given: list[object] = []
    form.given.connect(given.append)
    form.set_away(True)
    qtbot.keyClick(form.fields["name"], Qt.Key.Key_Return)
    assert given == []
