"""Checks on the fields of an incident that people fill in, and the reasons that some need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.incident import CATEGORIES, EDITABLE_INCIDENT_FIELDS
from crisisdesk.domain.playbook.content import checked_crisis_type
from crisisdesk.domain.priority import DERIVED, IMPACTS, PRIORITIES, impact_of, priority_of
from crisisdesk.domain.severity import IncidentSeverity
from crisisdesk.domain.signal import DESCRIPTION_LIMIT, TITLE_LIMIT
from crisisdesk.engine.handlers.wording import checked_text

NAME_LIMIT = 150
READERS_LIMIT = 100
_CHOICES: dict[str, tuple[str, ...]] = {
    "severity": tuple(IncidentSeverity),
    "category": CATEGORIES,
    "priority": PRIORITIES,
    "impact": IMPACTS,
}
_TEXTS = {
    "title": TITLE_LIMIT,
    "description": DESCRIPTION_LIMIT,
    "communication_lead": NAME_LIMIT,
    "commander": NAME_LIMIT,
    "business_impact": DESCRIPTION_LIMIT,
    "root_cause": DESCRIPTION_LIMIT,
    "resolution_summary": DESCRIPTION_LIMIT,
    "lessons_learned": DESCRIPTION_LIMIT,
}
_NUMBERS = {"user_impact_count": 2**31 - 1, "financial_impact_cents": 10**10 - 1}


def checked(name: str, value: Any) -> Any:
    """The value as it may stand in an event, or Malformed naming the field."""
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise Malformed(
                name, f"{value!r} is unknown", f"use one of {', '.join(_CHOICES[name])}"
            )
        return value
    if name in _TEXTS:
        return checked_text(value, name, _TEXTS[name], required=name == "title")
    if name in _NUMBERS:
        return _checked_number(name, value)
    if name == "crisis_type":
        return checked_crisis_type(value, name) if value else ""
    if name == "response_team":
        return checked_names(name, value)
    known = (*EDITABLE_INCIDENT_FIELDS, "commander", "response_team")
    raise Malformed(name, "cannot be changed", f"change one of {', '.join(known)}")


def checked_names(name: str, value: Any) -> list[str]:
    """A list of names of people."""
    if not isinstance(value, list):
        raise Malformed(name, "is not a list", "send a list of names")
    if len(value) > READERS_LIMIT:
        raise Malformed(name, f"has {len(value)} names", f"name at most {READERS_LIMIT}")
    return [checked_text(v, f"{name}[{i}]", NAME_LIMIT, required=True) for i, v in enumerate(value)]


def _checked_number(name: str, value: Any) -> int | None:
    if value is None and name == "financial_impact_cents":
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _NUMBERS[name]:
        raise Malformed(
            name, f"{value!r} is out of range", f"send a whole number up to {_NUMBERS[name]}"
        )
    return value


def set_by_hand(
    severity: str,
    given: Mapping[str, str],
    reason: str,
    before: Mapping[str, str],
    impact: str = "",
) -> dict[str, str]:
    """Which derived fields stand by hand, each with its reason, once ``given`` are set.

    ``severity`` is the one it has then, ``given`` the values of `DERIVED` fields, those that nobody
    sends left out; ``before`` are those set by hand till now, ``impact`` the one that it has. A
    value that follows anyway is not by hand. Raises Malformed where a reason is missing.
    """
    stands = dict(before)
    follows = {"impact": impact_of(severity)}
    standing = impact if "impact" in before else follows["impact"]
    follows["priority"] = priority_of(severity, given.get("impact", standing))
    for name in DERIVED:
        if name not in given:
            continue
        if given[name] == follows[name]:
            stands.pop(name, None)
        elif reason or name in before:
            stands[name] = reason or before[name]
        else:
            raise Malformed(
                "reason",
                f"is missing: {name} is to be {given[name]}, while {follows[name]} follows",
                "say why",
            )
    return stands
