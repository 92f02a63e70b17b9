"""The look back: the page as it stood, read only, and now again with what was being typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.room import IncidentsRoom

from tests.desk.incidents.conftest import OTHER
from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook


def facts(room: IncidentsRoom) -> list[str]:
    view = room.page.timeline.view
    return [view.rows.row(at).told.plain for at in range(view.rows.rowCount())]


def status(room: IncidentsRoom) -> str:
    assert room.page.head.words.incident is not None
    return str(room.page.head.words.incident.status)


def test_a_minute_shows_the_page_as_it_stood(room: IncidentsRoom):
    whole = facts(room)
    room.past.go(START + 10 * MINUTE)
    then = facts(room)
    assert 0 < len(then) < len(whole)
    assert whole[-len(then) :] != whole
    assert status(room) == "investigating" or status(room) == "open"
    assert room.page.value_of("status") == "identified"
    room.past.back()
    assert facts(room) == whole
    assert status(room) == "identified"


def test_nothing_can_be_changed_in_the_past(room: IncidentsRoom):
    live = {a.key: a.enabled for a in room.actions()}
    room.past.go(START + 10 * MINUTE)
    held = {a.key: a for a in room.actions()}
    changing = (
        "note",
        "post",
        "status",
        "commander",
        "decision.log",
        "severity",
        "title",
        "root_cause",
    )
    for key in changing:
        assert live[f"incident.{key}"]
        assert not held[f"incident.{key}"].enabled
        assert held[f"incident.{key}"].detail == "not in the past; L goes back to now"
    assert not room.page.facts.isEnabled()
    assert not room.page.ladder.isEnabled()
    assert room.page.timeline.composer.isHidden()
    room.past.look(0)
    assert room.page.facts.isEnabled()
    assert not room.page.timeline.composer.isHidden()
    assert {a.key: a.enabled for a in room.actions()} == live


def test_the_brackets_go_from_fact_to_fact_and_end_at_now(room: IncidentsRoom):
    by_key = {a.keys: a for a in room.actions()}
    by_key["["].run()
    last = room.past.at_ms
    assert last == max(e.logged_at for e in room.page.dossier.entries)  # type: ignore[union-attr]
    by_key["["].run()
    before = room.past.at_ms
    assert before is not None
    assert last is not None
    assert before < last
    {a.keys: a for a in room.actions()}["]"].run()
    assert room.past.at_ms == last
    {a.keys: a for a in room.actions()}["]"].run()
    assert room.past.at_ms is None


def test_it_does_not_go_before_the_declaration(room: IncidentsRoom):
    for _ in range(60):
        room.past.look(-1)
    dossier = room.page.dossier
    assert dossier is not None
    assert room.past.at_ms == dossier.incident.created_at
    room.past.go(START - 60 * MINUTE)
    assert room.past.at_ms == dossier.incident.created_at


def test_a_new_fact_meanwhile_waits_for_now(room: IncidentsRoom, log: LogBook):
    room.past.go(START + 10 * MINUTE)
    then = facts(room)
    event = log.write(INCIDENT, "incident.edited",
                      {"field": "title", "value": "Other", "base": ""}, at=36 * MINUTE)  # fmt: skip
    room.on_snapshot(change_of(log, [event]))
    assert facts(room) == then
    assert status(room) != "identified"
    room.past.look(0)
    assert facts(room)[0].startswith("Title")
    room.past.look(-1)
    assert room.past.at_ms == event.at_ms
    assert facts(room)[0].startswith("Title")


def test_what_was_being_typed_is_there_again(room: IncidentsRoom):
    room.page.editors()["root_cause"].take_draft("half a cause")
    room.past.go(START + 10 * MINUTE)
    room.past.look(0)
    assert room.page.unsaved().texts == {"root_cause": "half a cause"}


def test_a_record_is_read_once_however_the_hand_moves_and_before_it_does(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook, monkeypatch: pytest.MonkeyPatch
):
    later: list[Callable[[], None]] = []
    at_once = desk.ask
    monkeypatch.setattr(desk, "ask", lambda *told: later.append(lambda: at_once(*told)))
    for minute in (10, 11, 12):
        room.past.go(START + minute * MINUTE)
    assert len(later) == 1
    later.pop()()
    assert room.past.at_ms == START + 12 * MINUTE
    room.past.back()
    room.page.machine.near.emit()
    room.page.machine.near.emit()
    assert len(later) == 1
    later.pop()()
    assert room.past.at_ms is None
    room.past.go(START + 9 * MINUTE)
    assert (room.past.at_ms, later) == (START + 9 * MINUTE, [])


def test_what_was_read_too_early_is_read_again(room: IncidentsRoom, log: LogBook):
    room.page.machine.near.emit()
    event = log.write(INCIDENT, "incident.edited",
                      {"field": "title", "value": "Other", "base": ""}, at=36 * MINUTE)  # fmt: skip
    room.on_snapshot(change_of(log, [event]))
    room.past.look(-1)
    assert room.past.at_ms == event.at_ms
    assert facts(room)[0].startswith("Title")


def test_another_incident_begins_at_now(room: IncidentsRoom):
    room.past.go(START + 10 * MINUTE)
    room.go_to(OTHER)
    assert room.past.at_ms is None
    assert room.page.dossier is not None
    assert room.page.dossier.incident.incident_id == OTHER
    assert room.page.facts.isEnabled()


def test_a_record_that_comes_late_for_another_incident_is_left_alone(
    room: IncidentsRoom, desk: StandInDesk
):
    answers: list[Callable[[], None]] = []
    plain_ask = desk.ask
    desk.ask = lambda question, answer: answers.append(  # type: ignore[method-assign]
        lambda: plain_ask(question, answer)
    )
    room.past.go(START + 10 * MINUTE)
    desk.ask = plain_ask  # type: ignore[method-assign]
    room.go_to(OTHER)
    answers[0]()
    assert room.past.at_ms is None


def test_the_hand_drags_and_the_end_is_now(room: IncidentsRoom, qtbot: QtBot):
    machine = room.page.machine
    scale = machine.scale_now()
    middle = QPoint(round(scale.x(START + 12 * MINUTE)), machine.height() - 20)
    qtbot.mousePress(machine, Qt.MouseButton.LeftButton, pos=middle)
    assert room.past.at_ms is not None
    assert abs(room.past.at_ms - (START + 12 * MINUTE)) < MINUTE
    qtbot.mouseMove(machine, QPoint(machine.width(), machine.height() - 20))
    qtbot.mouseRelease(machine, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(
        machine, Qt.MouseButton.LeftButton, pos=QPoint(machine.width() - 1, machine.height() - 20)
    )
    assert room.past.at_ms is None


def test_keys_on_the_bar_go_by_minutes(room: IncidentsRoom, qtbot: QtBot):
    machine = room.page.machine
    room.past.go(START + 12 * MINUTE)
    qtbot.keyClick(machine, Qt.Key.Key_Left)
    assert room.past.at_ms == START + 11 * MINUTE
    qtbot.keyClick(machine, Qt.Key.Key_Home)
    assert room.page.dossier is not None
    assert room.past.at_ms == room.page.dossier.incident.created_at
    qtbot.keyClick(machine, Qt.Key.Key_Escape)
    assert room.past.at_ms is None
