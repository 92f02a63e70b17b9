"""Keys of roles and decisions: which work on what has the keyboard, and why one does not."""

from __future__ import annotations

from crisisdesk.desk.incidents.desk_actions import room_actions
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.incidents.seat_actions import decision_actions, role_actions

from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.desk.incidents.test_decision_work import DEC
from tests.desk.incidents.test_role_work import ME, sit
from tests.domain.incident_log import INCIDENT, MINUTE, LogBook


def named(room: IncidentsRoom) -> dict[str, tuple[str, bool, str]]:
    found = room_actions(room)
    keys = [a.keys for a in found if a.keys]
    assert sorted(keys) == sorted(set(keys))
    return {a.key.removeprefix("incident."): (a.keys, a.enabled, a.detail) for a in found}


def test_letters_work_while_the_keyboard_is_on_a_role(room: IncidentsRoom, log: LogBook):
    room.on_snapshot(change_of(log, [sit(log, "scribe", ME)]))
    room.activateWindow()
    found = named(room)
    assert found["commander"] == ("H", True, "")
    assert found["role.fill"][0] == ""
    assert found["role.withdraw"] == ("", False, "it is not offered by you")
    room.role_work.press("list")
    room.page.team.list.go(1)
    found = named(room)
    assert found["role.fill"][:2] == ("A", True)
    assert found["role.leave"] == ("Del", False, "nobody has it")
    titles = {a.key: a.title for a in room_actions(room)}
    assert titles["incident.commander"] == "Fill the role of communication lead"


def test_letters_work_while_the_keyboard_is_on_a_decision(room: IncidentsRoom, log: LogBook):
    body = {"incident_id": INCIDENT, "title": "Fail over"}
    log.write(DEC, "decision.logged", body, at=20 * MINUTE)
    room.on_snapshot(change_of(log))
    room.activateWindow()
    assert "decision.look" not in named(room)
    room.decision_work.press("list")
    found = named(room)
    assert found["decision.look"] == ("Space", True, "")
    assert found["decision.answer"] == ("A", False, "no objection waits for an answer")
    log.write(DEC, "decision.reverted", {"reason": "worse"}, at=34 * MINUTE)
    room.on_snapshot(change_of(log))
    assert named(room)["decision.revert"] == ("Del", False, "it is reverted")
    assert named(room)["decision.change"][1]


def test_away_past_and_closed_say_why(room: IncidentsRoom, desk: StandInDesk, log: LogBook):
    desk.away = True
    for name in ("commander", "decision.log"):
        assert named(room)[name][1:] == (False, "not while the engine is away")
    assert named(room)["role.list"][1]
    desk.away = False
    incident = room.page.dossier.incident  # type: ignore[union-attr]
    [first, *_] = role_actions(room.role_work, incident, "not now", ME)
    assert first.detail == "not now"
    assert [a.enabled for a in decision_actions(room.decision_work, incident, "not now")] == [
        False,
        True,
    ]
    log.write(INCIDENT, "incident.status_changed", {"status": "closed", "life": 1}, at=34 * MINUTE)
    room.on_snapshot(change_of(log))
    assert named(room)["commander"][1:] == (False, "it is closed")
