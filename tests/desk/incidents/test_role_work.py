"""Orders about roles from the page: what is asked, sent, and refused."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.room import Refusal
from crisisdesk.domain.event import Event

from tests.desk.incidents.conftest import OTHER
from tests.desk.incidents.desk_stand_in import StandInDesk, change_of
from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook

ME, MATEO = "Klára Langová", "Mateo Ruiz"
BRIEF = {"known": "Lag holds at 41 s", "running": "", "decided": "", "next": "Stop one writer"}


def offer(log: LogBook, by: str, to: str, role: str = "commander") -> Event:
    body = {"role": role, "to": to, "until": START + 44 * MINUTE, **BRIEF}
    return log.write(INCIDENT, "incident.handover_offered", body, at=30 * MINUTE, actor=by)


def sit(log: LogBook, role: str, who: str) -> Event:
    return log.write(INCIDENT, "incident.role_assumed", {"role": role, "who": who}, at=9 * MINUTE)


def give(room: IncidentsRoom, **values: str) -> None:
    form, strip = room.page.form, room.page.strip
    asker = form if form.question is not None else strip
    assert asker.question is not None
    asker.given.emit(asker.question.key, {**asker.values(), **values})


def last(desk: StandInDesk) -> tuple[str, tuple[Any, ...]]:
    return desk.client.orders[-1][:2]


def test_somebody_is_put_in_and_taken_out(room: IncidentsRoom, desk: StandInDesk, log: LogBook):
    room.role_work.press("hand")
    assert room.page.strip.values() == {"who": ME, "reason": "", "role": "commander"}
    desk.refuse_with = Refusal(words="Mateo Ruiz has it", remedy="say why", field="reason")
    give(room)
    assert room.page.strip.words.text() == "Not saved: Mateo Ruiz has it; say why."
    give(room, reason=" he is asleep ")
    assert last(desk) == ("assume_role", (INCIDENT, "commander", ME, "he is asleep"))
    assert room.page.strip.question is None

    room.on_snapshot(change_of(log, [sit(log, "scribe", ME)]))
    room.activateWindow()
    room.role_work.press("list")
    room.page.team.list.setCurrentIndex(room.page.team.list.lines.index(2, 0))
    assert room.role_work.selected() == "scribe"
    room.role_work.press("leave")
    give(room, reason="")
    assert last(desk) == ("renounce_role", (INCIDENT, "scribe", ME, ""))
    # The keyboard is back where it was.
    assert room.role_work.selected() == "scribe"


def test_a_role_is_handed_over_with_a_brief(room: IncidentsRoom, desk: StandInDesk, log: LogBook):
    room.on_snapshot(change_of(log, [sit(log, "scribe", ME)]))
    room.role_work.press("hand")
    form = room.page.form
    assert room.page.main.currentWidget() is form
    assert "Orders database split" in form.values()["known"]
    for values, words in (
        ({"within": "soon"}, "no span"),
        ({"to": " "}, "nobody is named"),
        ({"to": MATEO, "known": " "}, "nothing is told"),
    ):
        give(room, **values)
        assert any(words in row.words.text() for row in form._rows.values())
    assert desk.client.orders == []
    give(room, to=MATEO, within="20m", **BRIEF)
    assert last(desk) == ("offer_role", (INCIDENT, "scribe", MATEO, BRIEF, 1_200))
    assert form.question is None
    assert room.page.main.currentWidget() is room.page.timeline


def test_the_giver_sees_that_it_waits_and_takes_it_back(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook
):
    room.on_snapshot(change_of(log, [sit(log, "scribe", ME), offer(log, ME, MATEO, "scribe")]))
    [band] = room.page.offers.bands.values()
    assert band.words.text().startswith("Scribe is offered to Mateo Ruiz: 9 min left")
    band.button.click()
    assert last(desk) == ("withdraw_role", (INCIDENT, "scribe"))


def test_the_receiver_answers_in_words(room: IncidentsRoom, desk: StandInDesk, log: LogBook):
    room.on_snapshot(change_of(log, [offer(log, MATEO, ME)]))
    [band] = room.page.offers.bands.values()
    assert band.words.text() == "Mateo Ruiz hands incident commander over to you: 9 min left."
    band.button.click()
    give(room, said=" ")
    assert "nothing is written" in room.page.form._rows["said"].words.text()
    desk.refuse_with = Refusal(words="is a part of the brief", field="read_back")
    give(room, said="Lag holds at 41 s")
    assert room.page.form._rows["said"].words.text() == "Not saved: is a part of the brief."
    give(room, said="I stop one writer")
    assert last(desk) == ("accept_role", (INCIDENT, "commander", "I stop one writer"))
    room.role_work.press("hand")
    give(room, said="I am on a train", answer="decline")
    assert last(desk) == ("decline_role", (INCIDENT, "commander", "I am on a train"))


def test_another_brief_is_not_accepted_unread(room: IncidentsRoom, desk: StandInDesk, log: LogBook):
    first = offer(log, MATEO, ME)
    room.on_snapshot(change_of(log, [first]))
    room.role_work.press("hand")
    over = {"offer": first.id, "role": "commander"}
    log.write(INCIDENT, "incident.handover_withdrawn", over, at=31 * MINUTE, actor=MATEO)
    room.on_snapshot(change_of(log, [offer(log, MATEO, ME)]))
    give(room, said="I stop one writer")
    assert desk.client.orders == []
    assert room.page.form.words.text().startswith("Not sent: this offer is over")


def test_a_brief_half_written_waits_for_its_incident(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook
):
    room.on_snapshot(change_of(log, [sit(log, "scribe", ME)]))
    room.role_work.press("hand")
    form = room.page.form
    field: Any = form._rows["next"].field
    field.setPlainText("Stop one")
    room.go_to(OTHER)
    assert form.question is None
    room.go_to(INCIDENT)
    assert form.values()["next"] == "Stop one"
    form.dismiss()
    room.role_work.press("hand")
    assert form.values()["next"] == "Stop one"
    # It is kept when the answer comes while another incident is looked at.
    desk.held = []
    give(room, to=MATEO)
    room.go_to(OTHER)
    desk.held[0]()
    room.go_to(INCIDENT)
    assert form.question is None
    assert form.drafts == {}


def test_the_past_shows_roles_and_changes_none(room: IncidentsRoom, log: LogBook):
    room.on_snapshot(change_of(log, [offer(log, MATEO, ME)]))
    room.role_work.press("hand")
    room.past.go(START + 10 * MINUTE)
    assert room.page.main.currentWidget() is room.page.timeline
    assert room.page.offers.bands == {}
    assert room.page.team.list.lines.row(0).names == (ME,)
    room.page.form.dismiss()
    room.role_work.press("hand")
    assert room.page.form.question is None
    room.past.back()
    assert len(room.page.offers.bands) == 1
