"""Orders given on the page: what is sent, what a refusal leaves, what an answer too late does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crisisdesk.desk.incidents.draft import Draft
from crisisdesk.desk.incidents.orderly import Orderly
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.room import Refusal

from tests.desk.incidents.conftest import OTHER
from tests.desk.incidents.desk_stand_in import StandInDesk
from tests.domain.incident_log import INCIDENT

AWAY = Refusal(words="the engine is not running", remedy="try again", away=True)


def save(room: IncidentsRoom, field: str, text: str) -> None:
    editor = room.page.editors()[field]
    editor.take_draft(text)
    editor._save()


def test_a_field_is_saved_and_closes(room: IncidentsRoom, desk: StandInDesk):
    assert isinstance(room.orderly, Orderly)
    save(room, "user_impact_count", "19 000")
    assert desk.client.orders == [("edit_incident", (INCIDENT,), {"user_impact_count": 19_000})]
    assert not room.page.editors()["user_impact_count"].is_editing()


def test_what_did_not_change_is_not_sent(room: IncidentsRoom, desk: StandInDesk):
    save(room, "user_impact_count", "18 400")
    assert desk.client.orders == []
    assert not room.page.editors()["user_impact_count"].is_editing()


def test_a_refused_field_stays_open_with_the_words(room: IncidentsRoom, desk: StandInDesk):
    desk.refuse_with = AWAY
    save(room, "root_cause", "the link")
    editor = room.page.editors()["root_cause"]
    assert (editor.draft(), editor.refusal) == (
        "the link",
        "Not saved: the engine is not running; try again.",
    )
    save(room, "financial_impact_cents", "a lot")
    assert "is no amount" in room.page.editors()["financial_impact_cents"].refusal
    assert desk.client.orders == []


def test_s_climbs_and_resolving_asks_what_ended_it(
    room: IncidentsRoom, desk: StandInDesk, qtbot: QtBot
):
    room.orderly.press("status")
    qtbot.keyClick(room.page.ladder, Qt.Key.Key_Return)
    room.page.ladder.begin()
    qtbot.keyClick(room.page.ladder, Qt.Key.Key_Right)
    qtbot.keyClick(room.page.ladder, Qt.Key.Key_Return)
    assert room.page.strip.question is not None
    room.page.strip.given.emit("resolve", {"summary": "promoted fra2"})
    assert desk.client.orders == [
        ("incident_status", (INCIDENT, "monitoring", ""), {}),
        ("incident_status", (INCIDENT, "resolved", "promoted fra2"), {}),
    ]
    assert room.page.strip.question is None


def test_a_refused_strip_stays_open(room: IncidentsRoom, desk: StandInDesk):
    room.orderly.press("category")
    kind = {"category": "data", "crisis_type": "data_integrity"}
    desk.refuse_with = AWAY
    room.page.strip.given.emit("category", kind)
    assert room.page.strip.question is not None
    assert room.page.strip.words.text() == "Not saved: the engine is not running; try again."
    room.page.strip.given.emit("category", kind)
    assert desk.client.orders == [("edit_incident", (INCIDENT,), kind)]
    assert room.page.strip.question is None


def test_several_words_are_saved_at_once(room: IncidentsRoom, desk: StandInDesk):
    room.orderly.press("severity")
    room.page.strip._give()
    assert room.page.strip.question is None
    assert desk.client.orders == []
    room.orderly.press("severity")
    said = {"severity": "emergency", "priority": "p2", "impact": "low", "reason": " one shop "}
    room.page.strip.given.emit("severity", said)
    assert desk.client.orders[0][2] == {
        "severity": "emergency",
        "impact": "low",
        "reason": "one shop",
    }
    room.orderly.press("category")
    assert room.page.strip.values() == {"category": "availability", "crisis_type": ""}


def test_reopening_is_asked_only_of_what_has_ended(room: IncidentsRoom):
    room.orderly.press("reopen")
    assert room.page.strip.question is None


def test_keys_reach_what_they_name(room: IncidentsRoom):
    room.activateWindow()
    room.orderly.press("title")
    assert room.page.editors()["title"].is_editing()
    room.orderly.press("post")
    assert room.page.timeline.composer.draft().is_public


def test_an_answer_that_comes_late_leaves_the_other_incident_alone(
    room: IncidentsRoom, desk: StandInDesk
):
    desk.held = []
    save(room, "root_cause", "the link")
    composer = room.page.timeline.composer
    composer.take_draft(Draft(text="for the first"))
    composer._post()
    room.open(OTHER)
    assert room.current() == OTHER
    room.page.editors()["root_cause"].take_draft("of the second")
    composer.take_draft(Draft(text="for the second"))
    for answer in desk.held:
        answer()
    assert room.page.editors()["root_cause"].draft() == "of the second"
    assert composer.draft().text == "for the second"
    desk.held = None
    room.open(INCIDENT)
    assert room.page.unsaved().texts == {}
    assert composer.draft() == Draft()


def test_a_refusal_that_comes_late_is_said_and_the_words_wait(
    room: IncidentsRoom, desk: StandInDesk
):
    desk.held = []
    composer = room.page.timeline.composer
    composer.take_draft(Draft(text="for the first"))
    composer._post()
    room.open(OTHER)
    desk.refuse_with = AWAY
    desk.held.pop()()
    assert [title for title, _ in desk.said] == [f"Not saved: write on the timeline of {INCIDENT}"]
    desk.held = None
    room.open(INCIDENT)
    assert composer.draft().text == "for the first"


def test_an_entry_is_edited_pinned_and_withdrawn(room: IncidentsRoom, desk: StandInDesk):
    view = room.page.timeline.view
    view.setCurrentIndex(view.rows.index_of("U-0000000000000003"))
    room.orderly.edit_entry()
    draft = room.page.timeline.composer.draft()
    assert draft.text == "promote fra2 and lose up to 41 s of orders, rather than wait for fra1."
    assert (draft.update_id, draft.is_pinned) == ("U-0000000000000003", True)
    room.page.timeline.composer._post()
    room.orderly.flag_entry("is_pinned", value=False)
    assert [(name, args[1], f.get("is_pinned")) for name, args, f in desk.client.orders] == [
        ("edit_update", "U-0000000000000003", True),
        ("edit_update", "U-0000000000000003", False),
    ]
    view.setCurrentIndex(view.rows.index(0, 0))
    assert room.orderly.entry() is None, "what the machine wrote cannot be edited"
