"""Rules, versions and trials that the tests of this folder share."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.planning.alert_rules.bench_words import Tried
from crisisdesk.domain.detection.reading import Line
from crisisdesk.domain.detection.rule import AlertRule, content_of, rule_of
from crisisdesk.domain.detection.series import Sample, Series, series
from crisisdesk.domain.detection.trial import run
from crisisdesk.domain.detection.trial_input import Given
from crisisdesk.domain.policy_version import PolicyVersion

NOW = 1_770_861_900_000
DISK: dict[str, Any] = {
    "rule_type": "threshold",
    "severity": "critical",
    "conditions": {"metric": "disk", "op": ">", "value": 0.9, "for": "1m", "clear": 0.8},
}
ERRORS: dict[str, Any] = {
    "rule_type": "pattern",
    "conditions": {"line": {"contains": "ERROR"}, "at_least": 2, "within": "1m"},
}
ANY: dict[str, Any] = {
    "rule_type": "composite",
    "conditions": {"mode": "any", "of": [{"rule": "RULE-DISK"}]},
}


def content(written: dict[str, Any], rule_id: str = "RULE-DISK", since: int = NOW) -> Any:
    """Published content of a rule."""
    return content_of(written, rule_id=rule_id, since=since, created_at=NOW, created_by="Ann")


def rule(
    written: dict[str, Any] | None = None, rule_id: str = "RULE-DISK", name: str = "Disk"
) -> AlertRule:
    """A rule as it stands."""
    return rule_of(name, content(written or DISK, rule_id), f"POL-{rule_id}")


def version(
    number: int,
    written: dict[str, Any] | None = None,
    *,
    rule_id: str = "RULE-DISK",
    name: str = "Disk",
    gone: int | None = None,
) -> PolicyVersion:
    """One version, published ``number`` s after the first; ``gone`` when it was withdrawn."""
    return PolicyVersion(
        version_id=f"POL-{rule_id}-{number}",
        name=name,
        content=content(written or DISK, rule_id, NOW + number * 1_000),
        published_at=NOW + number * 1_000,
        published_by="Klára Langová",
        withdrawn_at=gone,
        withdrawn_by="" if gone is None else "Ben Novák",
    )


def disk(host: str = "") -> Series:
    """The series of a host's disk."""
    return series("SRC-1", "disk", {"host": host} if host else {})


def samples(*values: float, host: str = "a") -> tuple[Sample, ...]:
    """A sample each 30 s."""
    return tuple(Sample(disk(host), NOW + n * 30_000, value) for n, value in enumerate(values))


def tried(
    written: dict[str, Any], given: tuple[Sample, ...] = (), lines: tuple[Line, ...] = ()
) -> Tried:
    """A trial of a rule."""
    one = rule(written)
    return Tried(one, Given(given, lines), run(one, given, lines))
