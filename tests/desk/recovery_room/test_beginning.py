"""Beginning a run."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.room import Refusal
from crisisdesk.engine.recovery_commands import StartRun

from tests.desk.recovery_room.scenes import Seat


def test_what_fits_the_incident_is_selected_and_the_run_is_for_it(qtbot: QtBot, seat: Seat) -> None:
    room = seat.room()
    qtbot.addWidget(room)
    room.shelf.select("procedure Revoke")
    room.beginning.offer_for(seat.incident)
    assert seat.desk.opened == [5]
    one = room.startable()
    assert one is not None
    assert one.name == "Fail over"
    room.beginning.begin()
    assert room.form.incident.currentData() == seat.incident
    room.form.holds[0].setChecked(True)
    room.form.give.click()
    (words, _call, done, _refused) = seat.desk.orders[0]
    assert words == "run Fail over"
    run_id = seat.do(StartRun(procedure="Fail over", incident_id=seat.incident))
    done({"run_id": run_id})
    assert room.shows_run()
    assert seat.desk.orders[1][0] == "confirm what holds before Fail over"


def test_a_refusal_stands_in_the_form_and_esc_leads_back(qtbot: QtBot, seat: Seat) -> None:
    room = seat.room()
    qtbot.addWidget(room)
    room.shelf.select("procedure Revoke")
    room.beginning.begin()
    room.form.give.click()
    seat.desk.orders[0][3](Refusal(words="is not the current version", field="version_id"))
    assert "is not the current version" in room.form.words.text()
    assert not isinstance(room.form.fields.get("target"), LineEditor)
    room.beginning.leave()
    assert room.stack.currentWidget() is room.plan


def test_nothing_is_begun_while_the_engine_is_away(qtbot: QtBot, seat: Seat) -> None:
    room = seat.room()
    qtbot.addWidget(room)
    seat.desk.away = True
    room.beginning.begin()
    assert room.stack.currentWidget() is not room.form
