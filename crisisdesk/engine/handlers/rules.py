"""Alert rules: declared, changed, taken away, and what was found by them."""

from __future__ import annotations

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.declared import id_in
from crisisdesk.domain.detection.declaring import declared_content
from crisisdesk.domain.detection.rule import (
    KIND,
    NAME_LIMIT,
    SOURCE,
    alert_rules,
    rule_in,
    unreadable,
    written_of,
)
from crisisdesk.domain.errors import Conflict, NotFound
from crisisdesk.domain.ids import alert_id_of, short_id
from crisisdesk.domain.policy_version import PolicyVersion
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
    if command.again:
        before = _removed(command, bench)
    told_name = command.name or (before.name if before is not None else "")
    name = checked_text(told_name, "name", NAME_LIMIT, required=True)
    rule_id = id_in(before, KIND) if before is not None else ""
    check_name(bench, RULES, name, command.rule_id)
    written = {} if before is None else written_of(before.content)
    if "rule_type" in command.written and "conditions" not in command.written:
        # Conditions of another type would be read as what they are not.
        written.pop("conditions", None)
    content = declared_content(
        name,
        {**written, **command.written},
        alert_rules(bench.at_hand.policies()),
        rule_id=rule_id or short_id("RULE", bench.random_bytes(5)),
        since=bench.now,
        created_at=bench.now if before is None else int(before.content.get("created_at", 0)),
        created_by=bench.actor if before is None else str(before.content.get("created_by", "")),
    )
    if now is not None and before is not None and before.name == name:
        same = written_of(content) == written_of(before.content)
        if same:
            return rule_id
    removed = before.version_id if before is not None and now is None else ""
    publish(bench, RULES, name, content, now, replaces=removed)
    return str(content["rule"])


def _removed(command: DeclareRule, bench: Workbench) -> PolicyVersion:
    """The version of a removed rule that comes back."""
    version = bench.need(PolicyVersion, command.again, "again")
    rule_id = id_in(version, KIND)
    if not rule_id:
        raise NotFound("again", "is no version of a rule", "see the history of the rule")
    if any(id_in(one, KIND) == rule_id for one in bench.at_hand.policies()):
        raise Conflict("again", "is of a rule that stands", "change that one instead")
    return version


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
