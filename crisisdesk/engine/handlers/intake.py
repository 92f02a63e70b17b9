"""Taking signals in: dedup into epochs, repeats, resolves, and the pages a new alert causes."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import CONTENT_FIELDS, OPEN_STATUSES, Alert
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.handlers import escalating
from crisisdesk.engine.handlers.leases import with_hold
from crisisdesk.engine.workbench import Workbench

_SOURCE_OF = {"technical_details": "details"}
_CONTENT_OF_SIGNAL = tuple((name, _SOURCE_OF.get(name, name)) for name in CONTENT_FIELDS)


def take_in(command: TakeIn, bench: Workbench) -> list[str]:
    """Decide what each signal means; returns the alert ids, "" where nothing was concerned."""
    ids = [alert_id_of(s.source, s.key) for s in command.signals]
    if len(ids) > 1:
        bench.prefetch(ids)
    return [_take(bench, alert_id, s) for alert_id, s in zip(ids, command.signals, strict=True)]


def _take(bench: Workbench, alert_id: str, signal: Signal) -> str:
    state = bench.get(alert_id)
    alert = state if isinstance(state, Alert) else None
    if signal.action == SignalAction.FIRE:
        _fire(bench, alert_id, alert, signal)
        return alert_id
    if alert is None or not alert.is_open:
        return ""
    if signal.starts_at is not None and str(signal.starts_at) in alert.past_epochs:
        return ""
    if signal.action == SignalAction.RESOLVE:
        body: dict[str, Any] = {"epoch": alert.epoch, "life": alert.life}
        body["reason"] = signal.note or "its source reports it over"
        if signal.ends_at is not None:
            body["ended_at"] = signal.ends_at
        bench.emit(alert_id, "alert.resolved", body)
    elif alert.acknowledged_at is None:
        body = {"epoch": alert.epoch, **with_hold(bench, alert)}
        bench.emit(alert_id, "alert.acknowledged", body)
    else:
        return ""
    return alert_id


def _fire(bench: Workbench, alert_id: str, alert: Alert | None, signal: Signal) -> None:
    if alert is None:
        epoch = "n1" if signal.starts_at is None else str(signal.starts_at)
        _open_epoch(bench, alert_id, epoch, signal)
    elif alert.status in OPEN_STATUSES:
        _repeat(bench, alert, alert.epoch, signal)
    elif _is_late_report(alert, signal):
        bench.emit(alert_id, "alert.repeated", {"epoch": alert.epoch, "n": 1})
    else:
        _open_epoch(bench, alert_id, _next_epoch(alert, signal), signal)


def _is_late_report(alert: Alert, signal: Signal) -> bool:
    """A source that has reported an occurrence over does not mean it anew by the same start."""
    if signal.starts_at is None:
        return False
    start = str(signal.starts_at)
    return start in alert.past_epochs or (
        start == alert.epoch and alert.resolved_by.startswith("source:")
    )


def _next_epoch(alert: Alert, signal: Signal) -> str:
    if signal.starts_at is None:
        return f"n{alert.epoch_no + 1}"
    start = str(signal.starts_at)
    return f"{start}.{alert.epoch_no + 1}" if alert.epoch.startswith(start) else start


def _open_epoch(bench: Workbench, alert_id: str, epoch: str, signal: Signal) -> None:
    sla = bench.policy.sla
    body: dict[str, Any] = {
        "source": signal.source,
        "key": signal.key,
        "epoch": epoch,
        "sla_deadline": sla.deadline(signal.severity, bench.now),
        "sla_prealarm_at": sla.prealarm(signal.severity, bench.now),
        "detection_method": signal.detection_method,
    }
    for name, attribute in _CONTENT_OF_SIGNAL:
        value = getattr(signal, attribute)
        if value:
            body[name] = value
    if signal.starts_at is not None:
        body["starts_at"] = signal.starts_at
    if signal.ends_at is not None:
        body["resolves_at"] = signal.ends_at
    bench.emit(alert_id, "alert.fired", body)
    escalating.begin(bench, alert_id)


def _repeat(bench: Workbench, alert: Alert, epoch: str, signal: Signal) -> None:
    """Count it, and carry over what the source now says and no operator has edited."""
    changed = {
        name: value
        for name, attribute in _CONTENT_OF_SIGNAL
        if (value := getattr(signal, attribute)) != getattr(alert, name)
        and name not in alert.set_by
        and value
    }
    body: dict[str, Any] = {"epoch": epoch, "n": 1}
    if signal.ends_at is not None:
        body["resolves_at"] = signal.ends_at
    if changed:
        body["set"] = changed
    worse = SEVERITY_RANK[changed.get("severity", "low")] > SEVERITY_RANK[alert.severity]
    if worse:
        body["sla_deadline"] = min(
            alert.sla_deadline, bench.policy.sla.deadline(signal.severity, bench.now)
        )
    bench.emit(alert.alert_id, "alert.repeated", body)
    if worse:
        escalating.raised(bench, alert.alert_id)
