"""Keys of the tasks: which work on what has the keyboard, and why one does not."""

from __future__ import annotations

from crisisdesk.desk.incidents.desk_actions import room_actions
from crisisdesk.desk.incidents.room import IncidentsRoom

from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.desk.incidents.task_bodies import LIAISON, NOTICE, add_tasks
from tests.domain.incident_log import MINUTE, START, LogBook


def named(room: IncidentsRoom) -> dict[str, tuple[str, bool, str]]:
    prefix = "incident.task."
    found = [a for a in room_actions(room) if a.key.startswith(prefix)]
    return {a.key.removeprefix(prefix): (a.keys, a.enabled, a.detail) for a in found}


def test_keys_of_a_task_work_while_the_keyboard_is_on_it(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook
):
    add_tasks(log)
    room.on_snapshot(change_of(log))
    assert named(room) == {"add": ("T", True, ""), "list": ("Shift T", True, "")}
    room.activateWindow()
    view = room.page.tasks.list
    room.task_work.press("list")
    assert view.rows.row(view.currentIndex().row()).key == NOTICE
    found = named(room)
    assert found["toggle"] == ("Space", True, "")
    assert found["drop"] == ("Del", True, "")
    view.setCurrentIndex(view.rows.index_of(LIAISON))
    assert named(room)["start"] == ("B", False, "it is started")
    keys = [a.keys for a in room_actions(room) if a.keys]
    assert sorted(keys) == sorted(set(keys))


def test_away_and_past_say_why(room: IncidentsRoom, desk: StandInDesk):
    desk.away = True
    assert named(room)["add"] == ("T", False, "not while the engine is away")
    desk.away = False
    room.past.go(START + 10 * MINUTE)
    assert named(room)["add"] == ("T", False, "not in the past; L goes back to now")
    assert named(room)["list"][1]
