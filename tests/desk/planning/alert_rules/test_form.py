"""The form of a rule: fields in, content out, faults at their fields."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.alert_rules.form import RuleForm, shape_fault, value_of
from crisisdesk.desk.planning.alert_rules.starters import CONDITIONS
from crisisdesk.domain.errors import Malformed

from tests.desk.planning.alert_rules.cases import DISK


class Owner:
    """Shows each content that the form gives, as a page does."""

    def __init__(self, form: RuleForm) -> None:
        self.form, self.name = form, "Disk"
        self.content: dict[str, Any] = dict(DISK)
        form.edited.connect(self.take)
        form.renamed.connect(self.rename)
        self.show()

    def take(self, content: dict[str, Any]) -> None:
        self.content = content
        self.show()

    def rename(self, name: str) -> None:
        self.name = name

    def show(self) -> None:
        self.form.show_rule(self.name, self.content, "Fires when: it does.")


@pytest.fixture
def owner(look: Look, qtbot: QtBot) -> Owner:
    form = RuleForm()
    qtbot.addWidget(form)
    form.resize(520, 600)
    form.show()
    return Owner(form)


def test_showing_a_rule_changes_nothing(owner: Owner) -> None:
    for content in (dict(DISK), {**DISK, "is_active": False, "notification_channels": ["a", "b"]}):
        owner.take(content)
        assert owner.content == content
    assert owner.form.channels.line.text() == "a, b"
    assert owner.form.severity.current() == "critical"
    assert not owner.form.is_active.isChecked()


def test_each_field_is_given_as_it_is_typed(owner: Owner) -> None:
    form = owner.form
    QTest.keyClicks(form.name.line, "s")
    assert owner.name == "sDisk"
    QTest.keyClicks(form.service.line, "shop")
    QTest.keyClicks(form.channels.line, "push, , mail")
    form.severity.changed.emit("low")
    form.is_active.click()
    form.alert_type.setCurrentIndex(0)
    form.alert_type.activated.emit(0)
    assert (owner.content["service"], owner.content["severity"]) == ("shop", "low")
    assert owner.content["notification_channels"] == ["push", "mail"]
    assert owner.content["is_active"] is False
    assert owner.content["alert_type"] == form.alert_type.itemData(0)
    assert list(owner.content)[:3] == ["rule_type", "severity", "conditions"]


def test_conditions_are_read_as_they_are_typed_and_keep_their_writing(owner: Owner) -> None:
    box = owner.form.conditions
    text = "metric:   disk  # of the host\nop: '>='\nvalue: 1"
    box.setPlainText(text)
    assert owner.content["conditions"] == {"metric": "disk", "op": ">=", "value": 1}
    assert box.toPlainText() == text
    box.setPlainText("metric: [")
    assert owner.content["conditions"] == "metric: ["
    assert box.toPlainText() == "metric: ["
    box.setPlainText("metric: disk")
    assert owner.content["conditions"] == {"metric": "disk"}


def test_another_type_begins_with_its_example_and_gives_back_what_was_there(owner: Owner) -> None:
    owner.form.rule_type.changed.emit("pattern")
    assert owner.content["conditions"] == CONDITIONS["pattern"]
    assert "at_least" in owner.form.fields.text()
    owner.form.rule_type.changed.emit("threshold")
    assert owner.content["conditions"] == DISK["conditions"]


@pytest.mark.parametrize(
    ("field", "part"),
    [("name", "name"), ("service", "service"), ("notification_channels", "channels")],
)
def test_a_fault_stands_at_its_field(owner: Owner, field: str, part: str) -> None:
    owner.form.show_fault(Malformed(field, "is odd", "mend it"))
    assert getattr(owner.form, part).refusal.text() == "Is odd; mend it."
    owner.form.go_to(field)
    assert getattr(owner.form, part).line.hasFocus()
    owner.form.show_fault(None)
    assert getattr(owner.form, part).refusal.text() == ""


def test_faults_of_conditions_and_of_what_has_no_field(owner: Owner) -> None:
    form = owner.form
    form.show_fault(Malformed("conditions.of[1].value", "is no number", "write 5"))
    assert form.refusal.text() == "conditions.of[1].value is no number; write 5."
    assert not form.general.isVisible()
    form.go_to("conditions.of[1].value")
    assert form.conditions.hasFocus()
    form.show_fault(Malformed("colour", "is no field of it", "leave it out"))
    assert form.general.text() == "colour is no field of it; leave it out."
    assert form.refusal.text() == ""


def test_nothing_is_given_while_it_is_read_only(owner: Owner) -> None:
    owner.form.set_read_only(True)
    before = dict(owner.content)
    owner.form.conditions.setPlainText("metric: x")
    owner.form.rule_type.changed.emit("pattern")
    owner.form.severity.changed.emit("low")
    assert owner.content == before
    assert not owner.form.service.line.isEnabled()
    owner.form.set_read_only(False)
    owner.form.severity.changed.emit("low")
    assert owner.content["severity"] == "low"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"conditions": "metric: ["}, ""),
        ({"rule_type": "oracle"}, "rule_type"),
        ({"severity": 5}, "severity"),
        ({"notification_channels": "push"}, "notification_channels"),
        ({"service": 5}, "service"),
        ({"conditions": [1]}, "conditions"),
        ({"colour": 1}, "colour"),
    ],
)
def test_what_has_no_place_in_the_form_is_told(change: dict[str, Any], words: str) -> None:
    found = shape_fault({**DISK, **change})
    assert found.startswith(words)
    assert bool(found) is bool(words)
    assert value_of({}, "is_active") is True
