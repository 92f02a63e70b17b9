"""Sources: declared, paused, taken away, and the alerts that come of looking at them."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.detection.source import (
    ALERT_SOURCE,
    NAME_LIMIT,
    SERVICE_LIMIT,
    Source,
    alert_key,
    content_of,
    read_source,
    sources,
)
from crisisdesk.domain.errors import Conflict, NotFound
from crisisdesk.domain.ids import alert_id_of, policy_version_id_of, short_id
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.handlers.heartbeats import is_open_of
from crisisdesk.engine.handlers.intake import take_in
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.source_commands import (
    DeclaredSources,
    DeclareSource,
    ListSources,
    NoteLooks,
    PauseSource,
    RemoveSource,
)
from crisisdesk.engine.source_signals import ended, network_key
from crisisdesk.engine.workbench import Workbench

MOST = 10_000


def declare_source(command: DeclareSource, bench: Workbench) -> str:
    """Publish it; its predecessor is withdrawn, so that taking it away leaves none."""
    name = checked_text(command.name, "name", NAME_LIMIT, required=True)
    service = checked_text(command.service, "service", SERVICE_LIMIT)
    known = sources(bench.at_hand.policies())
    before = _needed(bench, command.source_id) if command.source_id else None
    if any(k.name == name and k.source_id != command.source_id for k in known):
        raise Conflict("name", f"{name!r} is a source already", "choose another name")
    if before is None and len(known) >= MOST:
        raise Conflict("name", f"there are {MOST} sources", "remove one first")
    if before is not None and before.type != command.type:
        raise Conflict("type", f"is {before.type}", "remove this source and declare another")
    source_id = before.source_id if before else short_id("SRC", bench.random_bytes(5))
    content = content_of(
        source_id=source_id,
        type_=command.type,
        settings=command.settings,
        every_ms=command.every_ms,
        timeout_ms=command.timeout_ms,
        failures=command.failures,
        severity=command.severity,
        service=service,
        where=command.where,
        paused=before is not None and before.paused,
        since=bench.now,
    )
    _publish(bench, name, content, before)
    if before is not None and before.where != command.where:
        # Its alerts have other keys from now on; nobody would end these.
        _end_all(bench, before, "the source is looked at from elsewhere now")
    return source_id


def pause_source(command: PauseSource, bench: Workbench) -> None:
    """Another version that says so; none where it stands so already."""
    known = _needed(bench, command.source_id)
    if known.paused == command.paused:
        return
    content = content_of(
        source_id=known.source_id,
        type_=known.type,
        settings=known.settings,
        every_ms=known.every_ms,
        timeout_ms=known.timeout_ms,
        failures=known.failures,
        severity=known.severity,
        service=known.service,
        where=known.where,
        paused=command.paused,
        since=bench.now,
    )
    _publish(bench, known.name, content, known)
    if command.paused:
        _end_all(bench, known, "the source was paused")


def remove_source(command: RemoveSource, bench: Workbench) -> None:
    """Withdraw every version that still stands: an older one must not come to life."""
    known = _needed(bench, command.source_id)
    _withdraw(bench, known.source_id)
    _end_all(bench, known, "the source was removed")


def list_sources(_command: ListSources, bench: Workbench) -> DeclaredSources:
    """What is declared, and whose alert is open."""
    found = sources(bench.at_hand.policies())
    keys = [*(alert_key(one, bench.station_id) for one in found), network_key(bench.station_id)]
    alerts = {key: alert_id_of(ALERT_SOURCE, key) for key in keys}
    bench.prefetch(list(alerts.values()))
    return DeclaredSources(
        station_id=bench.station_id,
        found=tuple(found),
        told={
            key: alert.detected_at
            for key, alert_id in alerts.items()
            if isinstance(alert := bench.get(alert_id), Alert) and alert.is_open
        },
    )


def note_looks(command: NoteLooks, bench: Workbench) -> None:
    """Alerts only where they change."""
    meant = {signal.key.partition("@")[0] for signal in command.signals}
    # Reading them all takes a while where a thousand report at once.
    versions = [v for v in bench.at_hand.policies() if v.content.get("source") in meant]
    keys = {alert_key(one, bench.station_id) for one in sources(versions) if not one.paused}
    keys.add(network_key(bench.station_id))
    counted = [s for s in command.signals if s.key in keys and _counts(bench, s, command.again)]
    take_in(TakeIn(signals=counted), bench)


def _counts(bench: Workbench, signal: Signal, again: bool) -> bool:
    is_open = is_open_of(bench, signal.source, signal.key)
    if signal.action != SignalAction.FIRE:
        return is_open
    return again or not is_open


def _needed(bench: Workbench, source_id: str) -> Source:
    for one in sources(bench.at_hand.policies()):
        if one.source_id == source_id:
            return one
    raise NotFound("source_id", "is no source of this station", "list them first")


def _publish(bench: Workbench, name: str, content: dict[str, Any], before: Source | None) -> None:
    version_id = policy_version_id_of(name, content)
    if before is not None and before.version_id == version_id:
        return
    if bench.get(version_id) is not None:
        raise Conflict("source_id", "was changed in this very moment", "try again")
    body: dict[str, Any] = {"name": name, "content": content}
    if before is not None:
        body["replaces"] = before.version_id
        _withdraw(bench, before.source_id)
    bench.emit(version_id, "policy.published", body)


def _withdraw(bench: Workbench, source_id: str) -> None:
    for version in bench.at_hand.policies():
        told = read_source(version)
        if told is not None and told.source_id == source_id:
            bench.emit(version.version_id, "policy.withdrawn", {})


def _end_all(bench: Workbench, one: Source, why: str) -> None:
    """End its alerts, those of all stations that look at it for themselves among them."""
    keys = [
        alert.key
        for alert in bench.journal.open_alerts()
        if alert.source == ALERT_SOURCE and alert.key.partition("@")[0] == one.source_id
    ]
    # What this very group of commands has opened is not in the file yet.
    keys += [one.source_id, alert_key(one, bench.station_id)]
    take_in(TakeIn(signals=[ended(one, key, why) for key in dict.fromkeys(keys)]), bench)
