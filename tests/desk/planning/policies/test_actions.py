"""Every action has its key, and what cannot be done now says why."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from crisisdesk.desk.key_map import sequence
from crisisdesk.desk.planning.policies.content import fresh, steps_of

from tests.desk.planning.policies.seats import Seat

pytestmark = pytest.mark.serial
KEYS = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


def test_keys_are_used_once_and_can_be_pressed(seat: Seat) -> None:
    seat.publish("Night", fresh())
    seat.page.open("name:Night")
    keys = [action.keys for action in seat.page.actions()]
    assert len(set(keys)) == len(keys)
    assert all(not sequence(one).isEmpty() for one in keys)
    assert {"N", "J", "K", "/", "S", "F", "Ctrl Enter", "W", "D", "Y", "H", "E"} <= set(keys)


def test_what_cannot_be_done_now_says_why(seat: Seat) -> None:
    seat.publish("Night", fresh())
    page = seat.page
    page.open("name:Night")
    page.list.list.setFocus()
    told = {action.title: (action.enabled, action.detail) for action in page.actions()}
    assert told["Publish"] == (False, "it is published as it stands")
    assert told["Move the step up"] == (False, "put the keyboard on a step first")
    seat.write(page.editor.form.cards[0].wait.line, "2 min")
    told = {action.title: (action.enabled, action.detail) for action in page.actions()}
    assert (told["Publish"], told["Move the step up"]) == ((True, ""), (True, ""))
    page.engine_changed(True)
    told = {action.title: (action.enabled, action.detail) for action in page.actions()}
    assert told["Publish"] == told["Withdraw"] == (False, "the engine is away")


def test_the_whole_page_is_worked_by_keys(seat: Seat) -> None:
    seat.person("Ann")
    steps = [{"to": [{"everyone": True}], "wait_s": 60}, {"to": [{"group": "Managers"}]}]
    seat.publish("Night", fresh() | {"steps": steps})
    page = seat.page
    page.open("name:Night")
    page.list.list.setFocus()
    seat.press(KEYS.Key_J)
    assert page.book.selected == "built in"
    seat.press(KEYS.Key_K)
    assert page.book.selected == "name:Night"
    seat.press(KEYS.Key_Return)
    assert page.editor.form.name.line.hasFocus()
    page.editor.form.go_to("steps[0].wait_s")
    seat.press(KEYS.Key_Down, held=ALT)
    draft = page.book.working()
    assert draft is not None
    assert steps_of(draft.content) == list(reversed(steps))
    seat.press(KEYS.Key_Up, held=ALT)
    assert not page.book.is_draft()
    seat.press(KEYS.Key_N, held=ALT)
    assert len(page.editor.form.cards) == 3
    page.list.list.setFocus()
    seat.press(KEYS.Key_X)
    assert not page.book.is_draft()
    seat.press(KEYS.Key_H)
    assert page.editor.history.list.hasFocus()
    seat.press(KEYS.Key_H)
    assert page.editor.tab() == "form"
    page.list.list.setFocus()
    seat.press(KEYS.Key_S)
    assert page.simulator.plan.hasFocus()
    seat.press(KEYS.Key_Slash)
    assert page.list.filter.hasFocus()
