"""Response plans: which one counts, and the tasks that an incident gets of it.

What comes with the program is published when an incident first follows it, so that every station
knows the version to which it is pinned, whatever program it runs.
"""

from __future__ import annotations

from crisisdesk.domain.errors import Malformed, NotFound
from crisisdesk.domain.ids import decision_id, task_id_of
from crisisdesk.domain.incident import Incident, plan_key
from crisisdesk.domain.playbook.choosing import InForce, actions_for, in_force, is_own
from crisisdesk.domain.playbook.content import KIND, Action, Playbook, read_playbook
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.engine.handlers.incident_channels import channels_of_plan
from crisisdesk.engine.playbook_commands import ListPlaybooks, ResetPlaybook
from crisisdesk.engine.workbench import Workbench


def list_playbooks(_command: ListPlaybooks, bench: Workbench) -> dict[str, InForce]:
    """The plan that counts for each type of crisis."""
    return in_force(bench.at_hand.policies(), bench.policy.playbooks)


def reset_playbook(command: ResetPlaybook, bench: Workbench) -> int:
    """Withdraw what people published under that name; once is enough."""
    if command.name not in bench.policy.playbooks:
        known = ", ".join(sorted(bench.policy.playbooks)) or "none"
        problem = f"{command.name[:60]!r} does not come with the program"
        raise NotFound("name", problem, f"name one of {known}, or withdraw its version")
    own = [
        v
        for v in bench.at_hand.policies()
        if v.name == command.name and v.content.get("kind") == KIND and is_own(v)
    ]
    for version in own:
        bench.emit(version.version_id, "policy.withdrawn", {})
    return len(own)


def checked_type(bench: Workbench, crisis_type: str) -> str:
    """A type of crisis for which there is a plan, or ""; raises Malformed.

    Where there is no plan at all, nothing is held against it.
    """
    known = in_force(bench.at_hand.policies(), bench.policy.playbooks)
    if not crisis_type or crisis_type in known or not known:
        return crisis_type
    problem = f"there is no response plan for {crisis_type[:60]!r}"
    raise Malformed("crisis_type", problem, f"use one of {', '.join(known)}, or publish a plan")


def follow_plan(bench: Workbench, incident_id: str) -> int:
    """Give an incident the tasks that its plan has for its severity; how many were new.

    It keeps the version with which it began, for each type of crisis, to its end.
    """
    incident = bench.need(Incident, incident_id, "incident_id")
    if not incident.crisis_type or not incident.is_open:
        return 0
    found = _pinned(bench, incident)
    if found is None:
        return 0
    version_id, playbook = found
    new = [
        (place, action)
        for place, action in actions_for(playbook, incident.severity)
        if bench.get(task_id_of(incident_id, f"{playbook.name}/{action.action_id}")) is None
    ]
    if not new and incident.policies.get(plan_key(playbook.name)):
        return 0
    body = {
        "crisis_type": playbook.name,
        "version_id": version_id,
        "severity": incident.severity,
        "tasks": len(new),
    }
    names = (incident_id, "planned", playbook.name, incident.severity)
    planned = bench.emit(incident_id, "incident.planned", body, dedup_id=decision_id(*names))
    if not incident.policies.get(plan_key(playbook.name)):
        channels_of_plan(bench, incident_id, playbook, version_id)
    for place, action in new:
        _add_task(bench, incident_id, (version_id, playbook.name), place, action, planned.id)
    return len(new)


def _pinned(bench: Workbench, incident: Incident) -> tuple[str, Playbook] | None:
    """The version that it follows and its plan; None where there is none that can be read."""
    name = incident.crisis_type
    version_id = incident.policies.get(plan_key(name), "")
    if version_id:
        version = bench.get(version_id)
        content = version.content if isinstance(version, PolicyVersion) else None
    else:
        chosen = in_force(bench.at_hand.policies(), bench.policy.playbooks).get(name)
        content = None if chosen is None else chosen.content
        version_id = "" if chosen is None else chosen.version_id
        if content is not None and bench.get(version_id) is None:
            body = {"name": name, "content": content}
            dedup = decision_id(version_id, "published")
            bench.emit(version_id, "policy.published", body, dedup_id=dedup)
    if content is None:
        return None
    try:
        return version_id, read_playbook(name, content)
    except Malformed:
        # Another program's plan, of a form that is not known here: its station follows it.
        return None


def _add_task(
    bench: Workbench,
    incident_id: str,
    plan: tuple[str, str],
    place: int,
    action: Action,
    cause: str,
) -> None:
    version_id, name = plan
    source = f"{name}/{action.action_id}"
    task_id = task_id_of(incident_id, source)
    told = {
        "description": action.detail,
        "box_ms": action.box_ms,
        "remind_ms": action.remind_ms,
        "procedure": action.procedure,
    }
    body = {
        "incident_id": incident_id,
        "title": action.title,
        "phase": action.phase,
        "role": action.role,
        "due_at": bench.now + action.due_ms,
        "source": source,
        "plan": version_id,
        "rank": place,
        **{key: value for key, value in told.items() if value},
    }
    dedup = decision_id(task_id, "added")
    bench.emit(task_id, "task.added", body, dedup_id=dedup, causes=(cause,))
