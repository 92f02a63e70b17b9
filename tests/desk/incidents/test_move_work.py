"""Merging, splitting and restricting from the page, and taking it back."""

from __future__ import annotations

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.room import Refusal

from tests.desk.incidents.conftest import OTHER
from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.domain.incident_log import INCIDENT, MINUTE, LogBook


def give(room: IncidentsRoom, **values: str) -> None:
    assert room.page.strip.question is not None
    room.page.strip.given.emit(room.page.strip.question.key, {"reason": "", **values})


def test_it_becomes_a_part_of_the_one_that_is_named(room: IncidentsRoom, desk: StandInDesk):
    room.move_work.press("merge")
    assert room.page.strip.values()["into"] == OTHER
    give(room, into="disk")
    assert "no open incident is called 'disk'" in room.page.strip.words.text()
    assert desk.client.orders == []
    give(room, into="checkout", reason=" One disk ")
    assert desk.client.orders == [("merge_incident", (INCIDENT, OTHER, "One disk"), {})]
    assert desk.shown == [OTHER]
    assert room.page.strip.question is None
    said, undo = desk.undos[-1]
    assert said == f"{INCIDENT} is a part of {OTHER}"
    undo()
    assert desk.client.orders[-1] == ("unmerge_incident", (INCIDENT,), {})


def test_selected_alerts_are_split_off(room: IncidentsRoom, desk: StandInDesk):
    room.move_work.press("split")
    assert room.page.strip.question is None
    room.page.alerts.selectAll()
    chosen = [alert.alert_id for alert in room.move_work.chosen()]
    assert len(chosen) == 3
    room.move_work.press("split")
    room.page.alerts.clearSelection()
    desk.client.answers["split_incident"] = {"incident_id": "INC-NEW"}
    give(room, title=" Mails ")
    assert desk.client.orders == [("split_incident", (INCIDENT, chosen), {"title": "Mails"})]
    assert desk.shown == ["INC-NEW"]


def test_it_is_restricted_and_shown_again(room: IncidentsRoom, desk: StandInDesk, log: LogBook):
    room.move_work.press("restrict")
    desk.refuse_with = Refusal(words="the engine is not running", away=True)
    give(room, readers="Zoë Ng, Ana")
    assert "not running" in room.page.strip.words.text()
    give(room, readers="Zoë Ng, Ana", reason="names of staff")
    name, args, _ = desk.client.orders[-1]
    assert (name, args) == ("restrict_incident", (INCIDENT, ["Zoë Ng", "Ana"], "names of staff"))
    body = {"readers": ["Zoë Ng"], "generation": 1, "restricted": True, "reason": ""}
    event = log.write(INCIDENT, "incident.restricted", body, at=30 * MINUTE)
    room.on_snapshot(change_of(log, [event]))
    room.move_work.press("unrestrict")
    assert desk.client.orders[-1] == ("unrestrict_incident", (INCIDENT,), {})
    desk.undos[-1][1]()
    assert [*desk.client.orders[-1][1]] == [INCIDENT, ["Zoë Ng"], "Taken back at once"]


def test_a_part_is_let_go(room: IncidentsRoom, desk: StandInDesk):
    room.move_work.press("unmerge")
    assert desk.client.orders == [("unmerge_incident", (INCIDENT,), {})]
