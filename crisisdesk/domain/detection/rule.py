"""An alert rule: what makes an alert of samples, lines and other rules, as it is published.

Published content like a policy's (`PolicyVersion`, kind ``rule``), told apart by the rule's own id,
so that all stations know it and its versions are kept. That it fires says its alert, one for each
series, with the source ``rule``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.declared import id_in, newest_of_each
from crisisdesk.domain.detection.conditions import (
    TYPES,
    Composite,
    Condition,
    RuleRef,
    read_conditions,
)
from crisisdesk.domain.detection.fields import Fields
from crisisdesk.domain.detection.series import Series
from crisisdesk.domain.detection.telling import told_of, type_of
from crisisdesk.domain.errors import DomainError, Malformed
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.severity import SEVERITY_RANK, Severity
from crisisdesk.domain.signal import AlertType

KIND = "rule"
# The source of its alerts; the key is `key_of` its id and the series.
SOURCE = "rule"
NAME_LIMIT, DESCRIPTION_LIMIT = 100, 4_000
CHANNELS_LIMIT = 10
# What a person writes; the rest of the content the station adds.
WRITTEN = frozenset(
    "description rule_type metric_source conditions severity alert_type service "
    "notification_channels escalation_policy is_active".split()
)
_ADDED = frozenset("kind rule since created_at created_by".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """One rule. Times are UTC ms; ``since`` is when it was declared, changed or switched on.

    ``metric_source`` is the id of the only source it looks at, "" for all. Its alerts bear the
    labels ``notification_channels`` (joined by commas) and ``escalation_policy``, so that policies
    can be chosen by them.
    """

    rule_id: str
    version_id: str
    name: str
    description: str
    metric_source: str
    conditions: Condition
    severity: str
    alert_type: str
    service: str
    notification_channels: tuple[str, ...]
    escalation_policy: str
    is_active: bool
    since: int
    created_at: int
    created_by: str
    changed_by: str = ""

    @property
    def rule_type(self) -> str:
        """threshold, pattern, anomaly or composite."""
        return type_of(self.conditions)

    def needs(self) -> list[str]:
        """The ids of the rules that it is made of."""
        members = self.conditions.of if isinstance(self.conditions, Composite) else ()
        return [one.rule_id for one in members if isinstance(one, RuleRef)]


def checked_rule(written: Mapping[str, Any], *, field: str = "") -> dict[str, Any]:
    """What a person wrote, made canonical with every default said; raises Malformed."""
    fields = Fields(tidy(dict(written), field=field or "content"), field, WRITTEN)
    rule_type = fields.choice("rule_type", TYPES)
    conditions = read_conditions(rule_type, fields.raw("conditions"), fields.at("conditions"))
    if rule_type == "pattern" and fields.text("metric_source", 100, ""):
        remedy = "leave it out; name the log in the conditions"
        raise Malformed(fields.at("metric_source"), "does not count for lines of logs", remedy)
    return {
        "description": fields.text("description", DESCRIPTION_LIMIT, ""),
        "rule_type": rule_type,
        "metric_source": fields.text("metric_source", 100, ""),
        "conditions": told_of(conditions),
        "severity": fields.choice("severity", SEVERITY_RANK, str(Severity.HIGH)),
        "alert_type": fields.choice("alert_type", list(AlertType), str(AlertType.PERFORMANCE)),
        "service": fields.text("service", 200, ""),
        "notification_channels": list(fields.names("notification_channels", CHANNELS_LIMIT, 50)),
        "escalation_policy": fields.text("escalation_policy", NAME_LIMIT, ""),
        "is_active": fields.flag("is_active", default=True),
    }


def content_of(
    written: Mapping[str, Any], *, rule_id: str, since: int, created_at: int, created_by: str
) -> dict[str, Any]:
    """What is published; raises Malformed naming the field that cannot be used."""
    return {
        "kind": KIND,
        "rule": rule_id,
        "since": since,
        "created_at": created_at,
        "created_by": created_by,
        **checked_rule(written),
    }


def written_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The part of published content that a person wrote."""
    return {name: value for name, value in content.items() if name in WRITTEN}


