"""Heartbeats: declared, paused, taken away, and what a station that hears them writes down."""

from __future__ import annotations

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.heartbeat import (
    NAME_LIMIT,
    SOURCE,
    Heartbeat,
    content_of,
    heartbeats,
)
from crisisdesk.domain.ids import short_id
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.domain.station import HEARD, Station
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
from crisisdesk.engine.heartbeat_commands import (
    Declared,
    DeclareHeartbeat,
    ListHeartbeats,
    NoteBeats,
    PauseHeartbeat,
    RemoveHeartbeat,
)
from crisisdesk.engine.heartbeat_signals import STATION_KEY
from crisisdesk.engine.workbench import Workbench

HEARTBEATS = Kind(
    word="heartbeat", standing=heartbeats, id_of=lambda one: one.heartbeat_id, most=10_000
)


def declare_heartbeat(command: DeclareHeartbeat, bench: Workbench) -> str:
    """Publish it; its predecessor is withdrawn, so that taking it away leaves none."""
    name = checked_text(command.name, "name", NAME_LIMIT, required=True)
    before = needed(bench, HEARTBEATS, command.heartbeat_id) if command.heartbeat_id else None
    check_name(bench, HEARTBEATS, name, command.heartbeat_id)
    token_hash = command.token_hash or (before.token_hash if before else "")
    if not token_hash:
        raise Malformed("token_hash", "is missing", "send the hash of its address's secret part")
    heartbeat_id = before.heartbeat_id if before else short_id("HB", bench.random_bytes(5))
    paused = before is not None and before.paused
    content = content_of(
        heartbeat_id=heartbeat_id,
        every_ms=command.every_ms,
        grace_ms=command.grace_ms,
        severity=command.severity,
        token_hash=token_hash,
        paused=paused,
        since=bench.now,
    )
    publish(bench, HEARTBEATS, name, content, before)
    return heartbeat_id


def pause_heartbeat(command: PauseHeartbeat, bench: Workbench) -> None:
    """Another version that says so; none where it stands so already."""
    known = needed(bench, HEARTBEATS, command.heartbeat_id)
    if known.paused == command.paused:
        return
    pause(bench, HEARTBEATS, known, paused=command.paused)
    if command.paused:
        _end(bench, known, "the heartbeat was paused")


def remove_heartbeat(command: RemoveHeartbeat, bench: Workbench) -> None:
    """Withdraw every version that still stands: an older one must not come to life."""
    known = needed(bench, HEARTBEATS, command.heartbeat_id)
    withdraw(bench, HEARTBEATS, known.heartbeat_id)
    _end(bench, known, "the heartbeat was removed")


def list_heartbeats(command: ListHeartbeats, bench: Workbench) -> Declared:
    """What is declared and heard, and whose alert is open."""
    found = heartbeats(bench.at_hand.policies())
    names = list(dict.fromkeys((bench.station_id, *command.stations)))
    keys = [*(one.heartbeat_id for one in found), *(STATION_KEY + name for name in names)]
    bench.prefetch(names)
    stations = {name: bench.get(name) for name in names}
    return Declared(
        station_id=bench.station_id,
        found=tuple(found),
        hears={name: s.hears for name, s in stations.items() if isinstance(s, Station)},
        told=open_since(bench, SOURCE, keys),
    )


def note_beats(command: NoteBeats, bench: Workbench) -> None:
    """One event for all that is heard; alerts only where they change."""
    known = {one.heartbeat_id: one for one in heartbeats(bench.at_hand.policies())}
    beats = {name: at for name, at in sorted(command.beats.items()) if name in known}
    if beats:
        bench.emit(bench.station_id, HEARD, {"beats": beats})
    counted = [s for s in command.signals if _counts(bench, known, s, again=command.again)]
    take_in(TakeIn(signals=counted), bench)


def _counts(bench: Workbench, known: dict[str, Heartbeat], signal: Signal, *, again: bool) -> bool:
    is_open = is_open_of(bench, signal.source, signal.key)
    if signal.action != SignalAction.FIRE:
        return is_open
    one = known.get(signal.key)
    is_known = signal.key.startswith(STATION_KEY) or (one is not None and not one.paused)
    return is_known and (again or not is_open)


def _end(bench: Workbench, one: Heartbeat, why: str) -> None:
    signal = Signal(
        source=SOURCE,
        key=one.heartbeat_id,
        action=SignalAction.RESOLVE,
        severity=Severity(one.severity),
        title=one.name,
        note=why,
    )
    take_in(TakeIn(signals=[signal]), bench)
