"""One batch of events out of many origins' logs, an even share of it for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from crisisdesk.domain.event import Stored
from crisisdesk.engine.exchange.ports import BATCH_BYTES

# (origin, after seq, at most so many events, at most so many bytes) -> consecutive events; the
# first of them whatever its size.
Read = Callable[[str, int, int, int], Sequence[Stored]]


def pull_evenly(vector: Mapping[str, int], limit: int, read: Read) -> list[Stored]:
    """Events behind ``vector``, by origin and seq, no gap; at most ``limit`` and `BATCH_BYTES`.

    No origin gets more than its share while another waits: one that writes without end must not
    keep the few events of the others back. A single event larger than a batch comes alone.
    """
    found: dict[str, list[Stored]] = {origin: [] for origin in sorted(vector)}
    waiting, left, room = list(found), limit, BATCH_BYTES
    while waiting and left > 0:
        share = max(1, left // len(waiting))
        more: list[str] = []
        for origin in waiting:
            if left <= 0:
                break
            mine = found[origin]
            events = read(origin, vector[origin] + len(mine), share, room)
            size = sum(len(event.raw) + len(event.body) for event in events)
            if size > room and any(found.values()):
                continue
            mine += events
            left, room = left - len(events), max(0, room - size)
            if len(events) == share:
                more.append(origin)
        waiting = more if room else []
    return [event for events in found.values() for event in events]
