"""Each fact in its words."""

from __future__ import annotations

import pytest

from crisisdesk.domain.incident import EDITABLE_INCIDENT_FIELDS
from crisisdesk.domain.timeline import build_timeline
from crisisdesk.domain.timeline_words import FIELD_WORDS, UPDATE_ICONS, tell_update, value_words
from crisisdesk.domain.update import UPDATE_TYPES

from tests.domain.incident_log import INCIDENT, MINUTE, LogBook, split_brain

ALERT = "A-CHECKOUT00001"


def newest(log: LogBook) -> tuple[str, str, str]:
    told = build_timeline(INCIDENT, log.updates(), log.events)[-1].told
    return told.icon, told.plain, told.detail


def test_every_field_has_a_word_and_every_type_an_icon():
    assert set(FIELD_WORDS) == set(EDITABLE_INCIDENT_FIELDS)
    assert set(UPDATE_ICONS) == set(UPDATE_TYPES)


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        (
            "acknowledged",
            {"note": "mine"},
            ("user-check", "checkout-api acknowledged after 10 min", "mine"),
        ),
        (
            "acknowledged",
            {"way": "link"},
            ("user-check", "checkout-api acknowledged after 10 min by link", ""),
        ),
        ("investigating", {}, ("search", "checkout-api: Klára Langová works on it", "")),
        (
            "investigating",
            {"from": "Jonas Weber"},
            ("search", "checkout-api: Klára Langová took it over from Jonas Weber", ""),
        ),
        (
            "resolved",
            {"reason": "rolled back"},
            ("circle-check", "checkout-api resolved", "rolled back"),
        ),
        ("closed", {"life": 1}, ("circle-check", "checkout-api closed", "")),
        ("noted", {"text": "retry storm"}, ("message-square", "checkout-api: retry storm", "")),
        (
            "edited",
            {"field": "severity", "value": "critical", "base": ""},
            ("pencil", "checkout-api: severity is now critical", ""),
        ),
    ],
)
def test_what_happens_to_an_alert_is_told(
    kind: str, body: dict[str, object], told: tuple[str, str, str]
):
    log = split_brain()
    log.write(ALERT, f"alert.{kind}", {"epoch": f"{ALERT}/1", **body}, at=35 * MINUTE)
    assert newest(log) == told


def test_what_a_rule_has_done_names_the_rule():
    log = LogBook()
    body = {"title": "x", "severity": "minor", "alerts": ["A-1"], "rule": "same service"}
    log.write(INCIDENT, "incident.opened", body, at=0)
    assert newest(log)[1] == (
        "Incident declared as minor, 1 alert attached, proposed by rule same service"
    )
    linked = {"alert_id": "A-2", "rule": "same service"}
    log.write(INCIDENT, "incident.alert_linked", linked, at=MINUTE)
    assert newest(log)[:2] == ("link", "Alert attached: A-2, related by rule same service")


def test_undo_reopening_and_a_second_pair_of_hands_are_told():
    log = split_brain()
    ack = log.write(ALERT, "alert.acknowledged", {"epoch": f"{ALERT}/1"}, at=35 * MINUTE)
    again = {"epoch": f"{ALERT}/1"}
    log.write(ALERT, "alert.acknowledged", again, at=36 * MINUTE, actor="Ana")
    assert newest(log)[1] == "checkout-api acknowledged as well"
    log.write(ALERT, "alert.unacknowledged", {"ack_id": ack.id}, at=37 * MINUTE)
    assert newest(log)[1] == "checkout-api: acknowledgement taken back"
    log.write(ALERT, "alert.resolved", {"epoch": f"{ALERT}/1"}, at=38 * MINUTE)
    body = {
        "epoch": f"{ALERT}/1",
        "life": 2,
        "reason": "it is back",
        "sla_deadline": 1,
        "sla_prealarm_at": 1,
    }
    log.write(ALERT, "alert.reopened", body, at=39 * MINUTE)
    assert newest(log) == ("rotate-ccw", "checkout-api reopened", "it is back")


def test_a_plain_edit_of_an_alert_is_left_out():
    log = split_brain()
    before = newest(log)
    edit = {"field": "title", "value": "Other", "base": ""}
    log.write(ALERT, "alert.edited", edit, at=35 * MINUTE)
    assert newest(log) == before


@pytest.mark.parametrize(
    ("kind", "body", "line"),
    [
        ("commander_named", {"commander": "", "generation": 3}, "Nobody commands any more"),
        (
            "team_changed",
            {"add": ["Ana"], "remove": ["Priya Nair"]},
            "Team: Ana joined; Priya Nair left",
        ),
        (
            "alert_unlinked",
            {"alert_id": ALERT},
            "Alert taken off: checkout-api, Error rate 12.4 %, limit 2 %",
        ),
        (
            "edited",
            {"field": "category", "value": "third_party", "base": ""},
            "Category: availability → third party",
        ),
        ("edited", {"field": "description", "value": "", "base": ""}, "Description taken out"),
        ("edited", {"field": "description", "value": "new", "base": ""}, "Description rewritten"),
        (
            "edited",
            {"field": "severity", "value": "emergency", "base": ""},
            "Severity: critical → emergency; impact high → critical, priority p2 → p1",
        ),
    ],
)
def test_what_happens_to_the_incident_is_told(kind: str, body: dict[str, object], line: str):
    log = split_brain()
    log.write(INCIDENT, f"incident.{kind}", body, at=35 * MINUTE)
    assert newest(log)[1] == line


def test_the_first_commander_commands():
    log = LogBook()
    log.write(INCIDENT, "incident.opened", {"title": "x", "severity": "minor"}, at=0)
    log.write(INCIDENT, "incident.commander_named", {"commander": "Ana", "generation": 1}, at=1)
    assert [e.told.plain for e in build_timeline(INCIDENT, [], log.events)] == [
        "Incident declared as minor",
        "Ana commands",
    ]


def test_values_in_words_and_notes_without_a_lead():
    assert value_words("financial_impact_cents", None) == "nothing"
    assert value_words("communication_lead", "") == "nothing"
    note = split_brain().updates()[0]
    assert tell_update(note).plain == note.title
