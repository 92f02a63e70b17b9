"""The form gives whole contents, keeps what is typed, and leads the keyboard to every field."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.planning.policies.content import Content, fresh, steps_of
from crisisdesk.desk.planning.policies.form import PolicyForm
from crisisdesk.desk.planning.policies.targets import Labels, used_targets
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.rehearsal import by_id

from tests.domain.escalation.people import person

PEOPLE = by_id([person("Ann", groups=["Managers"]), person("Bob")])
ANN, BOB = {"contact": "C-Ann"}, {"contact": "C-Bob"}
TWO: Content = fresh() | {"steps": [{"to": [ANN], "wait_s": 60}, {"to": [BOB], "ack": "all"}]}


class Held:
    """Shows the form what it gives, as the page does."""

    def __init__(self, form: PolicyForm) -> None:
        self.form, self.content, self.name = form, TWO, "Night"
        self.dropped: list[tuple[Any, int]] = []
        form.edited.connect(self.show)
        form.renamed.connect(lambda name: setattr(self, "name", name))
        form.dropped.connect(lambda step, at: self.dropped.append((step, at)))
        self.show(TWO)

    def show(self, content: Content) -> None:
        self.content = content
        labels = Labels(PEOPLE, ["Database"], ["Managers"], used_targets(content))
        self.form.show_policy(self.name, content, labels)


@pytest.fixture
def held(look: Look, qtbot: QtBot) -> Held:
    form = PolicyForm()
    qtbot.addWidget(form)
    form.resize(560, 500)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    return Held(form)


def test_every_field_shows_what_it_holds_and_gives_what_is_typed(held: Held) -> None:
    form = held.form
    assert [card.wait.text for card in form.cards] == ["1 min", "5 min"]
    assert [card.ack.current() for card in form.cards] == ["one", "all"]
    assert form.cards[0].targets.lines[0].choice.currentText() == "Ann"
    for field, text, name, value in (
        (form.matching, "service=db", "for", "service=db"),
        (form.place, "12", "place", 12),
        (form.repeat, "none", "repeat", "none"),
    ):
        field.line.selectAll()
        QTest.keyClicks(field.line, text)
        assert held.content[name] == value
    QTest.keyClicks(form.name.line, "s")
    assert held.name == "Nights"
    QTest.keyClick(form.cards[0].ack, Qt.Key.Key_Right)
    assert held.content["steps"][0] == {"to": [ANN], "wait_s": 60, "ack": "all"}
    assert held.content["steps"][1] == TWO["steps"][1], "nothing else has changed"


def test_steps_move_with_the_keyboard_on_them(held: Held) -> None:
    form = held.form
    form.cards[1].wait.line.setFocus()
    assert form.current_step() == 1
    form.move_step(1, -1)
    assert steps_of(held.content) == list(reversed(TWO["steps"]))
    assert form.cards[0].wait.line.hasFocus()
    assert form.cards[0].wait.text == "5 min"
    form.move_step(0, -1)
    form.move_step(-1, 1)
    assert steps_of(held.content) == list(reversed(TWO["steps"]))
    form.cards[1].up.setFocus()
    form.cards[1].up.click()
    assert steps_of(held.content) == TWO["steps"]
    assert form.cards[0].wait.line.hasFocus(), "the first has no way further up"


def test_steps_are_added_behind_the_one_with_the_keyboard_and_taken_out(held: Held) -> None:
    form = held.form
    form.cards[0].wait.line.setFocus()
    form.add_step()
    assert len(form.cards) == 3
    assert held.content["steps"][1]["to"] == [{"everyone": True}]
    assert form.cards[1].targets.lines[0].choice.hasFocus()
    form.cards[1].remove.click()
    assert held.content == TWO
    assert held.dropped[0][1] == 1
    form.remove_step(0)
    form.remove_step(0)
    assert len(form.cards) == 1, "the last step stays"
    assert not form.cards[0].remove.isEnabled()


def test_targets_are_added_chosen_and_taken_out(held: Held) -> None:
    form = held.form
    box = form.cards[0].targets
    box.add.click()
    assert held.content["steps"][0]["to"] == [ANN, {"contact": ""}]
    line = box.lines[1].choice
    assert line.hasFocus()
    QTest.keyClicks(line, "bob")
    form.settle()
    assert held.content["steps"][0]["to"] == [ANN, BOB]
    assert line.currentText() == "Bob"
    box.lines[0].remove.click()
    assert held.content["steps"][0]["to"] == [BOB]
    other = form.otherwise
    assert other.everyone.isVisible()
    other.targets.add.click()
    QTest.keyClicks(other.targets.lines[0].choice, "group Managers")
    form.settle()
    assert held.content["otherwise"] == [{"group": "Managers"}]
    other.targets.lines[0].remove.click()
    assert held.content["otherwise"] == []


def test_somebody_new_does_not_disturb_the_one_who_types(held: Held) -> None:
    choice = held.form.cards[0].targets.lines[0].choice
    choice.setFocus()
    choice.lineEdit().selectAll()  # type: ignore[union-attr]
    QTest.keyClicks(choice, "Cy")
    more = PEOPLE | by_id([person("Cyd")])
    held.form.show_policy("Night", TWO, Labels(more, ["Database"], ["Managers"]))
    assert choice.lineEdit().text().startswith("Cy")  # type: ignore[union-attr]
    assert held.form.cards[1].targets.lines[0].choice.currentText() == "Bob"
    assert held.content == TWO


@pytest.mark.parametrize(
    "field",
    ["name", "place", "repeat", "for", "steps[1].wait_s", "steps[0].to[0].contact", "steps[1].to"],
)
def test_a_fault_stands_at_its_field_alone(held: Held, field: str) -> None:
    form = held.form
    form.show_fault(Malformed(field, "is odd", "mend it"))
    told = [
        text
        for text in (
            *(one.refusal.text() for one in (form.name, form.place, form.repeat, form.matching)),
            *(card.wait.refusal.text() for card in form.cards),
            *(card.targets.refusal.text() for card in form.cards),
            *(line.refusal.text() for card in form.cards for line in card.targets.lines),
            form.general.text(),
        )
        if text
    ]
    assert len(told) == 1
    assert told[0].startswith("Is odd;")
    form.show_fault(None)
    assert form.name.refusal.text() == ""


def test_what_has_no_field_is_said_above_all(held: Held) -> None:
    for field in ("content", "note", "steps[7].wait_s"):
        held.form.show_fault(Malformed(field, "is odd", "mend it"))
        assert "Is odd; " in held.form.general.text()
        assert held.form.general.isVisible()


def test_every_field_can_be_gone_to(held: Held) -> None:
    form = held.form
    for field, widget in (
        ("name", form.name.line),
        ("for", form.matching.line),
        ("place", form.place.line),
        ("repeat", form.repeat.line),
        ("steps", form.cards[0].targets.lines[0].choice),
        ("steps[1]", form.cards[1].targets.lines[0].choice),
        ("steps[1].wait_s", form.cards[1].wait.line),
        ("steps[1].ack", form.cards[1].ack),
        ("otherwise", form.otherwise.targets.add),
        ("content", form.name.line),
    ):
        form.go_to(field)
        assert widget.hasFocus(), field


def test_tab_goes_through_the_form_as_it_stands(held: Held) -> None:
    form = held.form
    form.add_step()
    form.move_step(2, -1)
    form.name.line.setFocus()
    places = []
    body = form.widget()
    assert body is not None
    for _ in range(40):
        focus = QApplication.focusWidget()
        assert focus is not None
        at = focus.mapTo(body, focus.rect().topLeft())
        places.append((at.y(), at.x()))
        if focus is form.otherwise.targets.add:
            break
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    rows = [y for y, _ in places]
    assert len(places) > 15
    assert all(later >= before - 12 for before, later in pairwise(rows))


def test_read_only_keeps_the_cursor_and_gives_nothing(held: Held) -> None:
    form = held.form
    line = form.cards[0].wait.line
    line.setFocus()
    form.set_read_only(True)
    assert line.hasFocus()
    QTest.keyClicks(line, "9")
    form.add_step()
    form.move_step(0, 1)
    form.remove_step(0)
    assert held.content == TWO
    assert not form.add.isEnabled()
    assert not form.cards[1].wait.line.isEnabled()
    form.set_read_only(False)
    QTest.keyClicks(line, "9")
    assert held.content != TWO
    assert form.add.isEnabled()
    assert not form.cards[0].up.isEnabled()
