"""Declaring takes a title and Enter, and keeps what was typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.declare import Declaration, DeclareForm

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def form(qtbot: QtBot) -> DeclareForm:
    made = DeclareForm()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    made.begin("Klára Langová")
    return made


def test_a_title_and_enter_are_enough(form: DeclareForm, qtbot: QtBot):
    qtbot.keyClicks(form.title, "Orders are down")
    with qtbot.waitSignal(form.declared) as declared:
        qtbot.keyClick(form.title, Qt.Key.Key_Return)
    assert declared.args == [
        Declaration(
            title="Orders are down",
            severity="major",
            category="availability",
            commander="",
            description="",
        )
    ]


def test_the_button_says_what_it_will_do(form: DeclareForm, qtbot: QtBot):
    assert form.give.text() == "Declare major incident"
    qtbot.keyClick(form.severity, Qt.Key.Key_Right)
    assert form.give.text() == "Declare critical incident"


def test_without_a_title_it_says_so_and_keeps_the_rest(form: DeclareForm, qtbot: QtBot):
    form.description.setPlainText("what I know")
    qtbot.keyClick(form.title, Qt.Key.Key_Return)
    assert form.words.isVisible()
    assert form.words.text().startswith("Not declared: the title is empty")
    assert form.description.toPlainText() == "what I know"


def test_a_refusal_keeps_everything_and_can_be_tried_again(form: DeclareForm, qtbot: QtBot):
    declared: list[object] = []
    form.declared.connect(declared.append)
    form.title.setText("Orders are down")
    for _ in range(2):
        qtbot.keyClick(form.title, Qt.Key.Key_Return)
    assert len(declared) == 1
    form.refuse("Not saved: the engine is not running.")
    assert form.title.text() == "Orders are down"
    qtbot.keyClick(form.title, Qt.Key.Key_Return)
    assert len(declared) == 2
    form.settle()
    assert form.title.text() == ""


def test_esc_leaves_from_every_field(form: DeclareForm, qtbot: QtBot):
    fields = (form.title, form.severity, form.category, form.commander, form.description, form.give)
    for field in fields:
        with qtbot.waitSignal(form.left):
            qtbot.keyClick(field, Qt.Key.Key_Escape)
