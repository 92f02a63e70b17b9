"""The actions of the room."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.engine.recovery_commands import StartRun

from tests.desk.recovery_room.scenes import Seat


def test_a_procedure_is_run_by_r_and_a_run_is_led_by_its_steps_keys(
    qtbot: QtBot, seat: Seat
) -> None:
    run_id = seat.do(StartRun(procedure="Revoke", incident_id=seat.incident))
    room = seat.room()
    qtbot.addWidget(room)
    room.go_to(run_id)
    by_key = {action.keys: action for action in room.actions()}
    assert by_key["Enter"].title == "Done"
    assert by_key["B"].detail == "nothing was done that has a way back"
    assert not by_key["B"].enabled
    assert by_key["R"].title == "Run Revoke"
    by_key["I"].run()
    assert seat.desk.shown == [seat.incident]
    by_key["E"].run()
    assert room.page.form.is_open()
    by_key["Esc"].run()
    assert not room.page.form.is_open()
    room.shelf.select("procedure Fail over")
    assert {action.keys for action in room.actions()} == {"R", "Y", "/", "J", "K", "Esc"}


def test_no_two_actions_share_a_key(qtbot: QtBot, seat: Seat) -> None:
    run_id = seat.do(StartRun(procedure="Revoke", incident_id=seat.incident))
    room = seat.room()
    qtbot.addWidget(room)
    room.go_to(run_id)
    keys = [action.keys for action in room.actions()]
    assert len(keys) == len(set(keys))
    seat.desk.away = True
    room.engine_changed(True)
    greyed = {action.keys for action in room.actions() if not action.enabled}
    assert {"Enter", "X", "B", "E", "R"} <= greyed
