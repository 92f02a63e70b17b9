"""Severities: one ladder each, and sources' own words onto it."""

from __future__ import annotations

import pytest

from crisisdesk.domain.severity import (
    DEFAULT_SEVERITY_WORDS,
    INCIDENT_SEVERITY_OF,
    SEVERITY_RANK,
    IncidentSeverity,
    Severity,
    severity_of,
)


def test_ranks_rise_by_one_from_one() -> None:
    assert [s.rank for s in Severity] == [1, 2, 3, 4, 5]
    assert list(SEVERITY_RANK) == ["low", "medium", "high", "critical", "emergency"]
    assert [s.rank for s in IncidentSeverity] == [1, 2, 3, 4]


def test_every_alert_severity_has_an_incident_severity_and_none_falls() -> None:
    ranks = [INCIDENT_SEVERITY_OF[s].rank for s in Severity]
    assert ranks == sorted(ranks)
    assert INCIDENT_SEVERITY_OF["emergency"] is IncidentSeverity.EMERGENCY


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("critical", Severity.CRITICAL),
        ("  WARNING ", Severity.MEDIUM),
        ("Page", Severity.CRITICAL),
        ("disaster", Severity.EMERGENCY),
        ("none", Severity.LOW),
        ("sev-17", Severity.HIGH),
        ("", Severity.HIGH),
        (None, Severity.HIGH),
    ],
)
def test_a_word_in_any_case_or_the_default(word: str | None, expected: Severity) -> None:
    assert severity_of(word, DEFAULT_SEVERITY_WORDS, Severity.HIGH) is expected


def test_words_are_those_of_the_mapping_given() -> None:
    assert severity_of("p1", {"p1": Severity.EMERGENCY}, Severity.LOW) is Severity.EMERGENCY
    assert severity_of("critical", {"p1": Severity.EMERGENCY}, Severity.LOW) is Severity.LOW


def test_the_words_of_the_ladder_mean_themselves() -> None:
    for severity in Severity:
        assert DEFAULT_SEVERITY_WORDS[severity.value] is severity
