"""Escalations: begun with an alert, gone on with when due, held while somebody has it."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.escalation.planning import Directory, TakenStep, take_step
from crisisdesk.domain.escalation.policy import EVERYONE, EscalationPolicy, read_policy
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.ids import decision_id, escalation_id_of
from crisisdesk.domain.kept_quiet import WAIT
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.engine.escalation_commands import ListLateSteps, MindEscalations, MindUnattended
from crisisdesk.engine.handlers.causing import wake_fallen, wake_orphaned
from crisisdesk.engine.handlers.hands import missing_hands
from crisisdesk.engine.handlers.leases import shorten
from crisisdesk.engine.handlers.paging import FIRED, page_contacts
from crisisdesk.engine.handlers.quiet import after_silence, paged_before, quiet_of
from crisisdesk.engine.workbench import Workbench

UNKNOWN = "alert unknown"
# The alert of an escalation may still be on its way here.
UNKNOWN_MS = 60_000


def begin(bench: Workbench, alert_id: str) -> None:
    """Start paging for the present life of an alert, unless that was done; perhaps at once.

    Without any contact nothing begins: there is nobody to page, and `mind_unattended` begins it as
    soon as there is.
    """
    alert = bench.need(Alert, alert_id, "alert_id")
    if not bench.contacts() or alert.severity not in bench.policy.paging_severities:
        return
    escalation_id = escalation_id_of(alert.alert_id, alert.epoch, alert.life)
    if bench.get(escalation_id) is not None:
        return
    version_id, policy = bench.at_hand.rota().policy_for(alert)
    body: dict[str, Any] = {
        "alert_id": alert.alert_id,
        "epoch": alert.epoch,
        "life": alert.life,
        "policy": policy.name,
        "due": bench.now + bench.policy.page_wait_ms[alert.severity],
    }
    if version_id:
        body["version_id"] = version_id
    if (before := paged_before(bench, alert)) is not None:
        body["paged_before"] = before
    quiet = quiet_of(bench, alert, None)
    taken = None
    if quiet.until is not None:
        body |= {"due": max(body["due"], quiet.until), "quiet_by": quiet.by}
        body |= {} if quiet.since is None else {"since": quiet.since}
    elif body["due"] > bench.now:
        body["quiet_by"] = WAIT
    else:
        taken = take_step(policy, 1, alert.severity, _people(bench), bench.now)
        body |= _step_body(taken, quiet.note)
    bench.emit(
        escalation_id, "escalation.started", body, dedup_id=decision_id(escalation_id, "started")
    )
    if taken is not None:
        page_contacts(bench, alert, taken.contacts, _reason(taken.number), quiet.note)


def go_on(bench: Workbench, alert_id: str, why: str) -> None:
    """Look at the alert's escalation at once: an ack was taken back, or it has become worse."""
    alert = bench.need(Alert, alert_id, "alert_id")
    state = bench.get(escalation_id_of(alert.alert_id, alert.epoch, alert.life))
    if not isinstance(state, Escalation):
        begin(bench, alert_id)
    elif state.due_at is None or state.due_at > bench.now:
        body = {"due": bench.now, "why": why}
        bench.emit(state.escalation_id, "escalation.resumed", body)
        _mind(bench, bench.need(Escalation, state.escalation_id, "escalation_id"))


def raised(bench: Workbench, alert_id: str) -> None:
    """Its severity has gone up: whoever was paged for less is asked again, if nobody has it; who
    has it has it for as long as that severity allows."""
    alert = bench.need(Alert, alert_id, "alert_id")
    if not alert.is_open or alert.severity not in bench.policy.paging_severities:
        return
    if alert.owner:
        shorten(bench, alert)
    else:
        go_on(bench, alert_id, f"raised to {alert.severity}")


def wake_quieted(bench: Workbench, silence_id: str) -> None:
    """A silence is gone: what it kept quiet is looked at now."""
    quieted = bench.journal.quieted_by(silence_id)
    bench.prefetch(quieted)
    for escalation_id in quieted:
        state = bench.need(Escalation, escalation_id, "escalation_id")
        if state.quiet_by == silence_id and state.due_at is not None and state.due_at > bench.now:
            body = {"due": bench.now, "why": "the silence was lifted"}
            bench.emit(escalation_id, "escalation.resumed", body)


def mind_escalations(command: MindEscalations, bench: Workbench) -> int:
    """Go on with what has been due for ``late_ms``, and with what a cause no longer keeps quiet;
    returns how many were looked at."""
    woken = wake_fallen(bench, command.limit, late_ms=command.late_ms)
    due = bench.journal.due_escalations(bench.now - command.late_ms, command.limit)
    bench.prefetch(due)
    states = [bench.need(Escalation, escalation_id, "escalation_id") for escalation_id in due]
    bench.prefetch([state.alert_id for state in states])
    for state in states:
        if state.next_due is not None and state.next_due <= bench.now:
            _mind(bench, state)
    return max(woken, len(states))


