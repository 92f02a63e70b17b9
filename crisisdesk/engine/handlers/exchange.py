"""Taking over what other stations wrote."""

from __future__ import annotations

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import GENESIS, Event, Sealed, check_stored
from crisisdesk.domain.soundness import contradicts_itself
from crisisdesk.engine.commands import (
    Absorb,
    CompactLog,
    InstallSnapshot,
    KeepHeads,
    LeaveOrigin,
    NoteRejoin,
)
from crisisdesk.engine.exchange.ports import Absorbed
from crisisdesk.engine.workbench import Workbench

# About the year 4200: half of what a signed 64 bit number can hold.
LATEST_HLC = 2**62
_INT, _STR = {int}, {str}


def absorb(command: Absorb, bench: Workbench) -> Absorbed:
    """Keep what continues its origin's chain; an origin with a bad event waits, others go on."""
    ends = bench.ends(sorted({stored.origin for stored in command.events}))
    good: list[Sealed] = []
    bad: dict[str, str] = {}
    for stored in command.events:
        seq, digest = ends.get(stored.origin, (0, GENESIS))
        if stored.origin in bad or stored.seq <= seq:
            continue
        if stored.origin == bench.origin:
            bad[stored.origin] = f"someone else wrote event {stored.seq} as this station"
            continue
        if stored.seq != seq + 1:
            bad[stored.origin] = f"event {stored.seq} came after {seq}"
            continue
        try:
            sealed = check_stored(stored, digest)
            _check_envelope(sealed.event)
        except Malformed as error:
            bad[stored.origin] = str(error)
            continue
        good.append(sealed)
        ends[stored.origin] = (stored.seq, sealed.hash)
    if good:
        bench.absorb(good)
    return Absorbed(events=len(good), quarantined=bad)


def _check_envelope(event: Event) -> None:
    """Raises Malformed for an envelope that no station writes and no table takes.

    A hash only proves whose bytes these are. An hlc near the end of its range would leave every
    clock that has seen it nowhere to go.
    """
    numbers = (event.hlc, event.wall_ms, event.hub_offset_ms, event.v)
    texts = (event.origin, event.id, event.agg, event.kind, event.actor, *event.causes)
    if {*map(type, numbers)} != _INT or min(numbers) <= -LATEST_HLC or max(numbers) >= LATEST_HLC:
        why = "has a number out of range"
    elif {*map(type, texts)} != _STR or type(event.dedup_id) not in (str, type(None)):
        why = "has a text that is none"
    elif type(event.body) is not dict:
        why = "has no body"
    elif contradicts_itself(event.agg, event.kind):
        why = f"is of kind {event.kind} and about {event.agg}"
    else:
        return
    field = f"event {event.origin[:8]}/{event.seq}"
    raise Malformed(field, why, "update the station that wrote it")


def note_rejoin(command: NoteRejoin, bench: Workbench) -> None:
    """A fact of this station, from which every desk can show what changed while it was cut off."""
    body = {
        "since_ms": command.since_ms,
        "until_ms": command.until_ms,
        "origin": command.origin,
        "first_seq": command.first_seq,
        "last_seq": command.last_seq,
        "others": command.others,
    }
    bench.emit(bench.station_id, "station.rejoined", body)


def compact_log(command: CompactLog, bench: Workbench) -> int:
    """Let old events leave; no state changes by it, so nothing on the bench does."""
    return bench.journal.compact(command.piece)


def install_snapshot(command: InstallSnapshot, bench: Workbench) -> None:
    """What the snapshot says stands from here on."""
    bench.install(command.step)


def leave_origin(command: LeaveOrigin, bench: Workbench) -> str:
    """Leave it, unless that was done already; nothing that was acknowledged is dropped."""
    if bench.origin == command.origin:
        bench.leave(command.agreed.seq)
    return bench.origin


def keep_heads(command: KeepHeads, bench: Workbench) -> None:
    """Keep the witnesses' words beside the log."""
    bench.journal.keep_heads(command.heads)
