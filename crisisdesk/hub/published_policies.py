"""Rows of what is published in versions: alert rules and recovery procedures, one for all versions.

They come from what was published, not from what this program reads in it: a newer one may have
written fields that are not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crisisdesk.domain.detection.rule import rule_id_of
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.recovery.procedure import procedure_name_of, read_version, standing_of
from crisisdesk.domain.redaction import redact_value
from crisisdesk.engine.exchange.publisher import Present
from crisisdesk.hub.published_values import Number, Row, moment, span


def key_of(state: object) -> str:
    """What the number and the row of all versions are kept under, "" for what is none of both: no
    aggregate is named like that."""
    if not isinstance(state, PolicyVersion):
        return ""
    if rule_id := rule_id_of(state):
        return rule_name(rule_id)
    name = procedure_name_of(state)
    return procedure_key(name) if name else ""


def rule_name(rule_id: str) -> str:
    """The key of an alert rule."""
    return f"rule {rule_id}"


def procedure_key(name: str) -> str:
    """The key of a procedure."""
    return f"procedure {name}"


def each_once(present: Iterable[Present]) -> Iterable[Present]:
    """Every version tells the whole rule or procedure, so that one of them is enough."""
    told = set[str]()
    for one in present:
        key = key_of(one.state)
        if key not in told:
            yield one
        if key:
            told.add(key)


def rule_row(standing: PolicyVersion | None, some: Number) -> Row:
    """An alert rule as it stands; None for one that was taken away."""
    if standing is None:
        return {"hidden": True}
    told = standing.content
    escalation_policy = _text(told, "escalation_policy")
    channels, conditions = told.get("notification_channels"), told.get("conditions")
    created_at = told.get("created_at")
    return {
        "name": standing.name[:200],
        "description": _text(told, "description"),
        "rule_type": _text(told, "rule_type")[:100],
        "metric_source": _text(told, "metric_source")[:100],
        "conditions": conditions if isinstance(conditions, Mapping) else {},
        "severity": _text(told, "severity")[:20],
        "alert_type": _text(told, "alert_type")[:100],
        "notification_channels": channels if isinstance(channels, list) else [],
        "escalation_policy": {"name": escalation_policy} if escalation_policy else {},
        "is_active": told.get("is_active") is True,
        "created_by_id": some(rule_creator(standing)),
        "created_at": moment(created_at if isinstance(created_at, int) else 0),
    }


def rule_creator(standing: PolicyVersion | None) -> str:
    """Who made a rule, "" for one that was taken away."""
    return "" if standing is None else _text(standing.content, "created_by")


def procedure_row(versions: Iterable[PolicyVersion], some: Number) -> Row:
    """A procedure as it stands, of every version of its name; hidden once it was withdrawn.

    What looks like a secret in its steps is masked.
    """
    standing, creator = standing_of(versions)
    if standing is None:
        return {"hidden": True}
    told, readable = standing.content, read_version(standing)
    return {
        "name": standing.name[:200],
        "description": _text(told, "description"),
        "incident_type": (_text(told, "incident_type") or "any")[:100],
        "severity_level": (_text(told, "severity_level") or "minor")[:20],
        "steps": _list(told, "steps"),
        "prerequisites": _list(told, "prerequisites"),
        "estimated_time": span(0 if readable is None else readable.estimated_ms),
        "is_automated": told.get("is_automated") is True,
        "automation_script": "",
        "requires_approval": told.get("requires_approval") is not False,
        "success_criteria": _list(told, "success_criteria"),
        "rollback_procedure": _text(told, "rollback_procedure"),
        "created_by_id": some(creator),
        "last_updated": moment(standing.published_at),
    }


def procedure_creator(versions: Iterable[PolicyVersion]) -> str:
    """Who published the first version of a procedure that stands, else ""."""
    standing, creator = standing_of(versions)
    return "" if standing is None else creator


def _list(told: Mapping[str, Any], name: str) -> object:
    value = told.get(name)
    return redact_value(value, depth=20) if isinstance(value, list) else []


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""
