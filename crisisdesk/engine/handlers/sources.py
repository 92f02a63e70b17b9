"""Sources: declared, paused, taken away, and the alerts that come of looking at them."""

from __future__ import annotations

from crisisdesk.domain.detection.source import (
    ALERT_SOURCE,
    NAME_LIMIT,
    SERVICE_LIMIT,
    Source,
    alert_key,
    content_of,
    sources,
)
from crisisdesk.domain.errors import Conflict
from crisisdesk.domain.ids import short_id
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.handlers.declaring import (
    Kind,
    check_name,
    is_open_of,
    needed,
    open_since,
    pause,
    publish,
    withdraw,
)
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

SOURCES = Kind(word="source", standing=sources, id_of=lambda one: one.source_id, most=10_000)


def declare_source(command: DeclareSource, bench: Workbench) -> str:
    """Publish it; its predecessor is withdrawn, so that taking it away leaves none."""
    name = checked_text(command.name, "name", NAME_LIMIT, required=True)
    service = checked_text(command.service, "service", SERVICE_LIMIT)
    before = needed(bench, SOURCES, command.source_id) if command.source_id else None
    check_name(bench, SOURCES, name, command.source_id)
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
    publish(bench, SOURCES, name, content, before)
    if before is not None and before.where != command.where:
        # Its alerts have other keys from now on; nobody would end these.
        _end_all(bench, before, "the source is looked at from elsewhere now")
    return source_id


def pause_source(command: PauseSource, bench: Workbench) -> None:
    """Another version that says so; none where it stands so already."""
    known = needed(bench, SOURCES, command.source_id)
    if known.paused == command.paused:
        return
    pause(bench, SOURCES, known, paused=command.paused)
    if command.paused:
        _end_all(bench, known, "the source was paused")


def remove_source(command: RemoveSource, bench: Workbench) -> None:
    """Withdraw every version that still stands: an older one must not come to life."""
    known = needed(bench, SOURCES, command.source_id)
    withdraw(bench, SOURCES, known.source_id)
    _end_all(bench, known, "the source was removed")


def list_sources(_command: ListSources, bench: Workbench) -> DeclaredSources:
    """What is declared, and whose alert is open."""
    found = sources(bench.at_hand.policies())
    keys = [*(alert_key(one, bench.station_id) for one in found), network_key(bench.station_id)]
    return DeclaredSources(
        station_id=bench.station_id,
        found=tuple(found),
        told=open_since(bench, ALERT_SOURCE, keys),
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
