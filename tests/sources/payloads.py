"""Payloads as the senders write them, and Hypothesis strategies for everything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

from crisisdesk.domain.signal import DESCRIPTION_LIMIT, KEY_LIMIT, TITLE_LIMIT, Signal
from crisisdesk.sources.rules import IntakeError, IntakeRules, Parsed

RULES = IntakeRules()
NOW_MS = 1_772_368_200_000  # 2026-03-01T12:30:00Z
Parse = Callable[[bytes], Parsed]

LATENCY_LABELS = {
    "alertname": "CheckoutLatencyHigh",
    "instance": "pay-3.example.net:9100",
    "job": "checkout",
    "region": "eu-west",
    "severity": "critical",
}


def webhook(**changes: Any) -> dict[str, Any]:
    """A notification about one firing and one resolved alert, three more having been cut off."""
    return {
        "version": "4",
        "groupKey": '{}:{alertname="CheckoutLatencyHigh"}',
        "truncatedAlerts": 3,
        "status": "firing",
        "receiver": "crisisdesk",
        "groupLabels": {"alertname": "CheckoutLatencyHigh"},
        "commonLabels": {"alertname": "CheckoutLatencyHigh", "job": "checkout"},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example.net:9093",
        "alerts": [
            {
                "status": "firing",
                "labels": dict(LATENCY_LABELS),
                "annotations": {
                    "summary": "Checkout answers in 4.1 s",
                    "description": "Half of the customers give up at 3 s.",
                },
                "startsAt": "2026-03-01T12:29:10.250Z",
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "http://prometheus.example.net:9090/graph?g0.expr=x&g0.tab=1",
                "fingerprint": "00c0ffee00c0ffee",
            },
            {
                "status": "resolved",
                "labels": {"alertname": "CheckoutLatencyHigh", "instance": "pay-1", "zone": "b"},
                "annotations": {},
                "startsAt": "2026-03-01T11:00:00+01:00",
                "endsAt": "2026-03-01T12:28:00Z",
                "generatorURL": "",
                "fingerprint": "00c0ffee00c0fff0",
            },
        ],
        **changes,
    }


def pagerduty_event(**changes: Any) -> dict[str, Any]:
    """A trigger with everything the protocol has."""
    return {
        "routing_key": "0123456789abcdef0123456789abcdef",
        "event_action": "trigger",
        "dedup_key": "db-7/replication",
        "payload": {
            "summary": "Replication of db-7 lags by 95 s",
            "source": "db-7.example.net",
            "severity": "error",
            "timestamp": "2026-03-01T12:29:00.500+0000",
            "component": "postgres",
            "group": "orders",
            "class": "data",
            "custom_details": {"lag_s": 95.5, "slots": 3, "primary": "db-1"},
        },
        "client": "Replica watch",
        "client_url": "https://watch.example.net/db-7",
        "links": [{"href": "https://wiki.example.net/replication", "text": "What to do"}],
        "images": [],
        **changes,
    }


def grafana() -> dict[str, Any]:
    """A Grafana contact point of the kind webhook."""
    return {
        "receiver": "crisisdesk",
        "status": "firing",
        "orgId": 1,
        "alerts": [
            {
                "status": "firing",
                "labels": {
                    "alertname": "Disk almost full",
                    "instance": "files-2:9100",
                    "job": "files",
                    "severity": "warning",
                    "grafana_folder": "Storage",
                },
                "annotations": {
                    "summary": "files-2 has 4 % left",
                    "description": "At this pace full in 2 h.",
                },
                "startsAt": "2026-03-01T13:20:00.123456+01:00",
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "https://grafana.example.net/alerting/grafana/abc/view?orgId=1",
                "fingerprint": "5b2cc9b3f34a1dcb",
                "silenceURL": "https://grafana.example.net/alerting/silence/new",
                "dashboardURL": "https://grafana.example.net/d/disk",
                "panelURL": "https://grafana.example.net/d/disk?viewPanel=4",
                "values": {"A": 4.125, "C": 1},
                "valueString": "[ var='A' labels={instance=files-2:9100} value=4.125 ]",
            },
            {
                "status": "resolved",
                "labels": {"alertname": "Disk almost full", "instance": "files-1:9100"},
                "annotations": {},
                "startsAt": "2026-03-01T09:00:00Z",
                "endsAt": "2026-03-01T12:00:00Z",
                "generatorURL": "https://grafana.example.net/alerting/grafana/abc/view?orgId=1",
                "fingerprint": "5b2cc9b3f34a1dcc",
                "dashboardURL": "",
                "panelURL": "",
                "values": None,
            },
        ],
        "groupLabels": {"alertname": "Disk almost full"},
        "commonLabels": {"alertname": "Disk almost full"},
        "commonAnnotations": {},
        "externalURL": "https://grafana.example.net/",
        "version": "1",
        "groupKey": '{}:{alertname="Disk almost full"}',
        "truncatedAlerts": 0,
        "title": "[FIRING:1, RESOLVED:1] Disk almost full",
        "state": "alerting",
        "message": "**Firing**",
    }


def uptime_kuma(status: int) -> dict[str, Any]:
    """An Uptime Kuma webhook; status 0 is down, 1 is up."""
    word = "Down" if status == 0 else "Up"
    return {
        "heartbeat": {
            "monitorID": 12,
            "status": status,
            "time": "2026-03-01 12:29:30.120",
            "msg": "connect ECONNREFUSED 192.0.2.7:443" if status == 0 else "200 - OK",
            "important": True,
            "duration": 61,
            "ping": None if status == 0 else 41.5,
            "timezone": "Europe/Vienna",
            "timezoneOffset": "+01:00",
            "localDateTime": "2026-03-01 13:29:30",
        },
        "monitor": {
            "id": 12,
            "name": "Shop front",
            "url": "https://shop.example.net/health",
            "hostname": None,
            "port": None,
            "type": "http",
            "interval": 60,
            "tags": [],
        },
        "msg": f"[Shop front] [{word}] connect ECONNREFUSED 192.0.2.7:443",
    }


def encode(document: Any) -> bytes:
    """JSON in UTF-8, non-ASCII characters written as they are."""
    return json.dumps(document, ensure_ascii=False).encode()


def refused(parse: Parse, document: Any) -> IntakeError:
    """The error that a parser must raise for a document (bytes are taken as they stand)."""
    body = document if isinstance(document, bytes) else encode(document)
    with pytest.raises(IntakeError) as caught:
        parse(body)
    assert 400 <= caught.value.status < 500
    assert caught.value.field
    assert caught.value.remedy.endswith(".")
    return caught.value


def check_total(parse: Parse, body: bytes) -> None:
    """Success with sound signals or IntakeError: nothing else may come out of a parser."""
    outcome: Parsed | IntakeError
    try:
        outcome = parse(body)
    except IntakeError as error:
        outcome = error
    if isinstance(outcome, IntakeError):
        assert outcome.status in {400, 413}
        assert outcome.field
        return
    for signal in outcome.signals:
        check_sound(signal)


def check_sound(signal: Signal) -> None:
    """What the engine relies on in any signal."""
    assert 0 < len(signal.key) <= KEY_LIMIT
    assert 0 < len(signal.title) <= TITLE_LIMIT
    assert len(signal.description) <= DESCRIPTION_LIMIT
    assert len(signal.group_key) <= KEY_LIMIT
    assert all(isinstance(text, str) for text in signal.labels.values())
    assert all(isinstance(text, str) for text in signal.annotations.values())
    everything = [signal.details, signal.impact_scope, signal.labels, signal.annotations]
    texts = [signal.title, signal.description, signal.service, signal.place, signal.url]
    check_storable([*everything, *texts, signal.affected_systems, signal.key, signal.note])


def check_storable(value: Any) -> None:
    """JSON without floats, NULs and wide integers that encodes as UTF-8."""
    if isinstance(value, dict):
        for name, item in value.items():
            check_storable(name)
            check_storable(item)
    elif isinstance(value, list):
        for item in value:
            check_storable(item)
    elif isinstance(value, str):
        assert "\x00" not in value
        value.encode()
    elif isinstance(value, int):
        assert -(2**63) <= value < 2**63
    else:
        assert value is None


# Texts lean on what parsers stumble over: NUL, combining marks, surrogates, numbers at the edges.
texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            "\x00",
            "e\u0301",
            "\ud800",
            "firing",
            "trigger",
            "4",
            "2026-03-01T12:30:00Z",
            "x" * 600,
        ]
    ),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**62, max_value=2**65),
    st.floats(),
    texts,
)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)
json_bodies = anything.map(lambda value: json.dumps(value).encode())
raw_bodies = st.one_of(
    st.binary(max_size=60),
    st.integers(1, 3000).map(lambda depth: b"[" * depth),
    st.integers(1, 3000).map(lambda depth: b'{"a":' * depth + b"1" + b"}" * depth),
    st.integers(1, 3000).map(lambda depth: b"[" * depth + b"]" * depth),
)


@st.composite
def damaged(draw: st.DrawFn, document: Any) -> bytes:
    """A good payload with one of its values, at any depth, replaced, removed or joined."""
    value = json.loads(json.dumps(document))
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for name in list(node) if isinstance(node, dict) else range(len(node)):
            places.append((node, name))
            if isinstance(node[name], dict | list):
                walk(node[name])

    walk(value)
    node, name = draw(st.sampled_from(places))
    kind = draw(st.sampled_from(["replace", "remove", "add"]))
    if kind == "replace" or isinstance(node, list):
        node[name] = draw(anything)
    elif kind == "remove":
        del node[name]
    else:
        node[draw(texts)] = draw(anything)
    return json.dumps(value).encode()
