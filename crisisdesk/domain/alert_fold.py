"""The pure fold of an alert's events."""

from __future__ import annotations

from collections.abc import Callable

from crisisdesk.domain import acks, handoff, holding
from crisisdesk.domain.alert import (
    CHANGES_KEPT,
    CONTENT_FIELDS,
    EDITABLE_FIELDS,
    NOBODY,
    PAST_EPOCHS_KEPT,
    Alert,
    AlertStatus,
)
from crisisdesk.domain.change import with_changes
from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import also, edited
from crisisdesk.domain.severity import SEVERITY_RANK


def apply_alert(state: Alert | None, event: Event) -> Alert | None:
    """The state after one more event in canonical order; unknown kinds leave it as it is."""
    step = _STEPS.get(event.kind)
    if step is None:
        return state
    if state is None:
        return _open_first(event) if event.kind == "alert.fired" else None
    if state.newer_needed:
        return state
    after = step(state, event)
    return holding.held(after, event) if "hold" in event.body else after


def _open_first(event: Event) -> Alert:
    body = event.body
    at = event.wall_ms + event.hub_offset_ms
    return Alert(
        alert_id=event.agg,
        source=body["source"],
        key=body["key"],
        epoch=body["epoch"],
        severity=body["severity"],
        title=body["title"],
        description=body.get("description", ""),
        alert_type=body.get("alert_type", "service"),
        detection_method=body.get("detection_method", "automated"),
        service=body.get("service", ""),
        place=body.get("place", ""),
        group_key=body.get("group_key", ""),
        url=body.get("url", ""),
        labels=body.get("labels", {}),
        annotations=body.get("annotations", {}),
        affected_systems=body.get("affected_systems", []),
        impact_scope=body.get("impact_scope", {}),
        technical_details=body.get("technical_details", {}),
        starts_at=body.get("starts_at"),
        detected_at=at,
        last_seen_at=at,
        count=body.get("n", 1),
        count_total=body.get("n", 1),
        resolves_at=body.get("resolves_at"),
        sla_deadline=body["sla_deadline"],
        sla_prealarm_at=body["sla_prealarm_at"],
    )


def _fired(state: Alert, event: Event) -> Alert:
    epoch = event.body["epoch"]
    if epoch == state.epoch:
        return _opened_again(state, event)
    if _is_past(state, event):
        known = epoch in state.past_epochs
        past = state.past_epochs if known else [*state.past_epochs, epoch][-PAST_EPOCHS_KEPT:]
        return with_changes(_repeated(state, event), past_epochs=past)
    fresh = _open_first(event)
    return with_changes(
        fresh,
        epoch_no=state.epoch_no + 1,
        count_total=state.count_total + fresh.count,
        related_alerts=state.related_alerts,
        past_epochs=[*state.past_epochs, state.epoch][-PAST_EPOCHS_KEPT:],
        changes=_changed(state, event),
    )


def _changed(state: Alert, event: Event) -> list[int]:
    """Its changes and this one, by which it opened or ended; the first end tells of both."""
    return [*(state.changes or [state.detected_at]), event.at_ms][-CHANGES_KEPT:]


def _is_past(state: Alert, event: Event) -> bool:
    """Whether a firing names an occurrence that lies before the one that stands.

    Told by the numbers of the epochs; by the source's own starts only while an epoch is open, so
    that a source whose clock went back still opens a new one.
    """
    epoch = event.body["epoch"]
    if epoch in state.past_epochs:
        return True
    if epoch[:1] == "n" == state.epoch[:1]:
        number, now = epoch[1:], state.epoch[1:]
        if number.isdecimal() and now.isdecimal():
            return int(number) < int(now)
    starts_at = event.body.get("starts_at")
    if starts_at is None or state.starts_at is None or not state.is_open:
        return False
    return bool(starts_at < state.starts_at)


def _opened_again(state: Alert, event: Event) -> Alert:
    """Another station opened the same epoch: one occurrence, the worse of what they say of it."""
    body = event.body
    worse = SEVERITY_RANK[body["severity"]] > SEVERITY_RANK[state.severity]
    severity = body["severity"] if worse and "severity" not in state.set_by else state.severity
    ends = [at for at in (state.resolves_at, body.get("resolves_at")) if at is not None]
    state = _repeated(state, event)
    return with_changes(
        state,
        severity=severity,
        resolves_at=max(ends, default=None) if state.is_open else None,
        fired_after_end_at=state.fired_after_end_at if state.is_open else event.at_ms,
        also_done=also(state.also_done, "fired", event, origin=event.origin),
    )


def _repeated(state: Alert, event: Event) -> Alert:
    """Count it; what the source says gives way to what an operator has written."""
    body = event.body
    n = body.get("n", 1)
    if body["epoch"] != state.epoch:
        return with_changes(state, count_total=state.count_total + n)
    told = body.get("set", ())
    changed = {k: told[k] for k in CONTENT_FIELDS if k in told and k not in state.set_by}
    return with_changes(
        state,
        count=state.count + n,
        count_total=state.count_total + n,
        last_seen_at=max(state.last_seen_at, event.at_ms),
        resolves_at=body.get("resolves_at", state.resolves_at),
        sla_deadline=min(body.get("sla_deadline", state.sla_deadline), state.sla_deadline),
        **changed,
    )


