"""The room as a whole: what it opens, reads, keeps and names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from crisisdesk.desk.frame.focus_ring import FocusRing
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.room import Refusal

from tests.desk.incidents.conftest import OTHER
from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.domain.incident_log import INCIDENT, MINUTE, LogBook


def test_it_opens_the_worst_and_counts_the_open(room: IncidentsRoom):
    assert (room.count(), room.current()) == (2, INCIDENT)
    assert room.owns(INCIDENT)
    assert not room.owns("A-1")
    assert room.stack.currentWidget() is room.page


def test_a_fact_written_elsewhere_appears(room: IncidentsRoom, log: LogBook):
    edit = {"field": "root_cause", "value": "the link", "base": ""}
    event = log.write(INCIDENT, "incident.edited", edit, at=36 * MINUTE)
    room.on_snapshot(change_of(log, [event]))
    assert room.page.value_of("root_cause") == "the link"
    assert room.page.timeline.view.rows.row(0).told.plain == "Root cause written"


def test_a_storm_in_an_attached_alert_waits_for_the_tick(
    room: IncidentsRoom, log: LogBook, desk: StandInDesk
):
    asked: list[object] = []
    plain_ask = desk.ask

    def ask(question: object, answer: object) -> None:
        asked.append(question)
        plain_ask(question, answer)

    desk.ask = ask  # type: ignore[method-assign]
    for number in range(20):
        event = log.write(
            "A-DBPRIMARY0001",
            "alert.noted",
            {"epoch": "A-DBPRIMARY0001/2", "text": f"{number}"},
            at=36 * MINUTE + number,
        )
        room.on_snapshot(change_of(log, [event]))
    assert asked == []
    room.tick(desk.now)
    room.tick(desk.now)
    assert len(asked) == 1
    assert room.page.timeline.view.rows.row(0).told.plain == "db-primary: 19"


def test_a_question_the_store_did_not_answer_is_asked_again(
    room: IncidentsRoom, log: LogBook, desk: StandInDesk
):
    answers: list[object] = []
    plain_ask = desk.ask
    desk.ask = lambda question, answer: answers.append(answer)  # type: ignore[method-assign]
    room.open(OTHER)
    assert (room.current(), len(answers)) == (INCIDENT, 1)
    desk.ask = plain_ask  # type: ignore[method-assign]
    room.tick(desk.now + 1_000)
    assert room.current() == INCIDENT
    room.tick(desk.now + 4_000)
    assert room.current() == OTHER


def test_hidden_it_reads_nothing_and_catches_up_when_shown(
    room: IncidentsRoom, log: LogBook, settle: Callable[[], None]
):
    room.hide()
    event = log.write(INCIDENT, "incident.edited",
                      {"field": "title", "value": "Other", "base": ""}, at=36 * MINUTE)  # fmt: skip
    room.on_snapshot(change_of(log, [event]))
    assert room.page.value_of("title") != "Other"
    room.show()
    assert room.page.value_of("title") == "Other"


def test_c_a_word_and_enter_declare(room: IncidentsRoom, desk: StandInDesk, qtbot: QtBot):
    room.begin_declaring()
    qtbot.keyClicks(room.form.title, "Down")
    qtbot.keyClick(room.form.title, Qt.Key.Key_Return)
    assert desk.client.orders == [
        ("open_incident", ("Down", "major"), {"category": "availability", "description": ""})
    ]
    assert room.stack.currentWidget() is room.page
    assert room.form.title.text() == ""


def test_a_refused_declaration_stays_with_its_words(
    room: IncidentsRoom, desk: StandInDesk, qtbot: QtBot
):
    desk.refuse_with = Refusal(words="the engine is not running", remedy="try again", away=True)
    room.begin_declaring()
    qtbot.keyClicks(room.form.title, "Down")
    qtbot.keyClick(room.form.title, Qt.Key.Key_Return)
    assert room.stack.currentWidget() is room.form
    assert room.form.title.text() == "Down"
    assert room.form.words.text() == "Not saved: the engine is not running; try again."
    qtbot.keyClick(room.form.title, Qt.Key.Key_Escape)
    assert room.stack.currentWidget() is room.page
    room.begin_declaring()
    assert room.form.title.text() == "Down"


def test_what_is_typed_waits_for_its_incident(room: IncidentsRoom):
    room.page.editors()["root_cause"].take_draft("half a cause")
    room.go_to(OTHER)
    assert room.page.unsaved().texts == {}
    room.go_to(INCIDENT)
    assert room.page.unsaved().texts == {"root_cause": "half a cause"}


def test_choosing_an_incident_leaves_the_form_and_keeps_its_words(room: IncidentsRoom):
    room.begin_declaring()
    room.form.title.setText("half a title")
    room.list.select(OTHER)
    assert (room.stack.currentWidget(), room.current()) == (room.page, OTHER)
    room.begin_declaring()
    assert room.form.title.text() == "half a title"


def test_the_first_incident_from_elsewhere_does_not_cover_the_form(
    look: Look, desk: StandInDesk, log: LogBook, qtbot: QtBot
):
    room = IncidentsRoom(desk)
    qtbot.addWidget(room)
    room.show()
    room.on_snapshot(change_of(LogBook()))
    room.begin_declaring()
    room.form.title.setText("half a title")
    room.on_snapshot(change_of(log))
    assert room.stack.currentWidget() is room.form
    room.form.left.emit()
    assert (room.stack.currentWidget(), room.current()) == (room.page, INCIDENT)


def test_an_incident_that_is_not_known_yet_opens_once_it_is(room: IncidentsRoom, log: LogBook):
    room.go_to("INC-LATER")
    assert room.current() == INCIDENT
    body = {"title": "Later", "severity": "minor", "alerts": []}
    event = log.write("INC-LATER", "incident.opened", body, at=36 * MINUTE)
    counted: list[bool] = []
    room.counted.connect(lambda: counted.append(True))
    room.on_snapshot(change_of(log, [event]))
    assert (room.current(), room.count(), counted) == ("INC-LATER", 3, [True])


def test_with_no_incident_it_says_what_to_do(look: Look, desk: StandInDesk, qtbot: QtBot):
    room = IncidentsRoom(desk)
    qtbot.addWidget(room)
    room.show()
    room.on_snapshot(change_of(LogBook()))
    assert room.stack.currentWidget() is room.empty
    assert room.count() == 0
    button = next(b for b in room.empty.findChildren(QAbstractButton))
    button.click()
    assert room.stack.currentWidget() is room.form
    room.focus_first()
    assert [a.keys for a in room.actions()] == ["C", "/", "J", "K"]


def test_until_the_first_is_read_nothing_is_said_of_it(
    look: Look, desk: StandInDesk, log: LogBook, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    room = IncidentsRoom(desk)
    qtbot.addWidget(room)
    room.show()
    later: list[Callable[[], None]] = []
    at_once = desk.ask
    monkeypatch.setattr(desk, "ask", lambda *told: later.append(lambda: at_once(*told)))
    room.on_snapshot(change_of(log))
    room.go_to(INCIDENT)
    assert room.stack.currentWidget() is room.ground
    for answer in later:
        answer()
    assert room.stack.currentWidget() is room.page


def test_enter_on_an_alert_goes_there(room: IncidentsRoom, desk: StandInDesk, qtbot: QtBot):
    alerts = room.page.alerts
    alerts.setCurrentIndex(alerts.rows.index(0, 0))
    qtbot.keyClick(alerts, Qt.Key.Key_Return)
    assert desk.shown == ["A-CHECKOUT00001"]


def test_away_disables_orders(room: IncidentsRoom, desk: StandInDesk):
    desk.away = True
    room.engine_changed(True)
    assert not room.list.declare.isEnabled()
    assert not room.page.ladder.isEnabled()


def test_everything_that_takes_the_keyboard_has_a_name(room: IncidentsRoom):
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QAbstractItemView)
    nameless = [
        f"{type(w).__name__} in {type(w.parent()).__name__}"
        for kind in kinds
        for w in room.findChildren(kind)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
        # The list that a combo box opens is Qt's own.
        and type(w).__name__ != "QListView"
    ]
    assert nameless == []


def test_it_fits_the_smallest_window_and_every_zoom(
    room: IncidentsRoom, look: Look, settle: Callable[[], None]
):
    room.begin_declaring()
    room._leave_form()
    room.orderly.press("severity")
    for press in (
        lambda: room.role_work.press_about("fill", "commander"),
        lambda: room.role_work.press_about("fill", "communications_lead"),
        lambda: room.role_work.press_about("leave", "commander"),
        lambda: room.decision_work.press("log"),
        lambda: room.orderly.press("category"),
    ):
        press()
        settle()
        assert room.minimumSizeHint().width() <= 1120 - 52
    room.page.form.dismiss()
    room.orderly.press("post")
    assert room.minimumSizeHint().width() <= 1120 - 52
    look.switch(zoom=150)
    settle()
    assert not room.grab().toImage().isNull()


def test_the_ring_follows_the_composer_as_it_grows(
    room: IncidentsRoom, settle: Callable[[], None], qtbot: QtBot
):
    ring = FocusRing(room)
    room.activateWindow()
    room.orderly.press("note")
    field = room.page.timeline.composer.field
    qtbot.keyClicks(field, "one")
    for _ in range(3):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    settle()
    assert ring.isVisible()
    assert ring.geometry().center() == field.mapTo(room, field.rect().center())
