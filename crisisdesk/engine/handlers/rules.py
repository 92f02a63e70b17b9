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
from crisisdesk.domain.ids import alert_id_of, short_id
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.publishing import CONTENT_LIMIT
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.handlers.declaring import Kind, check_name, needed, publish, withdraw
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

RULES = Kind(word=KIND, standing=alert_rules, id_of=lambda one: one.rule_id, most=2_000)


def declare_rule(command: DeclareRule, bench: Workbench) -> str:
    """Publish it; its predecessor is withdrawn, so that taking it away leaves none."""
    now = needed(bench, RULES, command.rule_id) if command.rule_id else None
    before = None if now is None else bench.need(PolicyVersion, now.version_id, "rule_id")
    told_name = command.name or (before.name if before is not None else "")
    name = checked_text(told_name, "name", NAME_LIMIT, required=True)
    rule_id = command.rule_id or short_id("RULE", bench.random_bytes(5))
    check_name(bench, RULES, name, command.rule_id)
    known = alert_rules(bench.at_hand.policies())
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
    publish(bench, RULES, name, content, now)
    return rule_id


def remove_rule(command: RemoveRule, bench: Workbench) -> None:
    """Withdraw every version that still stands: an older one must not come to life."""
    needed(bench, RULES, command.rule_id)
    known = alert_rules(bench.at_hand.policies())
    needing = [one.name for one in known if command.rule_id in one.needs()]
    if needing:
        raise Conflict("rule_id", f"is part of {needing[0]!r}", "change or remove that one first")
    withdraw(bench, RULES, command.rule_id)


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