def list_late_steps(command: ListLateSteps, bench: Workbench) -> list[str]:
    """Escalations whose next moment is long past."""
    return bench.journal.due_escalations(bench.now - command.late_ms, command.limit)


def mind_unattended(command: MindUnattended, bench: Workbench) -> int:
    """Alerts of a paging severity that nobody has and nothing will page for: begun, or gone on.

    Merging what stations did apart can leave one; so does the first contact of a station, and a
    severity that an operator raised. Those that a silence keeps quiet which another station has
    lifted are woken as well, and those of a cause that is none. Returns how many alerts there were.
    """
    if not bench.contacts():
        return 0
    standing = {silence.silence_id for silence in bench.silences()}
    quieting = bench.journal.quieting()
    wake_orphaned(bench, quieting, command.limit)
    for silence_id in quieting:
        if silence_id.startswith("SIL-") and silence_id not in standing:
            wake_quieted(bench, silence_id)
    names = bench.journal.unattended(sorted(bench.policy.paging_severities), command.limit)
    bench.prefetch(names)
    for alert_id in names:
        go_on(bench, alert_id, "nobody has it and nothing was due")
    return len(names)


def _mind(bench: Workbench, state: Escalation) -> None:
    alert = bench.get(state.alert_id)
    if not isinstance(alert, Alert):
        body = {"number": state.number, "due": bench.now + UNKNOWN_MS, "by": UNKNOWN}
        _emit(bench, state, "deferred", body)
    elif (why := _over(state, alert)) is not None:
        _emit(bench, state, "ended", {"why": why})
    elif alert.acknowledged_at is not None and not missing_hands(bench, state, alert):
        _emit(bench, state, "held", {"number": state.number})
    elif (quiet := quiet_of(bench, alert, state)).until is not None:
        body = {"number": state.number, "due": quiet.until, "by": quiet.by}
        body |= {} if quiet.since is None else {"since": quiet.since}
        _emit(bench, state, "deferred", body)
    else:
        _step(bench, state, alert, quiet.note or after_silence(bench, state))


def _over(state: Escalation, alert: Alert) -> str | None:
    """Why nothing more will come of it, in words; None while it goes on."""
    if (alert.epoch, alert.life) != (state.epoch, state.life):
        return "the alert fired again since"
    return None if alert.is_open else f"the alert is {alert.status}"


def _step(bench: Workbench, state: Escalation, alert: Alert, note: str) -> None:
    policy, unreadable = _pinned(bench, state)
    taken = take_step(policy, state.number + 1, alert.severity, _people(bench), bench.now)
    body = _step_body(taken, note, unreadable)
    _emit(bench, state, "stepped", body)
    page_contacts(bench, alert, taken.contacts, _reason(taken.number), note)


def _emit(bench: Workbench, state: Escalation, what: str, body: dict[str, Any]) -> None:
    """A machine's word on this escalation; a step is decided once, whichever stations take it.

    What holds, quiets or ends it may come more than once at the same number, and must then count.
    """
    dedup = (
        decision_id(state.escalation_id, what, str(body["number"])) if what == "stepped" else None
    )
    bench.emit(state.escalation_id, f"escalation.{what}", body, dedup_id=dedup)


def _pinned(bench: Workbench, state: Escalation) -> tuple[EscalationPolicy, str]:
    """The policy it began with; and, where that cannot be had, why everyone is paged instead."""
    if (known := bench.at_hand.rota().pinned(state.version_id)) is not None:
        return known, ""
    version = bench.get(state.version_id)
    if not isinstance(version, PolicyVersion):
        return EVERYONE, f"policy {state.policy} is not known here, everyone is paged"
    try:
        return read_policy(version.name, version.content), ""
    except DomainError as error:
        return EVERYONE, f"policy {state.policy} cannot be read ({error}), everyone is paged"


def _people(bench: Workbench) -> Directory:
    return bench.at_hand.rota().directory({c.contact_id: c for c in bench.contacts()})


def _step_body(taken: TakenStep, *before: str) -> dict[str, Any]:
    """The step as it is told; its words after those that come before them."""
    body: dict[str, Any] = {
        "number": taken.number,
        "step": taken.step,
        "round": taken.round,
        "contacts": list(taken.contacts),
        "due": taken.due,
    }
    if taken.all_hands:
        body["all_hands"] = True
    if words := "; ".join(filter(None, (*before, taken.words))):
        body["words"] = words
    return body


def _reason(number: int) -> str:
    return FIRED if number == 1 else f"step {number}"
