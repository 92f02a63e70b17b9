"""What can be done with roles and decisions of the incident in view, with its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.role_lines import is_me, step_words
from crisisdesk.desk.room import Action
from crisisdesk.domain.incident import IncidentStatus
from crisisdesk.domain.roles import role_word

if TYPE_CHECKING:
    from crisisdesk.desk.incidents.decision_work import DecisionWork
    from crisisdesk.desk.incidents.role_work import RoleWork
    from crisisdesk.domain.incident import Incident

_ROLE_WORDS = ("roles", "commander", "hand over", "deputy", "scribe")


def role_actions(work: RoleWork, incident: Incident, held: str, operator: str) -> list[Action]:
    """``held`` is why nothing can be changed now, "" where it can. Letters beside `H` work while
    the keyboard is on a role."""
    role, selected = work.role(), work.selected()
    word, offer = role_word(role).lower(), incident.offer_of(role)
    closed = "it is closed" if incident.status == IncidentStatus.CLOSED else ""
    group = f"{incident.incident_id}, {incident.title}"

    def act(key: str, title: str, keys: str, icon: str, lacks: str = "") -> Action:
        detail = held or closed or lacks
        return Action(
            key=f"incident.{key}", title=title, run=lambda: work.press(_PRESS[key]), keys=keys,
            icon=icon, group=group, enabled=not detail, detail=detail, also=_ROLE_WORDS,
        )  # fmt: skip

    holders = incident.holders(role)
    mine = offer is not None and any(is_me(n, operator) for n in (offer["by"], *holders))
    return [
        act("commander", step_words(incident, role, operator), "H", "arrow-left-right"),
        act("role.fill", f"Put somebody into a role: {word}", "A" if selected else "", "user"),
        act("role.leave", f"Give up {word}", "Del" if selected else "", "x",
            "" if holders else "nobody has it"),
        act("role.withdraw", f"Take the offer of {word} back", "W" if selected else "", "undo-2",
            "" if mine else "it is not offered by you"),
        Action(
            key="incident.role.list", title="Go to the roles", run=lambda: work.press("list"),
            keys="Shift H", icon="users", group=group, also=_ROLE_WORDS,
        ),
    ]  # fmt: skip


_PRESS = {
    "commander": "hand", "role.fill": "fill", "role.leave": "leave", "role.withdraw": "withdraw",
}  # fmt: skip


def decision_actions(work: DecisionWork, incident: Incident, held: str) -> list[Action]:
    """The decision that the keyboard is on first, then those of the incident."""
    group = f"{incident.incident_id}, {incident.title}"
    return [
        *_one(work, held),
        Action(
            key="incident.decision.log", title="Write a decision down",
            run=lambda: work.press("log"), keys="D", icon="gavel", group=group, enabled=not held,
            detail=held, also=("decide", "option", "risk"),
        ),
        Action(
            key="incident.decision.list", title="Go to the decisions",
            run=lambda: work.press("list"), keys="Shift D", icon="list", group=group,
        ),
    ]  # fmt: skip


def _one(work: DecisionWork, held: str) -> list[Action]:
    decision = work.decision()
    if decision is None:
        return []
    over = "" if decision.stands else "it is reverted"

    def act(key: str, title: str, keys: str, icon: str, lacks: str = "") -> Action:
        detail = held or lacks
        return Action(
            key=f"incident.decision.{key}", title=title, run=lambda: work.press(key), keys=keys,
            icon=icon, group=f"Decision {decision.title}", enabled=not detail, detail=detail,
        )  # fmt: skip

    unasked = "" if decision.unanswered else "no objection waits for an answer"
    return [
        act("look", "Look again: it holds, or is taken back", "Space", "search", over),
        act("change", "Read it and change what is written", "Enter", "pencil"),
        act("object", "Write an objection down", "B", "gavel", over),
        act("answer", "Answer an objection", "A", "gavel", over or unasked),
        act("when", "Move when to look again", "W", "clock", over),
        act("revert", "Take it back, with a reason", "Del", "undo-2", over),
    ]
