"""Alert rules: declared, changed, taken away, and what was found by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.canonical import canonical_bytes
from crisisdesk.domain.detection.rule import (
    KIND,
    NAME_LIMIT,
    SOURCE,
    AlertRule,
    alert_rules,
    content_of,
    loop_in,
    rule_in,
    rule_of,
    unreadable,
    written_of,
)
from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.ids import alert_id_of, policy_version_id_of, short_id
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.publishing import CONTENT_LIMIT
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.handlers.intake import take_in
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.rule_commands import (
    DeclaredRules,
    DeclareRule,
    ListRules,
    NoteFindings,
    RemoveRule,
)
from crisisdesk.engine.workbench import Workbench

MOST = 2_000


def declare_rule(command: DeclareRule, bench: Workbench) -> str:
    """Publish it; its predecessor is withdrawn, so that taking it away leaves none."""
    known = alert_rules(bench.at_hand.policies())
    before = _version(bench, known, command.rule_id) if command.rule_id else None
    told_name = command.name or (before.name if before is not None else "")
    name = checked_text(told_name, "name", NAME_LIMIT, required=True)
    rule_id = command.rule_id or short_id("RULE", bench.random_bytes(5))
    if any(one.name == name and one.rule_id != rule_id for one in known):
        raise Conflict("name", f"{name!r} is a rule already", "choose another name")
    if before is None and len(known) >= MOST:
        raise Conflict("name", f"there are {MOST} rules", "remove one first")
    written = {} if before is None else written_of(before.content)
    if "rule_type" in command.written and "conditions" not in command.written:
        # Conditions of another type would be read as what they are not.
        written.pop("conditions", None)
    written = _with_ids({**written, **command.written}, known)
    content = content_of(
        written,
        rule_id=rule_id,
        since=bench.now,
        created_at=bench.now if before is None else int(before.content.get("created_at", 0)),
        created_by=bench.actor if before is None else str(before.content.get("created_by", "")),
    )
    same_name = before is not None and before.name == name
    if same_name and before is not None and written_of(content) == written_of(before.content):
        return rule_id
    if len(canonical_bytes(content)) > CONTENT_LIMIT:
        remedy = f"keep it within {CONTENT_LIMIT // 1024} KiB"
        raise Malformed("conditions", "are too long", remedy)
    _check_needs(rule_of(name, content), known)
    _publish(bench, name, content, before)
    return rule_id


def remove_rule(command: RemoveRule, bench: Workbench) -> None:
    """Withdraw every version that still stands: an older one must not come to life."""
    known = alert_rules(bench.at_hand.policies())
    _version(bench, known, command.rule_id)
    needing = [one.name for one in known if command.rule_id in one.needs()]
    if needing:
        raise Conflict("rule_id", f"is part of {needing[0]!r}", "change or remove that one first")
    _withdraw(bench, command.rule_id)


def list_rules(_command: ListRules, bench: Workbench) -> DeclaredRules:
    """What is declared, and whose alerts are open."""
    versions = bench.at_hand.policies()
    ids = [one.alert_id for one in bench.journal.open_alerts() if one.source == SOURCE]
    bench.prefetch(ids)
    states = [bench.get(alert_id) for alert_id in ids]
    return DeclaredRules(
        found=tuple(alert_rules(versions)),
        told={a.key: a.detected_at for a in states if isinstance(a, Alert) and a.is_open},
        unreadable=tuple(unreadable(versions)),
    )


def note_findings(command: NoteFindings, bench: Workbench) -> None:
    """Take in what changes something."""
    counted = []
    opened: dict[str, bool] = {}
    # A rule may have been taken away after it was found to hold.
    running = {
        str(v.content.get("rule"))
        for v in bench.at_hand.policies()
        if v.content.get("kind") == KIND and v.content.get("is_active") is True
    }
    for signal in command.signals:
        is_open = opened.get(signal.key)
        if is_open is None:
            alert = bench.get(alert_id_of(signal.source, signal.key))
            is_open = isinstance(alert, Alert) and alert.is_open
        fires = signal.action == SignalAction.FIRE
        if fires and rule_in(signal.key) not in running:
            continue
        if fires != is_open:
            counted.append(signal)
        opened[signal.key] = fires
    take_in(TakeIn(signals=counted), bench)


def _with_ids(written: Mapping[str, Any], known: list[AlertRule]) -> dict[str, Any]:
    """The rules that conditions name, by their ids; raises NotFound for what is none."""
    conditions = written.get("conditions")
    members = conditions.get("of") if isinstance(conditions, Mapping) else None
    if not isinstance(conditions, Mapping) or not isinstance(members, list | tuple):
        return dict(written)
    ids = {one.name: one.rule_id for one in known} | {one.rule_id: one.rule_id for one in known}
    found = []
    for number, member in enumerate(members):
        if isinstance(member, Mapping) and isinstance(member.get("rule"), str):
            named = member["rule"].strip()
            if named not in ids:
                field = f"conditions.of[{number}].rule"
                raise NotFound(field, f"{named[:60]!r} is no rule", "list them first")
            member = {**member, "rule": ids[named]}
        found.append(member)
    return {**written, "conditions": {**conditions, "of": found}}


def _check_needs(rule: AlertRule, known: list[AlertRule]) -> None:
    way = loop_in(known, rule)
    if way:
        words = " needs ".join(way)
        raise Malformed("conditions.of", f"goes in a circle: {words}", "leave one of them out")


def _version(bench: Workbench, known: list[AlertRule], rule_id: str) -> PolicyVersion:
    for one in known:
        if one.rule_id == rule_id:
            return bench.need(PolicyVersion, one.version_id, "rule_id")
    raise NotFound("rule_id", f"{rule_id[:60]!r} is no rule of this station", "list them first")


def _publish(
    bench: Workbench, name: str, content: dict[str, Any], before: PolicyVersion | None
) -> None:
    version_id = policy_version_id_of(name, content)
    if bench.get(version_id) is not None:
        raise Conflict("rule_id", "was changed in this very moment", "try again")
    body: dict[str, Any] = {"name": name, "content": content}
    if before is not None:
        body["replaces"] = before.version_id
        _withdraw(bench, str(before.content["rule"]))
    bench.emit(version_id, "policy.published", body)


def _withdraw(bench: Workbench, rule_id: str) -> None:
    for version in bench.at_hand.policies():
        content = version.content
        if content.get("kind") == KIND and content.get("rule") == rule_id:
            bench.emit(version.version_id, "policy.withdrawn", {})
