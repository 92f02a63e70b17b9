"""Severities of alerts and incidents: one ranked ladder each, and the way between them."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How bad an alert is; ``rank`` 1 (low) to 5 (emergency) orders them."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """1 for low up to 5 for emergency."""
        return SEVERITY_RANK[self]


SEVERITY_RANK: dict[str, int] = {name: rank for rank, name in enumerate(Severity, start=1)}


class IncidentSeverity(StrEnum):
    """How bad an incident is; ``rank`` 1 (minor) to 4 (emergency)."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """1 for minor up to 4 for emergency."""
        return list(IncidentSeverity).index(self) + 1


INCIDENT_SEVERITY_OF: dict[str, IncidentSeverity] = {
    Severity.LOW: IncidentSeverity.MINOR,
    Severity.MEDIUM: IncidentSeverity.MINOR,
    Severity.HIGH: IncidentSeverity.MAJOR,
    Severity.CRITICAL: IncidentSeverity.CRITICAL,
    Severity.EMERGENCY: IncidentSeverity.EMERGENCY,
}

DEFAULT_SEVERITY_WORDS: dict[str, Severity] = {
    "low": Severity.LOW,
    "info": Severity.LOW,
    "information": Severity.LOW,
    "informational": Severity.LOW,
    "notice": Severity.LOW,
    "none": Severity.LOW,
    "debug": Severity.LOW,
    "medium": Severity.MEDIUM,
    "warning": Severity.MEDIUM,
    "warn": Severity.MEDIUM,
    "minor": Severity.MEDIUM,
    "average": Severity.MEDIUM,
    "high": Severity.HIGH,
    "error": Severity.HIGH,
    "major": Severity.HIGH,
    "critical": Severity.CRITICAL,
    "crit": Severity.CRITICAL,
    "page": Severity.CRITICAL,
    "fatal": Severity.CRITICAL,
    "alert": Severity.CRITICAL,
    "emergency": Severity.EMERGENCY,
    "emerg": Severity.EMERGENCY,
    "disaster": Severity.EMERGENCY,
    "panic": Severity.EMERGENCY,
}


def severity_of(word: str | None, mapping: dict[str, Severity], default: Severity) -> Severity:
    """Translate a source's own severity word (any case) through the configured mapping."""
    if not word:
        return default
    return mapping.get(word.strip().lower(), default)
