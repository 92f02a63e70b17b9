"""The form that begins a run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.oncall.override_form import WhoBox
from crisisdesk.desk.recovery_room.start_form import StartForm
from crisisdesk.desk.recovery_room.start_words import Start

from tests.desk.recovery_room.scenes import FREEZE
from tests.domain.recovery.making import made

ONE = made(
    FREEZE,
    parameters={
        "target": {"type": "host"},
        "mode": {"type": "choice", "choices": ["fast", "safe"], "default": "safe"},
    },
    prerequisites=["A backup is there", "The commander agrees"],
)
INCIDENTS = [("INC-1", "Orders are down"), ("INC-2", "Mails wait")]


@pytest.fixture
def form(qtbot: QtBot, look: Look) -> StartForm:
    made_form = StartForm()
    qtbot.addWidget(made_form)
    made_form.resize(600, 500)
    with qtbot.waitExposed(made_form):
        made_form.show()
    return made_form


def target(form: StartForm) -> LineEditor:
    field = form.fields["target"]
    assert isinstance(field, LineEditor)
    return field


def test_fields_are_typed_and_what_is_said_is_carried(form: StartForm) -> None:
    told: list[Start] = []
    form.given.connect(told.append)
    form.begin(ONE, INCIDENTS, "INC-2", away=False)
    assert isinstance(form.fields["mode"], WhoBox)
    target(form).setText("db2")
    form.holds[1].setChecked(True)
    QTest.keyClick(target(form), Qt.Key.Key_Return)
    QTest.keyClick(target(form), Qt.Key.Key_Return)
    assert told == [Start("Fail over", "", {"target": "db2", "mode": "safe"}, "INC-2", (2,))]


def test_what_does_not_fit_keeps_the_form_and_names_the_field(form: StartForm) -> None:
    told: list[Start] = []
    form.given.connect(told.append)
    form.begin(ONE, INCIDENTS, "", away=False)
    target(form).setText("not a host")
    QTest.keyClick(target(form), Qt.Key.Key_Return)
    assert told == []
    assert form.words.text().startswith("Not begun: target (a host) 'not a host' is no host")
    assert target(form).text() == "not a host"
    form.refuse("procedure", "RUN-2 of it is under way. end it")
    assert form.words.text() == "Not begun: procedure RUN-2 of it is under way. end it"


def test_what_was_typed_is_there_again_until_another_version_comes(form: StartForm) -> None:
    form.begin(ONE, INCIDENTS, "INC-1", away=True)
    target(form).setText("db2")
    assert not form.give.isEnabled()
    form.begin(ONE, INCIDENTS, "INC-1", away=False)
    assert target(form).text() == "db2"
    from dataclasses import replace

    form.begin(replace(ONE, version_id="POL-2"), INCIDENTS, "INC-1", away=False)
    assert target(form).text() == ""
    assert form.incident.currentData() == "INC-1"
