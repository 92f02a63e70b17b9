"""Correlation rules: which alerts belong together, as they are published, read and checked.

The content of one, as `PolicyVersion` keeps it (numbers are integers, unknown fields are refused):

    kind               "correlation"
    for                matchers in one text, as an escalation policy has them; "" for all
    by                 1 to 5 of service, place, source, group, and "label NAME": what must be equal
    within_s           how near to each other they must begin, 10 s to 1 h
    at_least           so many distinct alerts, 2 to 50
    at_least_services  of so many distinct services, 1 to 50
    with_severity      one of them must be that bad; left out: any will do
    severity_from      of the incident: "worst" (alert), or minor, major, critical, emergency
    name               the incident's title, with {count}, {services}, {severity}, {rule} and what
                       stands in ``by``: {service}, {env} for "label env"
    category           of the incident
    accept             "ask" a person, or open it "at once"
    join               whether alerts that come later join the incident while it is open
    rest_s             how long, besides within_s, a dismissed group is not proposed again
    disabled           true: there is no such rule, also not the built-in one of that name
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.correlation.title import check_title
from crisisdesk.domain.errors import DomainError, Malformed
from crisisdesk.domain.incident import CATEGORIES
from crisisdesk.domain.matchers import Matcher, matches, parse_matchers
from crisisdesk.domain.policy_version import PolicyVersion, current
from crisisdesk.domain.severity import SEVERITY_RANK, IncidentSeverity, Severity
from crisisdesk.domain.signal import TITLE_LIMIT

KIND = "correlation"
WORST, ASK, AT_ONCE = "worst", "ask", "at once"
LABEL = "label "
BY_LIMIT, TEXT_LIMIT = 5, 500
SHORTEST_S, LONGEST_S = 10, 3_600
LONGEST_REST_S = 7 * 86_400
MEMBERS_LIMIT = 100
"""So many alerts a candidate holds at most; those beyond it stand in the queue alone."""

_BY = {"service": "service", "place": "place", "source": "source", "group": "group_key"}
_FIELDS = frozenset(
    {
        "kind",
        "for",
        "by",
        "within_s",
        "at_least",
        "at_least_services",
        "with_severity",
        "severity_from",
        "name",
        "category",
        "accept",
        "join",
        "rest_s",
        "disabled",
    }
)
# What the alerts of a group have in common: (name, value) of each field it is grouped by.
Group = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationRule:
    """A rule as it can be run. ``version_id`` is "" for a built-in one."""

    name: str
    by: tuple[str, ...]
    version_id: str = ""
    conditions: tuple[Matcher, ...] = ()
    within_ms: int = 300_000
    at_least: int = 3
    at_least_services: int = 1
    with_severity: str = ""
    severity_from: str = WORST
    title: str = "{count} related alerts"
    category: str = "availability"
    at_once: bool = False
    join: bool = True
    rest_ms: int = 1_800_000
    disabled: bool = False

    def group_of(self, alert: Alert) -> Group | None:
        """What this alert is grouped under; None when the rule is not about it."""
        found: list[tuple[str, str]] = []
        for name in self.by:
            attribute = _BY.get(name)
            value = (
                alert.labels.get(name.removeprefix(LABEL), "")
                if attribute is None
                else getattr(alert, attribute)
            )
            if not value:
                return None
            found.append((name, value))
        if self.conditions and not matches(self.conditions, alert):
            return None
        return tuple(found) if len(found) == 1 else tuple(sorted(found))

    def words(self) -> str:
        """What makes alerts belong together by it, in words."""
        same = " and ".join(f"the same {name}" for name in self.by)
        services = (
            f" of {self.at_least_services} services or more" if self.at_least_services > 1 else ""
        )
        bad = f", one of them {self.with_severity} or worse" if self.with_severity else ""
        return (
            f"{self.at_least} alerts or more{services} with {same}, "
            f"begun within {_span(self.within_ms)}{bad}"
        )


def _span(ms: int) -> str:
    minutes, rest = divmod(ms // 1000, 60)
    return f"{minutes} min" if not rest else f"{ms // 1000} s"


BUILT_IN: tuple[CorrelationRule, ...] = (
    CorrelationRule(
        name="same service",
        by=("service",),
        with_severity=str(Severity.HIGH),
        title="{count} related alerts on {service}",
    ),
    CorrelationRule(
        name="same place",
        by=("place",),
        at_least_services=3,
        title="{count} alerts of {services} services at {place}",
    ),
)
"""What runs where nothing of the same name was published."""


def read_rule(name: str, content: Mapping[str, Any], version_id: str = "") -> CorrelationRule:
    """The rule in ``content``; raises Malformed naming the field that cannot be used."""
    for field in content:
        if field not in _FIELDS:
            known = ", ".join(sorted(_FIELDS))
            raise Malformed(str(field)[:80], "is no field of it", f"use {known}")
    if content.get("kind") != KIND:
        raise Malformed("kind", f"is {content.get('kind')!r}"[:80], f'write "{KIND}"')
    disabled = _flag(content.get("disabled", False), "disabled")
    by = ("service",) if disabled and "by" not in content else _by(content.get("by"))
    plain = CorrelationRule(name=name, by=by)
    values = [field.removeprefix(LABEL) for field in by]
    title = _text(content.get("name", plain.title), "name", TITLE_LIMIT)
    if not title:
        raise Malformed("name", "is empty", "write the incident's title, or leave it out")
    at_least = _number(content.get("at_least", 3), "at_least", 2, 50)
    return CorrelationRule(
        name=name,
        by=by,
        version_id=version_id,
        conditions=parse_matchers(_text(content.get("for", ""), "for", TEXT_LIMIT), "for"),
        within_ms=_number(content.get("within_s", 300), "within_s", SHORTEST_S, LONGEST_S) * 1000,
        at_least=at_least,
        at_least_services=_number(
            content.get("at_least_services", 1), "at_least_services", 1, at_least
        ),
        with_severity=_choice(content, "with_severity", ("", *SEVERITY_RANK)),
        severity_from=_choice(content, "severity_from", (WORST, *map(str, IncidentSeverity))),
        title=check_title(title, values),
        category=_choice(content, "category", ("availability", *CATEGORIES)),
        at_once=_choice(content, "accept", (ASK, AT_ONCE)) == AT_ONCE,
        join=_flag(content.get("join", True), "join"),
        rest_ms=_number(content.get("rest_s", 1_800), "rest_s", 0, LONGEST_REST_S) * 1000,
        disabled=disabled,
    )


def content_of(rule: CorrelationRule) -> dict[str, Any]:
    """The content that `read_rule` reads as this rule, every field of it said."""
    return {
        "kind": KIND,
        "for": ", ".join(matcher.text for matcher in rule.conditions),
        "by": list(rule.by),
        "within_s": rule.within_ms // 1000,
        "at_least": rule.at_least,
        "at_least_services": rule.at_least_services,
        "with_severity": str(rule.with_severity),
        "severity_from": str(rule.severity_from),
        "name": rule.title,
        "category": rule.category,
        "accept": AT_ONCE if rule.at_once else ASK,
        "join": rule.join,
        "rest_s": rule.rest_ms // 1000,
        "disabled": rule.disabled,
    }


def active_rules(versions: Iterable[PolicyVersion]) -> tuple[list[CorrelationRule], list[str]]:
    """The rules that count now, the built-in ones among them, by name; and what cannot be read.

    What is published under a built-in rule's name stands in its place.
    """
    rules = {rule.name: rule for rule in BUILT_IN}
    problems = []
    for version in current(versions):
        if version.content.get("kind") != KIND:
            continue
        try:
            rules[version.name] = read_rule(version.name, version.content, version.version_id)
        except DomainError as error:
            problems.append(f"{KIND} {version.name} is not used, it cannot be read: {error}")
    return [rules[name] for name in sorted(rules) if not rules[name].disabled], problems


def _by(told: Any) -> tuple[str, ...]:
    remedy = f'list {", ".join(_BY)} or "label NAME"'
    if not isinstance(told, list) or not told or len(told) > BY_LIMIT:
        raise Malformed("by", f"is no list of 1 to {BY_LIMIT} names", remedy)
    for number, name in enumerate(told):
        label = isinstance(name, str) and name.startswith(LABEL) and len(name) <= 200
        if name not in _BY and not (label and name.removeprefix(LABEL).strip()):
            raise Malformed(f"by[{number}]", f"{name!r:.60} is no field to group by", remedy)
    if len(set(told)) < len(told):
        raise Malformed("by", "names a field twice", remedy)
    return tuple(told)


def _choice(content: Mapping[str, Any], field: str, choices: tuple[str, ...]) -> str:
    """One of them; the first when it is left out."""
    told = content.get(field, choices[0])
    if not isinstance(told, str) or told not in choices:
        known = ", ".join(dict.fromkeys(name for name in choices if name))
        raise Malformed(field, f"{told!r:.60} is unknown", f"use one of {known}")
    return told


def _flag(told: Any, field: str) -> bool:
    if not isinstance(told, bool):
        raise Malformed(field, "is neither true nor false", "write true or false")
    return told


def _text(told: Any, field: str, limit: int) -> str:
    if not isinstance(told, str) or len(told) > limit:
        raise Malformed(field, "is no text", f"write at most {limit} characters")
    return told.strip()


def _number(told: Any, field: str, least: int, most: int) -> int:
    if type(told) is not int or not least <= told <= most:
        raise Malformed(field, f"{told!r} is out of bounds"[:80], f"write {least} to {most}")
    return told
