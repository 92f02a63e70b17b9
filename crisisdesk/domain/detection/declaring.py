"""What is to be declared, checked among the rules that stand: one judgement for engine and desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crisisdesk.domain.canonical import canonical_bytes
from crisisdesk.domain.detection.rule import AlertRule, content_of, loop_in, rule_of
from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.publishing import CONTENT_LIMIT


def check_name(name: str, known: Sequence[AlertRule], rule_id: str = "") -> None:
    """Raises Conflict for a name that another rule than ``rule_id`` bears."""
    if any(one.name == name and one.rule_id != rule_id for one in known):
        raise Conflict("name", f"{name!r} is a rule already", "choose another name")


def declared_content(
    name: str,
    written: Mapping[str, Any],
    known: Sequence[AlertRule],
    *,
    rule_id: str,
    since: int,
    created_at: int,
    created_by: str,
) -> dict[str, Any]:
    """What is published of it; members that ``written`` names by name are told by their ids.

    Raises Malformed naming the field that cannot be used, NotFound for a member that is no rule.
    """
    content = content_of(
        with_ids(written, known),
        rule_id=rule_id,
        since=since,
        created_at=created_at,
        created_by=created_by,
    )
    if len(canonical_bytes(content)) > CONTENT_LIMIT:
        remedy = f"keep it within {CONTENT_LIMIT // 1024} KiB"
        raise Malformed("conditions", "are too long", remedy)
    way = loop_in(known, rule_of(name, content))
    if way:
        words = " needs ".join(way)
        raise Malformed("conditions.of", f"goes in a circle: {words}", "leave one of them out")
    return content


def with_ids(written: Mapping[str, Any], known: Sequence[AlertRule]) -> dict[str, Any]:
    """The rules that conditions name, by their ids; raises NotFound for what is none."""
    ids = {one.name: one.rule_id for one in known} | {one.rule_id: one.rule_id for one in known}

    def id_of(named: str, number: int) -> str:
        if named.strip() not in ids:
            field = f"conditions.of[{number}].rule"
            raise NotFound(field, f"{named[:60]!r} is no rule", "list them first")
        return ids[named.strip()]

    return _members(written, id_of)


def with_names(written: Mapping[str, Any], known: Sequence[AlertRule]) -> dict[str, Any]:
    """The other way: the rules of conditions by their names, by the id where that names two."""
    names = {one.rule_id: one.name for one in known}
    many = {one.name for one in known if sum(o.name == one.name for o in known) > 1}

    def name_of(rule_id: str, _number: int) -> str:
        name = names.get(rule_id, rule_id)
        return rule_id if name in many else name

    return _members(written, name_of)


def _members(written: Mapping[str, Any], told: Any) -> dict[str, Any]:
    conditions = written.get("conditions")
    members = conditions.get("of") if isinstance(conditions, Mapping) else None
    if not isinstance(conditions, Mapping) or not isinstance(members, list | tuple):
        return dict(written)
    found = []
    for number, member in enumerate(members):
        if isinstance(member, Mapping) and isinstance(member.get("rule"), str):
            member = {**member, "rule": told(member["rule"], number)}
        found.append(member)
    return {**written, "conditions": {**conditions, "of": found}}
