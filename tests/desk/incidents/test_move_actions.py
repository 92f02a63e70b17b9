"""Keys that move an incident as a whole: what can be done, and why not."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.desk.incidents.move_actions import move_actions
from crisisdesk.desk.incidents.room import IncidentsRoom


def told(room: IncidentsRoom, dossier: Dossier, held: str = "") -> dict[str, tuple[str, str]]:
    found = move_actions(room.move_work, dossier, held)
    return {a.key.removeprefix("incident."): (a.keys, a.detail) for a in found}


def test_what_stands_for_itself_can_be_merged_split_and_restricted(
    room: IncidentsRoom, dossier: Dossier
):
    found = told(room, dossier)
    select = "select attached alerts of its own first"
    assert found == {"merge": ("M", ""), "split": ("Y", select), "restrict": ("V", "")}
    room.page.alerts.selectAll()
    assert told(room, dossier)["split"] == ("Y", "")
    title = next(a.title for a in move_actions(room.move_work, dossier, "") if a.keys == "Y")
    assert title == "Split 3 alerts off"


def test_a_part_is_let_go_and_not_split(room: IncidentsRoom, dossier: Dossier):
    room.page.alerts.selectAll()
    part = replace(dossier.incident, merged_into="INC-A")
    found = told(room, replace(dossier, incident=part, whole="INC-A"))
    assert found["unmerge"] == ("M", "")
    assert found["split"] == ("Y", "it is a part of INC-A")


def test_a_restricted_one_can_be_shown_again_and_an_ended_one_is_not_merged(
    room: IncidentsRoom, dossier: Dossier
):
    restricted = replace(dossier, incident=replace(dossier.incident, restricted=True))
    assert told(room, restricted)["unrestrict"] == ("V", "")
    ended = replace(dossier, incident=replace(dossier.incident, status="closed"))
    assert told(room, ended)["merge"] == ("M", "it is closed")


def test_away_and_past_hold_everything(room: IncidentsRoom, dossier: Dossier):
    found = told(room, dossier, "not while the engine is away")
    assert {detail for _, detail in found.values()} == {"not while the engine is away"}
