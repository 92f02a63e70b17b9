"""Alerts raised by people."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import AlertType, DetectionMethod, Signal, SignalAction
from crisisdesk.sources import manual
from crisisdesk.sources.rules import Parsed

from tests.sources.payloads import (
    NOW_MS,
    RULES,
    check_total,
    damaged,
    encode,
    json_bodies,
    raw_bodies,
    refused,
)

FULL: dict[str, Any] = {
    "title": "Water in the server room",
    "severity": "emergency",
    "description": "Two centimetres and rising.",
    "alert_type": "performance",
    "source_system": "caretaker",
    "detection_method": "external",
    "key": "water-1",
    "group_key": "water",
    "service": "datacentre",
    "place": "Vienna",
    "url": "https://cameras.example.net/4",
    "labels": {"floor": "-1"},
    "affected_systems": ["rack 4", "rack 5", "rack 4"],
    "impact_scope": {"user_count": 1200},
    "technical_details": {"level_cm": 2.5},
    "starts_at": "2026-03-01T12:30:00Z",
    "note": "Fire brigade called.",
}


def parse(body: bytes) -> Parsed:
    return manual.parse(body, RULES, new_key=lambda: "made-here")


def test_every_field_has_its_place() -> None:
    parsed = parse(encode(FULL))
    assert parsed.status == 201
    assert parsed.signals == [
        Signal(
            source="caretaker",
            key="water-1",
            action=SignalAction.FIRE,
            severity=Severity.EMERGENCY,
            title="Water in the server room",
            description="Two centimetres and rising.",
            alert_type=AlertType.PERFORMANCE,
            detection_method=DetectionMethod.EXTERNAL,
            service="datacentre",
            place="Vienna",
            group_key="water",
            starts_at=NOW_MS,
            url="https://cameras.example.net/4",
            labels={"floor": "-1"},
            affected_systems=["rack 4", "rack 5"],
            impact_scope={"user_count": 1200},
            details={"level_cm": "2.5"},
            note="Fire brigade called.",
        )
    ]


def test_title_and_severity_suffice() -> None:
    (signal,) = parse(encode({"title": " It smells ", "severity": "low"})).signals
    assert (signal.title, signal.key, signal.source) == ("It smells", "made-here", "manual")
    assert signal.detection_method == "manual"
    assert signal.alert_type == "service"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": None}, "title"),
        ({"title": "  "}, "title"),
        ({"title": 5}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": "x" * 20_001}, "description"),
        ({"severity": None}, "severity"),
        ({"severity": "warning"}, "severity"),
        ({"severity": 1}, "severity"),
        ({"alert_type": "fire"}, "alert_type"),
        ({"detection_method": "luck"}, "detection_method"),
        ({"source_system": "s" * 101}, "source_system"),
        ({"key": "k" * 513}, "key"),
        ({"url": "ftp://example.net"}, "url"),
        ({"labels": {"a": 1}}, "labels.a"),
        ({"affected_systems": "rack 4"}, "affected_systems"),
        ({"affected_systems": ["r"] * 201}, "affected_systems"),
        ({"affected_systems": ["r", 4]}, "affected_systems[1]"),
        ({"impact_scope": []}, "impact_scope"),
        ({"technical_details": "x"}, "technical_details"),
        ({"starts_at": "noon"}, "starts_at"),
        ({"severty": "high"}, "severty"),
        ({"note": ["x"]}, "note"),
    ],
)
def test_bad_fields_are_named(changes: dict[str, Any], field: str) -> None:
    error = refused(parse, {**FULL, **changes})
    assert (error.status, error.field) == (400, field)


TEXTS = sorted(name for name, value in FULL.items() if isinstance(value, str))
floats = st.floats(allow_nan=False, allow_infinity=False)


@given(st.sampled_from(TEXTS), floats)
def test_a_number_with_a_fraction_is_no_text(name: str, number: float) -> None:
    error = refused(parse, {**FULL, name: number})
    assert (error.status, error.field, error.problem) == (400, name, "is a number")


@given(floats)
def test_nor_is_it_one_in_a_map_or_a_list_of_texts(number: float) -> None:
    assert refused(parse, {**FULL, "labels": {"a": number}}).field == "labels.a"
    assert refused(parse, {**FULL, "affected_systems": ["r", number]}).field == (
        "affected_systems[1]"
    )


@given(json_bodies | raw_bodies | damaged(FULL))
def test_nothing_but_signals_or_a_refusal_comes_out(body: bytes) -> None:
    check_total(parse, body)
