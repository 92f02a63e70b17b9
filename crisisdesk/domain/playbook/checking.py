"""What is wrong with a response plan before anybody needs it."""

from __future__ import annotations

from collections.abc import Collection

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.escalation.checking import Finding
from crisisdesk.domain.playbook.content import Playbook
from crisisdesk.domain.severity import IncidentSeverity
from crisisdesk.domain.task import PHASE_WORDS, PHASES

_FIRST_PHASES = ("initial_response", "containment")
_SLOW_MS = 60 * 60_000


def check_playbook(playbook: Playbook, procedures: Collection[str] = ()) -> list[Finding]:
    """Everything found, errors first. ``procedures`` are the names of those that are known here."""
    found = [
        *_severities(playbook),
        *_phases(playbook),
        *_roles(playbook),
        *_procedures(playbook, procedures),
        *_boxes(playbook),
    ]
    return sorted(found, key=lambda finding: finding.level != "error")


def _severities(playbook: Playbook) -> list[Finding]:
    found = []
    for severity in IncidentSeverity:
        actions = [action for action in playbook.actions if action.is_for(severity)]
        if not actions:
            words = f"an incident of severity {severity} gets no task at all"
            found.append(Finding(level="error", field="actions", words=words))
            continue
        soonest = min(action.due_ms for action in actions)
        if severity in ("critical", "emergency") and soonest > _SLOW_MS:
            words = f"the first thing of severity {severity} is due after {span_words(soonest)}"
            found.append(Finding(level="warning", field="actions", words=words))
    return found


def _phases(playbook: Playbook) -> list[Finding]:
    taken = {action.phase for action in playbook.actions}
    return [
        Finding(
            level="error" if phase in _FIRST_PHASES else "warning",
            field="actions",
            words=f"nothing is to be done in the phase {PHASE_WORDS[phase]}",
        )
        for phase in PHASES
        if phase not in taken
    ]


def _roles(playbook: Playbook) -> list[Finding]:
    listed, used = {one.role for one in playbook.roles}, {a.role for a in playbook.actions}
    found = [
        Finding(
            level="warning",
            field=f"actions[{i}].role",
            words=f"{action.role} is not among the roles to fill",
        )
        for i, action in enumerate(playbook.actions)
        if action.role not in listed
    ]
    for i, role in enumerate(playbook.roles):
        if role.role not in used and not role.duty:
            words = f"{role.role} has neither a duty nor an action"
            found.append(Finding(level="warning", field=f"roles[{i}]", words=words))
    return found


def _procedures(playbook: Playbook, known: Collection[str]) -> list[Finding]:
    named = [(f"procedures[{i}]", name) for i, name in enumerate(playbook.procedures)]
    named += [(f"actions[{i}].procedure", a.procedure) for i, a in enumerate(playbook.actions)]
    return [
        Finding(level="warning", field=field, words=f"no procedure {name!r} is published here")
        for field, name in named
        if name and name not in known
    ]


def _boxes(playbook: Playbook) -> list[Finding]:
    return [
        Finding(
            level="warning",
            field=f"actions[{i}].box",
            words=f"{action.title} has longer than it is due after",
        )
        for i, action in enumerate(playbook.actions)
        if action.box_ms is not None and action.box_ms > action.due_ms
    ]