def _investigating(state: Alert, event: Event) -> Alert:
    """A register with a generation: who took it at the same moment is shown beside the first.

    An event that names no generation means the next one: a take-over by someone who saw the owner.
    """
    if event.body["epoch"] != state.epoch or not state.is_open:
        return acks.of_another_epoch(state, event, "investigating")
    if state.acknowledged_at is None:
        state = acks.acknowledged(state, event)
    generation = event.body.get("generation", state.owner_generation + 1)
    if generation <= state.owner_generation:
        if event.actor == state.owner or event.actor in state.rival_owners:
            return state
        return with_changes(state, rival_owners=sorted([*state.rival_owners, event.actor]))
    return with_changes(
        state,
        status=AlertStatus.INVESTIGATING,
        owner=event.actor,
        owner_generation=generation,
        rival_owners=[],
        investigating_at=state.investigating_at or event.at_ms,
        **(acks.NO_OFFER if state.handoff_id else {}),
    )


def _resolved(state: Alert, event: Event) -> Alert:
    if event.body["epoch"] != state.epoch or event.body.get("life", state.life) != state.life:
        return acks.of_another_epoch(state, event, "resolved")
    if not state.is_open:
        return with_changes(state, also_done=also(state.also_done, "resolved", event))
    return with_changes(
        state,
        status=AlertStatus.RESOLVED,
        resolved_at=event.at_ms,
        resolved_by=event.actor,
        resolution=event.body.get("reason", ""),
        resolves_at=None,
        changes=_changed(state, event),
    )


def _closed(state: Alert, event: Event) -> Alert:
    if event.body["epoch"] != state.epoch or event.body.get("life", state.life) != state.life:
        return acks.of_another_epoch(state, event, "closed")
    if state.status == AlertStatus.CLOSED:
        return with_changes(state, also_done=also(state.also_done, "closed", event))
    if state.is_open:
        state = _resolved(state, event)
    return with_changes(
        state, status=AlertStatus.CLOSED, closed_at=event.at_ms, closed_by=event.actor
    )


def _reopened(state: Alert, event: Event) -> Alert:
    """Start the next life; a second station that did the same at the same moment adds its name."""
    body = event.body
    if body["epoch"] != state.epoch or body["life"] != state.life + 1 or state.is_open:
        return acks.of_another_epoch(state, event, "reopened")
    return with_changes(
        state,
        status=AlertStatus.ACTIVE,
        life=body["life"],
        owner=NOBODY,
        owner_generation=0,
        rival_owners=[],
        ack_id="",
        acknowledged_at=None,
        acknowledged_by=NOBODY,
        also_acknowledged_by=[],
        also_acks=[],
        response_ms=None,
        investigating_at=None,
        resolved_at=None,
        resolved_by=NOBODY,
        resolution="",
        closed_at=None,
        closed_by=NOBODY,
        fired_after_end_at=None,
        detected_at=event.at_ms,
        changes=_changed(state, event),
        sla_deadline=body["sla_deadline"],
        sla_prealarm_at=body["sla_prealarm_at"],
        sla_prealarmed=False,
        sla_breached_at=None,
        lapsed=[],
        **holding.NO_HOLD,
        **acks.NO_OFFER,
    )


def _escalated(state: Alert, event: Event) -> Alert:
    """The first incident keeps it; another one made of it at the same moment is told.

    One that is split off names where the alert was (``from``), and takes it from there.
    """
    incident_id = event.body["incident_id"]
    if state.incident_id == incident_id:
        return state
    if state.incident_id and event.body.get("from", "") != state.incident_id:
        trace = also(state.also_done, "escalated", event, incident_id=incident_id)
        return with_changes(state, also_done=trace)
    return with_changes(state, incident_id=incident_id)


def _edited(state: Alert, event: Event) -> Alert:
    """Last writer wins by canonical order; what a concurrent edit lost is kept to be shown."""
    if event.body["field"] not in EDITABLE_FIELDS:
        return state
    changes, wins = edited(state, event, SEVERITY_RANK)
    if wins and event.body["field"] == "severity" and "sla_deadline" in event.body:
        changes |= {k: event.body[k] for k in ("sla_deadline", "sla_prealarm_at")}
    return with_changes(state, **changes)


def _related(state: Alert, event: Event) -> Alert:
    other = event.body["alert_id"]
    if other in state.related_alerts:
        return state
    return with_changes(state, related_alerts=sorted([*state.related_alerts, other]))


def _prealarmed(state: Alert, event: Event) -> Alert:
    if (event.body["epoch"], event.body["life"]) != (state.epoch, state.life):
        return state
    return with_changes(state, sla_prealarmed=True)


def _breached(state: Alert, event: Event) -> Alert:
    if (event.body["epoch"], event.body["life"]) != (state.epoch, state.life):
        return state
    if state.sla_breached_at is not None or state.acknowledged_at is not None:
        return state
    return with_changes(state, sla_prealarmed=True, sla_breached_at=event.body["deadline"])


def _noted(state: Alert, _event: Event) -> Alert:
    return state


_STEPS: dict[str, Callable[[Alert, Event], Alert]] = {
    "alert.fired": _fired,
    "alert.repeated": _repeated,
    "alert.acknowledged": acks.acknowledged,
    "alert.unacknowledged": acks.unacknowledged,
    "alert.ack_renewed": acks.renewed,
    "alert.ack_held": _noted,
    "alert.ack_asked": holding.asked,
    "alert.ack_expired": acks.ack_expired,
    "alert.handoff_offered": handoff.offered,
    "alert.handoff_accepted": handoff.accepted,
    "alert.handoff_declined": handoff.declined,
    "alert.handoff_withdrawn": handoff.withdrawn,
    "alert.handoff_expired": handoff.expired,
    "alert.investigating": _investigating,
    "alert.resolved": _resolved,
    "alert.closed": _closed,
    "alert.reopened": _reopened,
    "alert.escalated": _escalated,
    "alert.edited": _edited,
    "alert.related": _related,
    "alert.sla_prealarmed": _prealarmed,
    "alert.sla_breached": _breached,
    "alert.noted": _noted,
}

ALERT_KINDS = frozenset(_STEPS)
