"""Any JSON through a mapping: the built-in ones, and Grafana's and Uptime Kuma's payloads."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.sources import generic
from crisisdesk.sources.mapping import GRAFANA, PLAIN, UPTIME_KUMA, GenericMapping, mapping_from
from crisisdesk.sources.rules import IntakeRules, Parsed

from tests.sources.payloads import (
    NOW_MS,
    RULES,
    Parse,
    check_total,
    damaged,
    encode,
    grafana,
    json_bodies,
    raw_bodies,
    refused,
    uptime_kuma,
)

SIMPLE: dict[str, Any] = {
    "key": "backup-3",
    "title": "Backup failed",
    "message": "exit status 2",
    "priority": "P2",
    "status": "problem",
    "host": "files-2",
    "labels": {"attempt": 3, "final": True, "load": 0.5, "none": None},
    "timestamp": "2026-03-01T12:30:00Z",
    "link": "https://backup.example.net/3",
    "details": {"seconds": 12.25},
}


def parser(mapping: GenericMapping, rules: IntakeRules = RULES) -> Parse:
    def parse(body: bytes) -> Parsed:
        return generic.parse(body, rules, mapping=mapping)

    return parse


plain = parser(PLAIN)


def one(document: Any, mapping: GenericMapping = PLAIN) -> Signal:
    (signal,) = parser(mapping)(encode(document)).signals
    return signal


def test_a_plain_object() -> None:
    rules = IntakeRules(severity_words={"p2": Severity.HIGH})
    assert parser(PLAIN, rules)(encode(SIMPLE)).signals == [
        Signal(
            source="generic",
            key="backup-3",
            action=SignalAction.FIRE,
            severity=Severity.HIGH,
            title="Backup failed",
            description="exit status 2",
            service="files-2",
            place="files-2",
            starts_at=NOW_MS,
            url="https://backup.example.net/3",
            labels={"attempt": "3", "final": "true", "load": "0.5"},
            affected_systems=["files-2"],
            details={"seconds": "12.25"},
        )
    ]


def test_lists_and_scalars_find_their_place() -> None:
    signal = one({"title": "t", "tags": ["db", "eu"], "details": 5, "hosts": ["a", "b", "a"]})
    assert signal.labels == {"tag_1": "db", "tag_2": "eu"}
    assert signal.details == {"value": 5}
    assert signal.affected_systems == ["a", "b"]


def test_an_array_is_many() -> None:
    signals = plain(encode([{"title": "a"}, {"message": "b", "status": "ok"}])).signals
    assert [(s.title, s.action) for s in signals] == [("a", "fire"), ("b", "resolve")]
    assert refused(plain, [{"title": "a"}, {}]).field == "[1].title"


def test_without_a_key_the_same_words_mean_the_same_alert() -> None:
    down = one({"title": "Link down", "host": "sw-1"})
    assert down.key == one({"title": "Link down", "host": "sw-1", "status": "up"}).key
    assert down.key != one({"title": "Link down", "host": "sw-2"}).key
    assert down.key.startswith("auto:")


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (None, "fire"),
        ("FIRING", "fire"),
        ("ack", "acknowledge"),
        ("Recovered", "resolve"),
        (" ok ", "resolve"),
    ],
)
def test_status_words(status: str | None, action: str) -> None:
    signal = one({"title": "t", "status": status})
    assert signal.action == action
    assert signal.details == {}


def test_a_word_no_one_mapped_fires_and_is_shown() -> None:
    signal = one({"title": "t", "status": "wobbling", "details": {"a": 1}})
    assert signal.action is SignalAction.FIRE
    assert signal.details == {"a": 1, "unmapped_status": "wobbling"}


def test_grafana() -> None:
    firing, resolved = parser(GRAFANA)(encode(grafana())).signals
    assert firing == Signal(
        source="grafana",
        key="5b2cc9b3f34a1dcb",
        action=SignalAction.FIRE,
        severity=Severity.MEDIUM,
        title="files-2 has 4 % left",
        description="At this pace full in 2 h.",
        service="files",
        place="files-2:9100",
        group_key='{}:{alertname="Disk almost full"}',
        starts_at=NOW_MS - 599_877,
        url="https://grafana.example.net/d/disk?viewPanel=4",
        labels=grafana()["alerts"][0]["labels"],
        annotations=grafana()["alerts"][0]["annotations"],
        affected_systems=["files-2:9100"],
        details={"A": "4.125", "C": 1},
    )
    assert (resolved.action, resolved.title) == (SignalAction.RESOLVE, "Disk almost full")
    assert resolved.ends_at == NOW_MS - 1_800_000
    assert refused(parser(GRAFANA), {}).field == "alerts"
    assert refused(parser(GRAFANA), {"alerts": {}}).field == "alerts"


def test_uptime_kuma() -> None:
    down = one(uptime_kuma(0), UPTIME_KUMA)
    assert (down.source, down.key, down.action) == ("uptime-kuma", "12", SignalAction.FIRE)
    assert (down.severity, down.service) == (Severity.HIGH, "Shop front")
    assert down.title == "[Shop front] [Down] connect ECONNREFUSED 192.0.2.7:443"
    assert down.url == "https://shop.example.net/health"
    assert down.details["duration"] == 61
    up = one(uptime_kuma(1), UPTIME_KUMA)
    assert (up.key, up.action) == ("12", SignalAction.RESOLVE)
    assert up.details["ping"] == "41.5"


def test_a_mapping_from_settings() -> None:
    mapping = mapping_from(
        {
            "source": "zabbix",
            "each": "data.events",
            "fields": {
                "key": "id",
                "title": ["trigger.name", "name"],
                "severity": "trigger.priority",
                "status": "value",
                "service": "$.data.server",
                "place": "trigger.hosts[0].name",
            },
            "defaults": {"service": "network"},
            "actions": {"1": "fire", "0": "resolve"},
            "severities": {"5": "emergency"},
        }
    )
    trigger = {"name": "Core down", "priority": 5, "hosts": [{"name": "core-1"}]}
    event = {"id": 77, "value": 1, "trigger": trigger}
    signal = one({"data": {"events": [event]}}, mapping)
    assert (signal.source, signal.key, signal.severity) == ("zabbix", "77", "emergency")
    assert (signal.service, signal.place) == ("network", "core-1")
    other = one({"data": {"server": "z1", "events": [{"name": "n", "value": 0}]}}, mapping)
    assert (other.service, other.action, other.severity) == ("z1", "resolve", "medium")


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (7, "body"),
        (None, "body"),
        ({}, "title"),
        ({"summary": "  "}, "summary"),
        ({"title": {}}, "title"),
        ({"title": "t", "key": []}, "key"),
        ({"title": "t", "level": {"a": 1}}, "level"),
        ({"title": "t", "labels": "x"}, "labels"),
        ({"title": "t", "labels": {"a": {}}}, "labels.a"),
        ({"title": "t", "host": "h" * 513}, "host"),
        ({"title": "t", "startsAt": "x"}, "startsAt"),
        ({"title": "t", "hosts": [{}]}, "hosts"),
    ],
)
def test_bad_members_are_named(document: Any, field: str) -> None:
    error = refused(plain, document)
    assert (error.status, error.field) == (400, field)


def test_too_many_are_413() -> None:
    rules = IntakeRules(max_alerts_per_request=2)
    assert refused(parser(PLAIN, rules), [{"title": "t"}] * 3).status == 413


@given(json_bodies | raw_bodies | damaged(SIMPLE) | damaged([SIMPLE, SIMPLE]))
def test_plain_is_total(body: bytes) -> None:
    check_total(plain, body)


@given(json_bodies | damaged(grafana()))
def test_grafana_is_total(body: bytes) -> None:
    check_total(parser(GRAFANA), body)


@given(json_bodies | damaged(uptime_kuma(0)))
def test_uptime_kuma_is_total(body: bytes) -> None:
    check_total(parser(UPTIME_KUMA), body)
