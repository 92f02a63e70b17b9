"""Facts are read, edited in place and show what was overwritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.facts import FactsForm, kind_words

from tests.domain.incident_log import INCIDENT, MINUTE, LogBook

pytestmark = pytest.mark.usefixtures("look")


@pytest.fixture
def form(log: LogBook, qtbot: QtBot) -> FactsForm:
    made = FactsForm()
    qtbot.addWidget(made)
    made.resize(400, 260)
    made.show()
    made.show_incident(log.incident())
    return made


def test_facts_are_read_and_typed_in_place(form: FactsForm, qtbot: QtBot):
    fact = form.facts["description"]
    assert fact.accessibleName().startswith("Description: fra2 stopped following")
    qtbot.keyClick(fact, Qt.Key.Key_Return)
    qtbot.keyClicks(fact.editor, "x")
    with qtbot.waitSignal(form.typed) as typed:
        qtbot.keyClick(fact.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert typed.args[0] == "description"
    assert form.facts["title"].text_typed() == ""


def test_the_category_says_which_plan_it_follows(log: LogBook):
    incident = log.incident()
    assert kind_words(incident) == "Availability"
    followed = replace(incident, crisis_type="data_integrity", category="data")
    assert kind_words(followed) == "Data, type of crisis: data integrity"


def test_the_category_is_chosen(form: FactsForm, qtbot: QtBot):
    with qtbot.waitSignal(form.wanted) as wanted:
        qtbot.keyClick(form.facts["category"], Qt.Key.Key_Return)
    assert wanted.args == ["category"]


def test_a_fact_is_as_high_as_its_text(form: FactsForm):
    fact = form.facts["root_cause"]
    low = fact.heightForWidth(380)
    fact.show_value("It was the link. " * 30, "")
    assert fact.heightForWidth(380) > 4 * low
    assert fact.heightForWidth(800) < fact.heightForWidth(380)


def test_an_overwritten_text_leaves_its_trace(form: FactsForm, log: LogBook):
    for value in ("the link", "the switch"):
        edit = {"field": "root_cause", "value": value, "base": ""}
        log.write(INCIDENT, "incident.edited", edit, at=40 * MINUTE)
    form.show_incident(log.incident())
    assert form.facts["root_cause"].accessibleName() == (
        "Root cause: the switch; overwritten at the same time: the link"
    )


def test_the_open_editor_scrolls_into_view(form: FactsForm, settle: Callable[[], None]):
    fact = form.facts["lessons_learned"]
    settle()
    fact.begin()
    settle()
    bottom = fact.mapTo(form.viewport(), fact.editor.geometry().bottomLeft()).y()
    assert 0 < bottom <= form.viewport().height()


def test_a_refusal_is_wrapped_below_the_editor(form: FactsForm):
    fact = form.facts["title"]
    fact.begin()
    before = fact.heightForWidth(300)
    fact.refuse("Not saved: the engine is not running; try again when the engine is back. " * 2)
    assert fact.heightForWidth(300) > before
    assert fact.draft() == "Orders database split after link loss"
