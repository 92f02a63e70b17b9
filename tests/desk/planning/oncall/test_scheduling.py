"""Simple schedules are begun and changed at the desk, on a real engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.page import OnCallPage

from tests.desk.live import Live
from tests.desk.planning.oncall.conftest import shows, turns

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]


def run(page: OnCallPage, keys: str) -> None:
    next(action for action in page.actions() if action.keys == keys).run()


def layers(live: Live, name: str) -> list[list[dict[str, Any]]]:
    versions = live.read(lambda reader: reader.policies())
    return [v.content["layers"] for v in versions if v.name == name and v.withdrawn_at is None]


def test_the_first_schedule_is_written_at_the_desk_and_undone(
    live: Live, people: dict[str, str], open_page: Callable[[], OnCallPage], qtbot: QtBot
) -> None:
    page = open_page()
    form = page.schedule_form
    run(page, "N")
    assert page.stack.currentWidget() is form
    assert [action.keys for action in page.actions()] == ["Esc"]
    form.fields["name"].setText("Office")
    form.fields["people"].setText("Nobody Known")
    QTest.keyClick(form.fields["name"], Qt.Key.Key_Return)
    assert form.fields["people"].accessibleDescription().startswith("Not published")
    form.fields["people"].setText("Bo Birk, Ann Alder")
    form.fields["zone"].setText("UTC")
    QTest.keyClick(form.fields["people"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shows(page, "Office"))
    [[layer]] = layers(live, "Office")
    assert layer["members"] == [people["Bo Birk"], people["Ann Alder"]]
    live.desk.shell.undo_last()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: layers(live, "Office") == [])


def test_a_simple_one_is_changed_and_another_one_is_left_to_files(
    page: OnCallPage, live: Live, people: dict[str, str], qtbot: QtBot
) -> None:
    run(page, "E")
    form = page.schedule_form
    assert form.fields["people"].text() == ", ".join(people)
    assert (form.fields["turn"].text(), form.fields["name"].isReadOnly()) == ("1 week", True)
    run(page, "Esc")
    assert page.stack.currentWidget() is page.split
    run(page, "E")
    form.fields["turn"].setText("2 weeks")
    QTest.keyClick(form.fields["turn"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [one["every"] for (one,) in layers(live, "Database")] == [1, 2])
    qtbot.waitUntil(lambda: not page.scheduling.is_open())
    page.left.schedules.select("Office")
    page.choose("Office")
    qtbot.waitUntil(lambda: "E" not in [action.keys for action in page.actions()])


def test_a_schedule_goes_back_to_what_it_was(page: OnCallPage, live: Live, qtbot: QtBot) -> None:
    form = page.schedule_form
    for turn, versions in (("2 weeks", 2), ("1 week", 3), ("2 weeks", 4)):
        run(page, "E")
        form.fields["turn"].setText(turn)
        QTest.keyClick(form.fields["turn"], Qt.Key.Key_Return)
        qtbot.waitUntil(lambda n=versions: len(layers(live, "Database")) == n)  # type: ignore[misc]
        qtbot.waitUntil(lambda: not page.scheduling.is_open())
        qtbot.waitUntil(lambda t=turn: turn_of(page) == t)  # type: ignore[misc]
    assert [one["every"] for (one,) in layers(live, "Database")] == [1, 2, 1, 2]


def test_what_is_typed_stays_while_others_publish(
    page: OnCallPage, live: Live, people: dict[str, str], qtbot: QtBot
) -> None:
    page.scheduling.begin()
    page.schedule_form.fields["name"].setText("Mine")
    live.client.publish_policy("Other", turns(*people.values()))
    qtbot.waitUntil(
        lambda: page.outlook is not None and "Other" in page.outlook.published.rota.schedules
    )
    assert page.stack.currentWidget() is page.schedule_form
    assert page.schedule_form.fields["name"].text() == "Mine"


def test_what_somebody_else_published_is_not_written_over_unseen(
    page: OnCallPage, live: Live, people: dict[str, str], qtbot: QtBot
) -> None:
    form = page.schedule_form
    page.scheduling.begin()
    form.fields["name"].setText("Office")
    form.fields["people"].setText("Bo Birk")
    QTest.keyClick(form.fields["people"], Qt.Key.Key_Return)
    assert "is that of a schedule there is" in form.words.text()
    assert form.fields["name"].hasFocus()
    run(page, "Esc")
    run(page, "E")
    live.client.publish_policy("Database", turns(people["Cy Cole"]))
    qtbot.waitUntil(lambda: len(layers(live, "Database")) == 2)
    qtbot.waitUntil(lambda: people_of(page) == "Cy Cole")
    form.fields["turn"].setText("2 weeks")
    QTest.keyClick(form.fields["turn"], Qt.Key.Key_Return)
    assert "another version was published meanwhile" in form.words.text()
    assert len(layers(live, "Database")) == 2


def turn_of(page: OnCallPage) -> str:
    """How long a turn of the selected schedule is."""
    draft = page.scheduling.simple()
    return draft.turn if draft is not None else ""


def people_of(page: OnCallPage) -> str:
    """Who takes turns in the selected schedule."""
    draft = page.scheduling.simple()
    return draft.people if draft is not None else ""
