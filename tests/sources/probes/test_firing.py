"""Alerts as they are listed become the signals that the webhook would have made."""

from __future__ import annotations

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import SignalAction
from crisisdesk.sources import alertmanager_webhook
from crisisdesk.sources.probes.firing import firing_signals
from crisisdesk.sources.rules import IntakeRules

from tests.sources.payloads import NOW_MS, encode

RULES = IntakeRules()
ALERT = {
    "labels": {"alertname": "Down", "severity": "critical", "job": "shop", "empty": ""},
    "annotations": {"summary": "Shop is down"},
    "startsAt": "2026-03-01T12:00:00Z",
    "endsAt": "2026-03-01T12:05:00Z",
    "generatorURL": "http://p/graph",
    "fingerprint": "ignored",
    "status": {"state": "active"},
}


def test_the_key_is_that_of_the_webhook() -> None:
    sent = {**ALERT, "status": "firing", "fingerprint": ""}
    webhook = {"version": "4", "groupKey": "g", "alerts": [sent]}
    [told] = alertmanager_webhook.parse(encode(webhook), RULES).signals
    [listed], bad = firing_signals([ALERT], RULES, now=NOW_MS, more={}, start="startsAt")
    assert bad == 0
    assert (listed.source, listed.key) == (told.source, told.key)
    assert listed.starts_at == told.starts_at
    assert (listed.title, listed.severity) == ("Shop is down", Severity.CRITICAL)


def test_an_end_that_is_told_ends_nothing() -> None:
    [listed], _ = firing_signals([ALERT], RULES, now=NOW_MS * 2, more={}, start="startsAt")
    assert listed.action is SignalAction.FIRE
    assert listed.ends_at is None


def test_labels_of_the_whole_server_do_not_override() -> None:
    more = {"cluster": "fra", "job": "other"}
    [listed], _ = firing_signals([ALERT], RULES, now=NOW_MS, more=more, start="startsAt")
    assert (listed.labels["cluster"], listed.labels["job"]) == ("fra", "shop")


def test_one_that_cannot_be_read_keeps_back_no_other() -> None:
    wrong = [{}, {"labels": {}}, {"labels": {"a": 1}}, {**ALERT, "startsAt": "soon"}]
    signals, bad = firing_signals([*wrong, ALERT], RULES, now=NOW_MS, more={}, start="startsAt")
    assert (len(signals), bad) == (1, 4)
