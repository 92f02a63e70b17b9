"""What a Prometheus server posts, read with Alertmanager's own semantics."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.sources import alertmanager_api
from crisisdesk.sources.rules import IntakeRules, Parsed

from tests.sources.payloads import (
    LATENCY_LABELS,
    NOW_MS,
    RULES,
    anything,
    check_total,
    damaged,
    encode,
    json_bodies,
    raw_bodies,
    refused,
)

ALERT: dict[str, Any] = {
    "labels": LATENCY_LABELS,
    "annotations": {"summary": "Checkout answers in 4.1 s", "description": "Customers leave."},
    "startsAt": "2026-03-01T12:29:10.250Z",
    "endsAt": "2026-03-01T12:34:10.250Z",
    "generatorURL": "http://prometheus.example.net:9090/graph?g0.expr=x&g0.tab=1",
}


def parse(body: bytes, rules: IntakeRules = RULES) -> Parsed:
    return alertmanager_api.parse(body, rules, now_ms=NOW_MS)


def one(alert: dict[str, Any], rules: IntakeRules = RULES) -> Signal:
    (signal,) = parse(encode([alert]), rules).signals
    return signal


def test_a_whole_alert() -> None:
    parsed = parse(encode([ALERT]))
    assert (parsed.status, parsed.answer) == (200, None)
    assert parsed.signals == [
        Signal(
            source="alertmanager",
            key="350edfedcfc3e90d",
            action=SignalAction.FIRE,
            severity=Severity.CRITICAL,
            title="Checkout answers in 4.1 s",
            description="Customers leave.",
            service="checkout",
            place="eu-west",
            group_key="CheckoutLatencyHigh|checkout",
            starts_at=NOW_MS - 49_750,
            ends_at=NOW_MS + 250_250,
            url="http://prometheus.example.net:9090/graph?g0.expr=x&g0.tab=1",
            labels=LATENCY_LABELS,
            annotations=ALERT["annotations"],
            affected_systems=["pay-3.example.net:9100", "checkout"],
        )
    ]


@pytest.mark.parametrize(
    ("ends_at", "action", "expected"),
    [
        ("2026-03-01T12:30:00.001Z", SignalAction.FIRE, NOW_MS + 1),
        ("2026-03-01T12:30:00Z", SignalAction.RESOLVE, NOW_MS),
        ("2026-03-01T12:29:30Z", SignalAction.RESOLVE, NOW_MS - 30_000),
        ("0001-01-01T00:00:00Z", SignalAction.FIRE, None),
        (None, SignalAction.FIRE, None),
    ],
)
def test_the_end_decides(ends_at: str | None, action: SignalAction, expected: int | None) -> None:
    signal = one({**ALERT, "endsAt": ends_at})
    assert (signal.action, signal.ends_at) == (action, expected)


def test_labels_alone_suffice() -> None:
    signal = one({"labels": {"alertname": "HostDown", "instance": "[2001:db8::7]:9100"}})
    assert signal.title == "HostDown ([2001:db8::7]:9100)"
    assert (signal.starts_at, signal.ends_at, signal.action) == (None, None, SignalAction.FIRE)
    assert (signal.place, signal.service, signal.severity) == ("2001:db8::7", "", Severity.MEDIUM)


def test_empty_labels_are_as_good_as_absent() -> None:
    with_empty = one({"labels": {**LATENCY_LABELS, "team": ""}})
    assert with_empty.key == one({"labels": LATENCY_LABELS}).key
    assert "team" not in with_empty.labels


def test_severity_words_are_the_rules() -> None:
    rules = IntakeRules(severity_words={"p1": Severity.EMERGENCY}, default_severity=Severity.HIGH)
    assert one({"labels": {"alertname": "A", "severity": " P1"}}, rules).severity == "emergency"
    assert one({"labels": {"alertname": "A", "severity": "page"}}, rules).severity == "high"


def test_an_unknown_member_is_passed_over() -> None:
    assert one({**ALERT, "extra": [1, {"a": 2.5}]}) == one(ALERT)


def test_titles_are_cut_and_texts_normalised_but_the_key_is_of_what_came() -> None:
    decomposed = {"alertname": "Gera\u0308t", "job": "x"}
    signal = one({"labels": decomposed, "annotations": {"summary": "e\u0301" * 300}})
    assert signal.labels["alertname"] == "Ger\u00e4t"
    assert signal.title == "\u00e9" * 199 + "…"
    assert signal.description == "\u00e9" * 300
    assert signal.key != one({"labels": {"alertname": "Ger\u00e4t", "job": "x"}}).key


def test_other_schemes_than_http_are_no_links() -> None:
    assert one({**ALERT, "generatorURL": "file:///etc/passwd"}).url == ""


@pytest.mark.parametrize(
    ("alert", "field"),
    [
        (None, "[1]"),
        ("x", "[1]"),
        ({}, "[1].labels"),
        ({"labels": {}}, "[1].labels"),
        ({"labels": {"a": ""}}, "[1].labels"),
        ({"labels": []}, "[1].labels"),
        ({"labels": {"severity": 3}}, "[1].labels.severity"),
        ({"labels": {"severity": None}}, "[1].labels.severity"),
        ({"labels": {"a-b": "x"}}, "[1].labels.a-b"),
        ({"labels": {"1a": "x"}}, "[1].labels.1a"),
        ({"labels": {"a:b": "x"}}, "[1].labels.a:b"),
        ({"labels": {"a\n": "x"}}, "[1].labels.a\n"),
        ({"labels": {"é": "x"}}, "[1].labels.é"),
        ({"labels": {"": "x"}}, "[1].labels"),
        ({"labels": {"a": "x\x00"}}, "[1].labels.a"),
        ({"labels": {"a": "x" * 65_537}}, "[1].labels"),
        ({**ALERT, "annotations": {"b-c": "x"}}, "[1].annotations.b-c"),
        ({**ALERT, "annotations": {"b": ["x"]}}, "[1].annotations.b"),
        ({**ALERT, "annotations": {"b": "\x00"}}, "[1].annotations.b"),
        ({**ALERT, "startsAt": "soon"}, "[1].startsAt"),
        ({**ALERT, "endsAt": 5}, "[1].endsAt"),
        ({**ALERT, "endsAt": "2026-03-01T12:29:10.249Z"}, "[1].endsAt"),
        ({**ALERT, "generatorURL": {}}, "[1].generatorURL"),
        ({**ALERT, "extra": 2**70}, "[1].extra"),
        ({**ALERT, "extra": "\x00"}, "[1].extra"),
    ],
)
def test_one_bad_alert_refuses_the_request_by_its_path(alert: Any, field: str) -> None:
    error = refused(parse, [ALERT, alert, ALERT])
    assert (error.status, error.field) == (400, field)


@pytest.mark.parametrize("document", [{}, None, 1, "x", {"alerts": []}])
def test_only_arrays_are_taken(document: Any) -> None:
    assert refused(parse, document).field == "body"
    assert parse(b"[]").signals == []


def test_too_many_alerts_are_413() -> None:
    rules = IntakeRules(max_alerts_per_request=3)
    assert len(parse(encode([ALERT] * 3), rules).signals) == 3
    assert refused(lambda body: parse(body, rules), [ALERT] * 4).status == 413


def test_depth_counts_in_members_that_are_passed_over() -> None:
    def nested(depth: int) -> bytes:
        deep = b"[" * depth + b"]" * depth
        return b'[{"labels":{"a":"b"},"extra":' + deep + b"}]"

    assert len(parse(nested(30)).signals) == 1
    for depth in (31, 900, 5000):
        assert "nested deeper" in refused(parse, nested(depth)).problem


def test_utf8_names_are_taken_where_allowed() -> None:
    rules = IntakeRules(utf8_label_names=True)
    assert one({"labels": {"k8s.pod-name": "x"}}, rules).labels == {"k8s.pod-name": "x"}
    assert refused(lambda body: parse(body, rules), [{"labels": {"": "x"}}]).status == 400
    assert refused(lambda body: parse(body, rules), [{"labels": {"a\x00": "x"}}]).status == 400


@given(json_bodies | raw_bodies | damaged([ALERT, ALERT]))
def test_nothing_but_signals_or_a_refusal_comes_out(body: bytes) -> None:
    check_total(parse, body)


@given(st.dictionaries(st.sampled_from(["labels", "annotations", "endsAt", "x"]), anything))
def test_utf8_rules_hold_too(alert: dict[str, Any]) -> None:
    rules = IntakeRules(utf8_label_names=True)
    body = encode_any([{**ALERT, **alert}])
    check_total(lambda data: parse(data, rules), body)


def encode_any(document: Any) -> bytes:
    return encode(document) if _encodable(document) else b"[]"


def _encodable(document: Any) -> bool:
    try:
        encode(document)
    except UnicodeEncodeError:
        return False
    return True
