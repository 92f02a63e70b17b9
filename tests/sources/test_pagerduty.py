"""PagerDuty's Events API v2."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.sources import pagerduty
from crisisdesk.sources.rules import IntakeRules, Parsed

from tests.sources.payloads import (
    NOW_MS,
    RULES,
    check_total,
    damaged,
    encode,
    json_bodies,
    pagerduty_event,
    raw_bodies,
    refused,
)


def parse(body: bytes, rules: IntakeRules = RULES) -> Parsed:
    return pagerduty.parse(body, rules, new_key=lambda: "made-here")


def payload(**changes: Any) -> dict[str, Any]:
    return pagerduty_event(payload={**pagerduty_event()["payload"], **changes})


def one(document: dict[str, Any], rules: IntakeRules = RULES) -> Signal:
    (signal,) = parse(encode(document), rules).signals
    return signal


def test_a_trigger_with_everything() -> None:
    parsed = parse(encode(pagerduty_event()))
    assert parsed.status == 202
    assert parsed.answer == {
        "status": "success",
        "message": "Event processed",
        "dedup_key": "db-7/replication",
    }
    assert parsed.routing_key == "0123456789abcdef0123456789abcdef"
    assert parsed.routing_key not in repr(parsed)
    assert parsed.signals == [
        Signal(
            source="pagerduty",
            key="db-7/replication",
            action=SignalAction.FIRE,
            severity=Severity.HIGH,
            title="Replication of db-7 lags by 95 s",
            alert_type="data",
            service="postgres",
            place="db-7.example.net",
            group_key="orders",
            starts_at=NOW_MS - 59_500,
            url="https://watch.example.net/db-7",
            labels={
                "source": "db-7.example.net",
                "component": "postgres",
                "group": "orders",
                "class": "data",
            },
            affected_systems=["db-7.example.net", "postgres"],
            details={
                "client": "Replica watch",
                "client_url": "https://watch.example.net/db-7",
                "links": [{"href": "https://wiki.example.net/replication", "text": "What to do"}],
                "custom_details": {"lag_s": "95.5", "slots": 3, "primary": "db-1"},
            },
        )
    ]


@pytest.mark.parametrize(
    ("word", "severity"),
    [("critical", "critical"), ("error", "high"), ("warning", "medium"), ("info", "low")],
)
def test_the_four_severities(word: str, severity: str) -> None:
    assert one(payload(severity=word)).severity == severity
    nothing_configured = IntakeRules(severity_words={})
    assert one(payload(severity=word), nothing_configured).severity == severity


def test_severities_can_be_configured() -> None:
    rules = IntakeRules(severity_words={"error": Severity.EMERGENCY})
    assert one(payload(severity="error"), rules).severity == "emergency"


def test_a_trigger_without_key_gets_one() -> None:
    event = pagerduty_event()
    del event["dedup_key"]
    parsed = parse(encode(event))
    assert parsed.signals[0].key == "made-here"
    assert parsed.answer is not None
    assert parsed.answer["dedup_key"] == "made-here"


@pytest.mark.parametrize(
    ("word", "action"),
    [("acknowledge", SignalAction.ACKNOWLEDGE), ("resolve", SignalAction.RESOLVE)],
)
def test_follow_ups_need_their_key_and_nothing_else(word: str, action: SignalAction) -> None:
    event = {"routing_key": "r", "event_action": word, "dedup_key": "k"}
    signal = one(event)
    assert (signal.action, signal.key, signal.title) == (action, "k", "k")
    assert refused(parse, {"routing_key": "r", "event_action": word}).field == "dedup_key"


def test_links_serve_where_the_client_has_no_address() -> None:
    links = ["x", {"href": "file:///x"}, {"href": "https://wiki.example.net/2"}]
    assert one(pagerduty_event(client_url=None, links=links)).url == "https://wiki.example.net/2"


def test_a_long_summary_is_cut_and_kept() -> None:
    signal = one(payload(summary="s" * 1024))
    assert len(signal.title) == 200
    assert signal.description == "s" * 1024


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ([], "body"),
        ({}, "routing_key"),
        (pagerduty_event(routing_key=1), "routing_key"),
        (pagerduty_event(event_action="close"), "event_action"),
        (pagerduty_event(event_action=None), "event_action"),
        (pagerduty_event(dedup_key="k" * 256), "dedup_key"),
        (pagerduty_event(dedup_key=5), "dedup_key"),
        (pagerduty_event(payload=None), "payload"),
        (pagerduty_event(payload=[]), "payload"),
        (payload(summary=""), "payload.summary"),
        (payload(summary="s" * 1025), "payload.summary"),
        (payload(source=None), "payload.source"),
        (payload(severity=None), "payload.severity"),
        (payload(severity="high"), "payload.severity"),
        (payload(severity=["error"]), "payload.severity"),
        (payload(timestamp="now"), "payload.timestamp"),
        (payload(component=1), "payload.component"),
        (payload(custom_details={"n": 2**64}), "payload.custom_details.n"),
    ],
)
def test_bad_members_are_named(document: Any, field: str) -> None:
    error = refused(parse, document)
    assert (error.status, error.field) == (400, field)
    body = pagerduty.refusal(error)
    assert body["status"] == "invalid event"
    assert body["message"] == "Event object is invalid"
    assert field in body["errors"][0]


def test_an_event_over_512_kb_is_413() -> None:
    body = encode(payload(custom_details={"log": "x" * 512 * 1024}))
    assert refused(parse, body).status == 413


@given(json_bodies | raw_bodies | damaged(pagerduty_event()))
def test_nothing_but_signals_or_a_refusal_comes_out(body: bytes) -> None:
    check_total(parse, body)
