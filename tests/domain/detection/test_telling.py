"""Conditions are told in one canonical form without floats, and read from it as they were."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from crisisdesk.domain.canonical import canonical_bytes, tidy
from crisisdesk.domain.detection.conditions import read_conditions
from crisisdesk.domain.detection.telling import told_of, type_of

from tests.domain.detection.cases import Case, cases


@given(cases())
def test_what_is_told_is_read_as_it_was(case: Case) -> None:
    for rule in case.rules:
        told = told_of(rule.conditions)
        canonical_bytes(told)
        assert tidy(told) == told
        assert read_conditions(type_of(rule.conditions), told) == rule.conditions


def test_numbers_lose_nothing_and_an_anomaly_is_told_too() -> None:
    told: dict[str, Any] = {"metric": "m", "score": "0.9", "low": 0, "high": 0.1}
    read = read_conditions("anomaly", told)
    assert told_of(read)["high"] == "0.1"
    assert read_conditions("anomaly", told_of(read)) == read
