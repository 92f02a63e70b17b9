"""The pure fold of an alert's events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crisisdesk.domain.alert import (
    CONTENT_FIELDS,
    EDITABLE_FIELDS,
    NOBODY,
    PAST_EPOCHS_KEPT,
    STATUS_RANK,
    Alert,
    AlertStatus,
)
from crisisdesk.domain.event import Event
from crisisdesk.domain.severity import SEVERITY_RANK


def apply_alert(state: Alert | None, event: Event) -> Alert | None:
    """The state after one more event in canonical order; unknown kinds leave it as it is."""
    step = _STEPS.get(event.kind)
    if step is None:
        return state
    if state is None:
        return _open_first(event) if event.kind == "alert.fired" else None
    return step(state, event)


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
    if epoch == state.epoch or epoch in state.past_epochs:
        return _repeated(state, event)
    fresh = _open_first(event)
    return replace(
        fresh,
        epoch_no=state.epoch_no + 1,
        count_total=state.count_total + fresh.count,
        related_alerts=state.related_alerts,
        past_epochs=[*state.past_epochs, state.epoch][-PAST_EPOCHS_KEPT:],
    )


def _repeated(state: Alert, event: Event) -> Alert:
    body = event.body
    n = body.get("n", 1)
    seen = max(state.last_seen_at, event.at_ms)
    if body["epoch"] != state.epoch:
        return replace(state, count_total=state.count_total + n)
    changed = {k: body["set"][k] for k in CONTENT_FIELDS if k in body.get("set", ())}
    return replace(
        state,
        count=state.count + n,
        count_total=state.count_total + n,
        last_seen_at=seen,
        resolves_at=body.get("resolves_at", state.resolves_at),
        sla_deadline=body.get("sla_deadline", state.sla_deadline),
        **changed,
    )


def _acknowledged(state: Alert, event: Event) -> Alert:
    if event.body["epoch"] != state.epoch or not state.is_open:
        return state
    if state.acknowledged_at is not None:
        if event.actor == state.acknowledged_by or event.actor in state.also_acknowledged_by:
            return state
        return replace(state, also_acknowledged_by=[*state.also_acknowledged_by, event.actor])
    return replace(
        state,
        status=max(state.status, AlertStatus.ACKNOWLEDGED, key=STATUS_RANK.__getitem__),
        owner=event.actor,
        ack_id=event.id,
        acknowledged_at=event.at_ms,
        acknowledged_by=event.actor,
        response_ms=max(0, event.at_ms - state.detected_at),
    )


def _unacknowledged(state: Alert, event: Event) -> Alert:
    if event.body["ack_id"] != state.ack_id or not state.is_open:
        return state
    return replace(
        state,
        status=AlertStatus.ACTIVE,
        owner=NOBODY,
        ack_id="",
        acknowledged_at=None,
        acknowledged_by=NOBODY,
        also_acknowledged_by=[],
        response_ms=None,
        investigating_at=None,
    )


def _investigating(state: Alert, event: Event) -> Alert:
    if event.body["epoch"] != state.epoch or not state.is_open:
        return state
    if state.acknowledged_at is None:
        state = _acknowledged(state, event)
    return replace(
        state,
        status=AlertStatus.INVESTIGATING,
        owner=event.actor,
        investigating_at=state.investigating_at or event.at_ms,
    )


def _resolved(state: Alert, event: Event) -> Alert:
    if event.body["epoch"] != state.epoch or event.body.get("life", state.life) != state.life:
        return state
    if not state.is_open:
        return state
    return replace(
        state,
        status=AlertStatus.RESOLVED,
        resolved_at=event.at_ms,
        resolved_by=event.actor,
        resolution=event.body.get("reason", ""),
        resolves_at=None,
    )


def _closed(state: Alert, event: Event) -> Alert:
    if event.body["epoch"] != state.epoch or event.body.get("life", state.life) != state.life:
        return state
    if state.status == AlertStatus.CLOSED:
        return state
    if state.is_open:
        state = _resolved(state, event)
    return replace(state, status=AlertStatus.CLOSED, closed_at=event.at_ms, closed_by=event.actor)


def _reopened(state: Alert, event: Event) -> Alert:
    body = event.body
    if body["epoch"] != state.epoch or body["life"] != state.life + 1 or state.is_open:
        return state
    return replace(
        state,
        status=AlertStatus.ACTIVE,
        life=body["life"],
        owner=NOBODY,
        ack_id="",
        acknowledged_at=None,
        acknowledged_by=NOBODY,
        also_acknowledged_by=[],
        response_ms=None,
        investigating_at=None,
        resolved_at=None,
        resolved_by=NOBODY,
        resolution="",
        closed_at=None,
        closed_by=NOBODY,
        detected_at=event.at_ms,
        sla_deadline=body["sla_deadline"],
        sla_prealarm_at=body["sla_prealarm_at"],
        sla_prealarmed=False,
        sla_breached_at=None,
    )


def _escalated(state: Alert, event: Event) -> Alert:
    if state.incident_id:
        return state
    return replace(state, incident_id=event.body["incident_id"])


def _edited(state: Alert, event: Event) -> Alert:
    """Last writer wins by canonical order; what a concurrent edit lost is kept to be shown."""
    name, value = event.body["field"], event.body["value"]
    if name not in EDITABLE_FIELDS:
        return state
    before = state.set_by.get(name, "")
    overwritten = state.overwritten
    if before and event.body.get("base", "") != before:
        lost = {"field": name, "value": getattr(state, name), "by_event": event.id}
        overwritten = [*overwritten, lost][-PAST_EPOCHS_KEPT:]
        if name == "severity":
            value = max(value, state.severity, key=SEVERITY_RANK.__getitem__)
    extra = {}
    if name == "severity" and "sla_deadline" in event.body:
        extra = {k: event.body[k] for k in ("sla_deadline", "sla_prealarm_at")}
    return replace(
        state,
        **{name: value},
        **extra,
        overwritten=overwritten,
        set_by={**state.set_by, name: event.id},
    )


def _related(state: Alert, event: Event) -> Alert:
    other = event.body["alert_id"]
    if other in state.related_alerts:
        return state
    return replace(state, related_alerts=sorted([*state.related_alerts, other]))


def _prealarmed(state: Alert, event: Event) -> Alert:
    if (event.body["epoch"], event.body["life"]) != (state.epoch, state.life):
        return state
    return replace(state, sla_prealarmed=True)


def _breached(state: Alert, event: Event) -> Alert:
    if (event.body["epoch"], event.body["life"]) != (state.epoch, state.life):
        return state
    if state.sla_breached_at is not None or state.acknowledged_at is not None:
        return state
    return replace(state, sla_prealarmed=True, sla_breached_at=event.body["deadline"])


def _noted(state: Alert, _event: Event) -> Alert:
    return state


_STEPS: dict[str, Callable[[Alert, Event], Alert]] = {
    "alert.fired": _fired,
    "alert.repeated": _repeated,
    "alert.acknowledged": _acknowledged,
    "alert.unacknowledged": _unacknowledged,
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
