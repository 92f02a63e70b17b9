"""The orders about roles and decisions as calls of the engine's door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.incidents.orders import iso_moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.api.client import Client
    from crisisdesk.domain.decision import Decision

Json = dict[str, Any]


def assume(incident_id: str, role: str, who: str, reason: str) -> Callable[[Client], Json]:
    """Put somebody into a role; "" for whoever acts."""
    return lambda client: client.assume_role(incident_id, role, who, reason)


def renounce(incident_id: str, role: str, who: str, reason: str) -> Callable[[Client], Json]:
    """Let somebody be in a role no longer."""
    return lambda client: client.renounce_role(incident_id, role, who, reason)


def offer(
    incident_id: str, role: str, to: str, brief: Json, within_s: int
) -> Callable[[Client], Json]:
    """Ask somebody to take a role over."""
    return lambda client: client.offer_role(incident_id, role, to, brief, within_s)


def accept(incident_id: str, role: str, read_back: str) -> Callable[[Client], Json]:
    """Take over what is offered to one."""
    return lambda client: client.accept_role(incident_id, role, read_back)


def decline(incident_id: str, role: str, reason: str) -> Callable[[Client], Json]:
    """Say no to an offer."""
    return lambda client: client.decline_role(incident_id, role, reason)


def withdraw(incident_id: str, role: str) -> Callable[[Client], Json]:
    """Take an offer back."""
    return lambda client: client.withdraw_role(incident_id, role)


# -- decisions -------------------------------------------------------------------------------


def log_decision(incident_id: str, title: str, fields: Json) -> Callable[[Client], Json]:
    """Write one down; a ``check_at`` is UTC ms."""
    told = _with_moment(fields)
    return lambda client: client.log_decision(incident_id, title, **told)


def edit_decision(decision: Decision, changes: Json) -> Callable[[Client], Json]:
    """Change one; a ``check_at`` is UTC ms, None for never."""
    told = _with_moment(changes)
    return lambda client: client.edit_decision(decision.incident_id, decision.decision_id, **told)


def object_to(decision: Decision, text: str, by: str, answer: str) -> Callable[[Client], Json]:
    """Keep what somebody has against it."""
    name, incident_id = decision.decision_id, decision.incident_id
    return lambda client: client.object_to_decision(incident_id, name, text, by, answer)


def answer_objection(decision: Decision, objection: str, answer: str) -> Callable[[Client], Json]:
    """Answer one objection."""
    name, incident_id = decision.decision_id, decision.incident_id
    return lambda client: client.answer_objection(incident_id, name, objection, answer)


def check_decision(decision: Decision, fields: Json) -> Callable[[Client], Json]:
    """Say that one has looked again; a ``check_at`` is UTC ms."""
    told = _with_moment(fields)
    return lambda client: client.check_decision(decision.incident_id, decision.decision_id, **told)


def revert_decision(decision: Decision, reason: str) -> Callable[[Client], Json]:
    """It does not stand any more."""
    name, incident_id = decision.decision_id, decision.incident_id
    return lambda client: client.revert_decision(incident_id, name, reason)


def _with_moment(fields: Json) -> Json:
    at_ms = fields.get("check_at")
    return fields if at_ms is None else {**fields, "check_at": iso_moment(at_ms)}