def rule_of(name: str, content: Mapping[str, Any], version_id: str = "", by: str = "") -> AlertRule:
    """The rule in published content; raises Malformed where it is none that can be read here."""
    fields = Fields(content, "", WRITTEN | _ADDED)
    if content.get("kind") != KIND:
        raise Malformed("kind", f"is {content.get('kind')!r}"[:80], f'write "{KIND}"')
    told = checked_rule(written_of(content))
    return AlertRule(
        rule_id=fields.text("rule", 100),
        version_id=version_id,
        name=name,
        description=told["description"],
        metric_source=told["metric_source"],
        conditions=read_conditions(told["rule_type"], told["conditions"]),
        severity=told["severity"],
        alert_type=told["alert_type"],
        service=told["service"],
        notification_channels=tuple(told["notification_channels"]),
        escalation_policy=told["escalation_policy"],
        is_active=told["is_active"],
        since=fields.whole("since", 0, 2**62, 0),
        created_at=fields.whole("created_at", 0, 2**62, 0),
        created_by=fields.text("created_by", 300, ""),
        changed_by=by,
    )


def trial_rule(name: str, written: Mapping[str, Any]) -> AlertRule:
    """A rule that nobody has published; raises Malformed naming the field."""
    content = content_of(written, rule_id="RULE-TRIAL", since=0, created_at=0, created_by="")
    return rule_of(name, content)


def read_rule(version: PolicyVersion) -> AlertRule | None:
    """What a published version declares; None for what is no rule that can be read here."""
    try:
        return rule_of(version.name, version.content, version.version_id, version.published_by)
    except DomainError:
        return None


def alert_rules(versions: Iterable[PolicyVersion]) -> list[AlertRule]:
    """Of each rule the version published last that was not withdrawn, by name."""
    newest = newest_of_each(versions, KIND, read_rule, lambda one: one.rule_id)
    return sorted(newest.values(), key=lambda one: (one.name, one.rule_id))


def unreadable(versions: Iterable[PolicyVersion]) -> list[str]:
    """The names of standing rules that this program cannot read: a newer one wrote them."""
    return sorted(
        {
            v.name
            for v in versions
            if v.content.get("kind") == KIND and v.withdrawn_at is None and read_rule(v) is None
        }
    )


def history_of(versions: Iterable[PolicyVersion], rule_id: str) -> list[PolicyVersion]:
    """Every version of one rule, withdrawn ones too, the newest first."""
    found = [v for v in versions if id_in(v, KIND) == rule_id]
    return sorted(found, key=lambda v: (-v.published_at, v.version_id))


def rule_id_of(version: PolicyVersion) -> str:
    """The id of the rule that it is a version of; "" when it is of none."""
    return id_in(version, KIND)


def standing(versions: Iterable[PolicyVersion]) -> PolicyVersion | None:
    """Of one rule's versions the one published last that was not withdrawn, whether it can be read
    here or not; None when the rule was taken away."""
    found = [v for v in versions if v.withdrawn_at is None]
    return max(found, key=lambda v: (v.published_at, v.version_id), default=None)


def key_of(rule_id: str, one: Series) -> str:
    """The key of the alert of this rule and series; the same on every station."""
    parts = [one.source_id, one.metric, *(part for pair in one.labels for part in pair)]
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{rule_id}:{digest[:24]}"


def rule_in(key: str) -> str:
    """The id of the rule whose alert has this key."""
    return key.rpartition(":")[0]


def loop_in(rules: Iterable[AlertRule], changed: AlertRule) -> list[str]:
    """The names on the way by which a rule, as changed, comes to need itself; empty when none."""
    known = {one.rule_id: one for one in rules} | {changed.rule_id: changed}
    waiting, seen = [(changed.rule_id, [changed.name])], set[str]()
    while waiting:
        rule_id, way = waiting.pop()
        for needed in known[rule_id].needs() if rule_id in known else ():
            name = known[needed].name if needed in known else needed
            if needed == changed.rule_id:
                return [*way, name]
            if needed not in seen:
                seen.add(needed)
                waiting.append((needed, [*way, name]))
    return []
