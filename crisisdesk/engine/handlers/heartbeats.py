"""Heartbeats: declared, paused, taken away, and what a station that hears them writes down."""

from __future__ import annotations

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.heartbeat import (
    NAME_LIMIT,
    SOURCE,
    Heartbeat,
    content_of,
    heartbeats,
    read_heartbeat,
)
from crisisdesk.domain.ids import alert_id_of, policy_version_id_of, short_id
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.domain.station import HEARD, Station
from crisisdesk.engine.commands import TakeIn
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

MOST = 10_000


def declare_heartbeat(command: DeclareHeartbeat, bench: Workbench) -> str:
    """Publish it; its predecessor is withdrawn, so that taking it away leaves none."""
    name = checked_text(command.name, "name", NAME_LIMIT, required=True)
    known = heartbeats(bench.at_hand.policies())
    before = _needed(bench, command.heartbeat_id) if command.heartbeat_id else None
    if any(k.name == name and k.heartbeat_id != command.heartbeat_id for k in known):
        raise Conflict("name", f"{name!r} is a heartbeat already", "choose another name")
    if before is None and len(known) >= MOST:
        raise Conflict("name", f"there are {MOST} heartbeats", "remove one first")
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
    _publish(bench, name, content, before)
    return heartbeat_id


def pause_heartbeat(command: PauseHeartbeat, bench: Workbench) -> None:
    """Another version that says so; none where it stands so already."""
    known = _needed(bench, command.heartbeat_id)
    if known.paused == command.paused:
        return
    content = content_of(
        heartbeat_id=known.heartbeat_id,
        every_ms=known.every_ms,
        grace_ms=known.grace_ms,
        severity=known.severity,
        token_hash=known.token_hash,
        paused=command.paused,
        since=bench.now,
    )
    _publish(bench, known.name, content, known)
    if command.paused:
        _end(bench, known, "the heartbeat was paused")


def remove_heartbeat(command: RemoveHeartbeat, bench: Workbench) -> None:
    """Withdraw every version that still stands: an older one must not come to life."""
    known = _needed(bench, command.heartbeat_id)
    _withdraw(bench, known.heartbeat_id)
    _end(bench, known, "the heartbeat was removed")


def list_heartbeats(command: ListHeartbeats, bench: Workbench) -> Declared:
    """What is declared and heard, and whose alert is open."""
    found = heartbeats(bench.at_hand.policies())
    names = list(dict.fromkeys((bench.station_id, *command.stations)))
    keys = [*(one.heartbeat_id for one in found), *(STATION_KEY + name for name in names)]
    alerts = {key: alert_id_of(SOURCE, key) for key in keys}
    bench.prefetch([*names, *alerts.values()])
    stations = {name: bench.get(name) for name in names}
    return Declared(
        station_id=bench.station_id,
        found=tuple(found),
        hears={name: s.hears for name, s in stations.items() if isinstance(s, Station)},
        told={
            key: alert.detected_at
            for key, alert_id in alerts.items()
            if isinstance(alert := bench.get(alert_id), Alert) and alert.is_open
        },
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


def _needed(bench: Workbench, heartbeat_id: str) -> Heartbeat:
    for one in heartbeats(bench.at_hand.policies()):
        if one.heartbeat_id == heartbeat_id:
            return one
    raise NotFound(
        # What was sent may be the secret part of an address; it does not come back.
        "heartbeat_id",
        "is no heartbeat of this station",
        "list them first",
    )


def _publish(
    bench: Workbench, name: str, content: dict[str, object], before: Heartbeat | None
) -> None:
    version_id = policy_version_id_of(name, content)
    if before is not None and before.version_id == version_id:
        return
    if bench.get(version_id) is not None:
        raise Conflict("heartbeat_id", "was changed in this very moment", "try again")
    body: dict[str, object] = {"name": name, "content": content}
    if before is not None:
        body["replaces"] = before.version_id
        _withdraw(bench, before.heartbeat_id)
    bench.emit(version_id, "policy.published", body)


def _withdraw(bench: Workbench, heartbeat_id: str) -> None:
    for version in bench.at_hand.policies():
        told = read_heartbeat(version)
        if told is not None and told.heartbeat_id == heartbeat_id:
            bench.emit(version.version_id, "policy.withdrawn", {})


def is_open_of(bench: Workbench, source: str, key: str) -> bool:
    """Whether the alert of this source and key is open."""
    alert = bench.get(alert_id_of(source, key))
    return isinstance(alert, Alert) and alert.is_open


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
