"""Candidates in the incidents room: band, page, keys, and nothing that jumps under the hand."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.look.theme import Look
from crisisdesk.desk.room import Action

from tests.desk.candidates.conftest import DB
from tests.desk.incidents.desk_stand_in import NOW_AFTER, StandInDesk, change_of
from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook


def action(room: IncidentsRoom, keys: str) -> Action:
    return next(one for one in room.actions() if one.keys == keys)


def test_one_stands_above_the_list_and_opens_in_full(room: IncidentsRoom) -> None:
    assert not room.candidates.band.isHidden()
    assert room.stack.currentWidget() is room.page
    action(room, "G").run()
    assert room.stack.currentWidget() is room.candidates.page
    assert room.candidates.page.candidate is not None
    assert [a.alert_id for a in room.candidates.page.alerts.lines.rows()] == [
        "A-X1",
        "A-X2",
        "A-X3",
    ]
    assert room.owns(DB)


def test_its_keys_replace_those_of_the_incident_while_it_is_shown(
    room: IncidentsRoom, desk: StandInDesk
) -> None:
    room.go_to(DB)
    keys = {one.keys for one in room.actions()}
    assert {"X", "G", "J", "K", "C", "/"} <= keys
    assert keys.isdisjoint({"N", "P", "S", "H"})
    action(room, "X").run()
    assert desk.client.orders == [("dismiss_candidate", (DB, ""), {})]


def test_x_takes_the_reason_along_and_what_is_dismissed_can_be_brought_back(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook, qtbot: QtBot
) -> None:
    room.go_to(DB)
    qtbot.keyClicks(room.candidates.page.reason, "a test")
    action(room, "X").run()
    assert desk.client.orders == [("dismiss_candidate", (DB, "a test"), {})]
    body = {"reason": "a test", "until": START + 99 * MINUTE}
    room.on_snapshot(change_of(log, [log.write(DB, "candidate.dismissed", body, at=36 * MINUTE)]))
    assert room.candidates.band.isHidden()
    assert room.stack.currentWidget() is room.candidates.page
    action(room, "O").run()
    assert desk.client.orders[-1] == ("reopen_candidate", (DB,), {})


def test_enter_in_the_band_opens_the_incident(
    room: IncidentsRoom, desk: StandInDesk, qtbot: QtBot
) -> None:
    room.candidates.focus()
    qtbot.keyClick(room.candidates.band.list, Qt.Key.Key_Return)
    assert desk.client.orders == [("accept_candidate", (DB,), {})]
    assert desk.shown == [INCIDENT]
    room.go_to(INCIDENT)
    assert room.stack.currentWidget() is room.page
    assert room.candidates.band.list.current() is None


def test_an_accepted_one_leads_to_its_incident(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook
) -> None:
    room.go_to(DB)
    body = {"incident_id": INCIDENT, "alerts": ["A-X1"]}
    room.on_snapshot(change_of(log, [log.write(DB, "candidate.accepted", body, at=36 * MINUTE)]))
    action(room, "E").run()
    assert desk.shown == [INCIDENT]


def test_another_incident_chosen_takes_its_place(room: IncidentsRoom) -> None:
    room.go_to(DB)
    room.list.view.clicked.emit(room.list.view.currentIndex())
    assert room.stack.currentWidget() is room.page
    room.go_to(DB)
    room._into_page()
    assert room.stack.currentWidget() is room.page


def test_a_form_being_filled_in_is_not_covered(room: IncidentsRoom, qtbot: QtBot) -> None:
    room.begin_declaring()
    qtbot.keyClicks(room.form.title, "Down")
    room.go_to(DB)
    assert room.stack.currentWidget() is room.form


def test_the_first_incident_from_elsewhere_does_not_cover_what_is_looked_at(
    look: Look, log: LogBook, qtbot: QtBot
) -> None:
    only = LogBook()
    for event in log.events:
        if event.agg.startswith(("CAN-", "A-X")):
            only.events.append(event)
    desk = StandInDesk(only, START + NOW_AFTER)
    room = IncidentsRoom(desk)
    qtbot.addWidget(room)
    room.resize(1228, 674)
    room.show()
    room.on_snapshot(change_of(only))
    room.focus_first()
    assert room.stack.currentWidget() is room.candidates.page
    body = {"title": "Checkout refuses cards", "severity": "major", "alerts": []}
    opened = only.write("INC-2222AAAA", "incident.opened", body, at=35 * MINUTE)
    room.on_snapshot(change_of(only, [opened]))
    room.tick(desk.now)
    assert room.stack.currentWidget() is room.candidates.page
    room.go_to("INC-2222AAAA")
    assert room.stack.currentWidget() is room.page


def test_away_from_the_engine_it_can_be_read_and_not_answered(
    room: IncidentsRoom, desk: StandInDesk
) -> None:
    room.go_to(DB)
    desk.away = True
    room.engine_changed(True)
    assert not action(room, "X").enabled
    assert not room.candidates.page.head.buttons["accept"].isEnabled()
    desk.away = False
    room.engine_changed(False)
    assert action(room, "X").enabled
