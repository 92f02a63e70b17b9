"""A dry run from the list: asked for apart from commands, shown in the procedure's place."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.editors import LineEditor
from crisisdesk.desk.recovery_room.room import RecoveryRoom
from crisisdesk.desk.room import Refusal
from crisisdesk.engine.recovery_commands import PublishProcedure

from tests.api.dry_run_told import step, told
from tests.desk.recovery_room.scenes import Seat

ASKS = {
    "kind": "procedure",
    "parameters": {"target": {"type": "host"}},
    "prerequisites": ["A backup is there"],
    "steps": [{"id": "freeze", "title": "Freeze writes"}],
}


class Client:
    """Keeps what it is asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def dry_run(self, name: str, arguments: dict[str, str]) -> dict[str, Any]:
        self.asked.append((name, arguments))
        return told(step("go"))


def room_at(seat: Seat, qtbot: QtBot, name: str) -> RecoveryRoom:
    room = seat.room()
    qtbot.addWidget(room)
    room.shelf.select(f"procedure {name}")
    return room


def test_without_parameters_it_looks_at_once_and_esc_leads_back(qtbot: QtBot, seat: Seat) -> None:
    room, client = room_at(seat, qtbot, "Revoke"), Client()
    action = next(one for one in room.actions() if one.keys == "Y")
    assert (action.title, action.enabled) == ("Dry run of Revoke", True)
    action.run()
    action.run()
    ((call, done, _refused),) = seat.desk.looks
    done(call(client))
    assert client.asked == [("Revoke", {})]
    assert room.stack.currentWidget() is room.plan
    assert 'argv ["/bin/x"]' in [line.words for line in room.plan.list.lines.rows()]
    assert room.plan.by.text().startswith("Dry run at ")
    assert seat.desk.orders == []
    # What is read anew meanwhile does not take it away.
    room.read()
    assert room.plan.ahead
    room.leave()
    assert "Freeze writes" in [line.words for line in room.plan.list.lines.rows()]
    assert not room.plan.ahead


def test_arguments_are_asked_for_first_and_a_refusal_stands_in_the_form(
    qtbot: QtBot, seat: Seat
) -> None:
    seat.do(PublishProcedure(name="Asks", content=ASKS))
    room, client = room_at(seat, qtbot, "Asks"), Client()
    room.ahead.begin()
    form = room.form
    assert room.stack.currentWidget() is form
    assert form.give.text() == "Look ahead"
    assert [form.incident.isHidden(), form.holds[0].isHidden()] == [True, True]
    field = form.fields["target"]
    assert isinstance(field, LineEditor)
    field.setText("-x")
    form.give.click()
    assert form.words.text().startswith("Not looked at: ")
    assert seat.desk.looks == []
    field.setText("db2")
    form.give.click()
    call, _done, refused = seat.desk.looks.pop()
    call(client)
    assert client.asked == [("Asks", {"target": "db2"})]
    refused(Refusal(words="is no host", remedy="name one", field="arguments.target"))
    assert "is no host" in form.words.text()
    form.give.click()
    call, done, _refused = seat.desk.looks.pop()
    done(call(client))
    assert room.plan.ahead
    # The form of a run asks for all of it again.
    room.beginning.begin()
    assert form.give.text() == "Begin"
    assert not form.holds[0].isHidden()
    assert isinstance(form.fields["target"], LineEditor)


def test_an_answer_to_what_is_looked_at_no_more_is_dropped(qtbot: QtBot, seat: Seat) -> None:
    room = room_at(seat, qtbot, "Revoke")
    room.ahead.begin()
    room.shelf.select("procedure Fail over")
    _call, done, _refused = seat.desk.looks.pop()
    done(told(step("go")))
    assert not room.plan.ahead
    room.ahead.begin()
    _call, _done, refused = seat.desk.looks.pop()
    refused(Refusal(words="the engine is restarting", remedy="try again", away=True))
    assert "the engine is restarting" in seat.desk.said[-1]
    assert not room.plan.by.text().startswith("Looking")


def test_nothing_is_asked_while_the_engine_is_away(qtbot: QtBot, seat: Seat) -> None:
    room = room_at(seat, qtbot, "Revoke")
    seat.desk.away = True
    room.ahead.begin()
    assert seat.desk.looks == []
    assert not next(one for one in room.actions() if one.keys == "Y").enabled
