"""Alertmanager's webhook version 4."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.sources import alertmanager_api, alertmanager_webhook
from crisisdesk.sources.rules import IntakeRules, Parsed

from tests.sources.payloads import (
    LATENCY_LABELS,
    NOW_MS,
    RULES,
    check_total,
    damaged,
    encode,
    json_bodies,
    raw_bodies,
    refused,
    webhook,
)


def parse(body: bytes, rules: IntakeRules = RULES) -> Parsed:
    return alertmanager_webhook.parse(body, rules)


def with_first(**changes: Any) -> dict[str, Any]:
    document = webhook()
    document["alerts"][0].update(changes)
    return document


def first(**changes: Any) -> Signal:
    return parse(encode(with_first(**changes))).signals[0]


def test_a_group_of_two() -> None:
    parsed = parse(encode(webhook()))
    assert (parsed.status, parsed.answer) == (200, None)
    firing, resolved = parsed.signals
    assert firing == Signal(
        source="alertmanager",
        key="00c0ffee00c0ffee",
        action=SignalAction.FIRE,
        severity=Severity.CRITICAL,
        title="Checkout answers in 4.1 s",
        description="Half of the customers give up at 3 s.",
        service="checkout",
        place="eu-west",
        group_key='{}:{alertname="CheckoutLatencyHigh"}',
        starts_at=NOW_MS - 49_750,
        ends_at=None,
        url="http://prometheus.example.net:9090/graph?g0.expr=x&g0.tab=1",
        labels=LATENCY_LABELS,
        annotations=webhook()["alerts"][0]["annotations"],
        affected_systems=["pay-3.example.net:9100", "checkout"],
        details={
            "receiver": "crisisdesk",
            "truncated_alerts": 3,
            "alertmanager_url": "http://alertmanager.example.net:9093",
        },
    )
    assert (resolved.key, resolved.action) == ("00c0ffee00c0fff0", SignalAction.RESOLVE)
    assert resolved.title == "CheckoutLatencyHigh (pay-1)"
    assert resolved.ends_at == NOW_MS - 120_000
    assert resolved.starts_at == NOW_MS - 9_000_000
    assert resolved.place == "b"


def test_without_a_fingerprint_the_key_is_the_api_s() -> None:
    labels = {**LATENCY_LABELS, "team": "", "note": "e\u0301"}
    posted = encode([{"labels": labels}])
    (by_api,) = alertmanager_api.parse(posted, RULES, now_ms=NOW_MS).signals
    assert first(labels=labels, fingerprint="").key == by_api.key


def test_nothing_cut_off_is_not_mentioned() -> None:
    signal = parse(encode(webhook(truncatedAlerts=0, receiver="", externalURL=""))).signals[0]
    assert signal.details == {}


def test_without_a_group_key_the_labels_make_one() -> None:
    (signal, _) = parse(encode(webhook(groupKey=""))).signals
    assert signal.group_key == "CheckoutLatencyHigh|checkout"


def test_unknown_members_are_passed_over() -> None:
    assert parse(encode(webhook(notification_reason="new"))).signals == (
        parse(encode(webhook())).signals
    )


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ([], "body"),
        (None, "body"),
        ({}, "version"),
        (webhook(version="1"), "version"),
        (webhook(version=4), "version"),
        (webhook(alerts=None), "alerts"),
        (webhook(alerts={}), "alerts"),
        (webhook(alerts=[7]), "alerts[0]"),
        (webhook(groupKey=[]), "groupKey"),
        (webhook(receiver=1), "receiver"),
        (webhook(truncatedAlerts="3"), "truncatedAlerts"),
        (webhook(truncatedAlerts=-1), "truncatedAlerts"),
        (webhook(truncatedAlerts=True), "truncatedAlerts"),
        (webhook(externalURL=9), "externalURL"),
        (webhook(commonLabels={"a": "\x00"}), "commonLabels.a"),
        (with_first(status="pending"), "alerts[0].status"),
        (with_first(status=None), "alerts[0].status"),
        (with_first(labels=None), "alerts[0].labels"),
        (with_first(labels={"severity": 1}), "alerts[0].labels.severity"),
        (with_first(labels={"a b": "1"}), "alerts[0].labels.a b"),
        (with_first(annotations=[]), "alerts[0].annotations"),
        (with_first(startsAt="x"), "alerts[0].startsAt"),
        (with_first(endsAt="x"), "alerts[0].endsAt"),
        (with_first(generatorURL=1), "alerts[0].generatorURL"),
        (with_first(fingerprint=1), "alerts[0].fingerprint"),
        (with_first(fingerprint="f" * 65), "alerts[0].fingerprint"),
    ],
)
def test_bad_members_are_named(document: Any, field: str) -> None:
    error = refused(parse, document)
    assert (error.status, error.field) == (400, field)


def test_too_many_alerts_are_413() -> None:
    rules = IntakeRules(max_alerts_per_request=1)
    error = refused(lambda body: parse(body, rules), webhook())
    assert (error.status, error.field) == (413, "alerts")


@given(json_bodies | raw_bodies | damaged(webhook()))
def test_nothing_but_signals_or_a_refusal_comes_out(body: bytes) -> None:
    check_total(parse, body)
