"""Every key of the room once, with the reason when it cannot be used."""

from __future__ import annotations

from crisisdesk.desk.incidents.desk_actions import room_actions
from crisisdesk.desk.incidents.room import IncidentsRoom

from tests.desk.incidents.desk_stand_in import StandInDesk
from tests.domain.incident_log import INCIDENT


def test_every_key_is_given_once_and_the_selected_thing_comes_first(room: IncidentsRoom):
    view = room.page.timeline.view
    view.setCurrentIndex(view.rows.index_of("U-0000000000000003"))
    actions = room_actions(room)
    keys = [a.keys for a in actions if a.keys]
    assert sorted(keys) == sorted(set(keys))
    assert set(keys) == {
        "E",
        "I",
        "N",
        "P",
        "S",
        "O",
        "H",
        "C",
        "/",
        "J",
        "K",
        "[",
        "]",
        "L",
        "X",
        "Ctrl P",
        "Ctrl I",
        "T",
        "Shift T",
        "D",
        "Shift D",
        "Shift H",
        "Shift S",
        "M",
        "Y",
        "V",
        "Shift C",
        "Shift P",
        "Q",
        "Shift Q",
    }
    groups = list(dict.fromkeys(a.group for a in actions))
    assert groups[0] == "This entry"
    assert groups[1].startswith(INCIDENT)
    assert next(a.title for a in actions if a.keys == "I") == "Unpin entry"


def test_each_action_runs(room: IncidentsRoom):
    for action in room_actions(room):
        if action.enabled:
            action.run()
    assert set(room.page.unsaved().texts) == {
        "user_impact_count",
        "financial_impact_cents",
        "title",
        "response_team",
        "root_cause",
        "lessons_learned",
    }


def test_what_cannot_be_done_says_why(room: IncidentsRoom, desk: StandInDesk):
    reopen = next(a for a in room_actions(room) if a.key == "incident.reopen")
    assert (reopen.enabled, reopen.detail) == (False, "it is identified")
    desk.away = True
    status = next(a for a in room_actions(room) if a.key == "incident.status")
    assert (status.enabled, status.detail) == (False, "not while the engine is away")
    note = next(a for a in room_actions(room) if a.key == "incident.note")
    assert note.enabled
