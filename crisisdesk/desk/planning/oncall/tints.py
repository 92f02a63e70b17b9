"""A tint for each person: the same on every station, apart as long as there are tints for all."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

# The series of charts that people are told apart by; the pink one is left out, as red means a gap.
SERIES = (0, 1, 2, 3, 5, 6, 7)
TINTS = len(SERIES)
GROUND_SHARE = 0.20


def tints(contact_ids: Iterable[str], count: int = TINTS) -> dict[str, int]:
    """A number below ``count`` for each contact.

    It comes from the id alone; where two would have the same one, the id that sorts later takes
    the next that is free. With more people than tints some share one: a name always stands with it.
    """
    found: dict[str, int] = {}
    free = set(range(count))
    for contact_id in sorted(set(contact_ids)):
        wanted = crc32(contact_id.encode()) % count
        if not free:
            free = set(range(count))
        while wanted not in free:
            wanted = (wanted + 1) % count
        free.discard(wanted)
        found[contact_id] = wanted
    return found


def mixed(tint: int, ground: int, share: float) -> int:
    """``share`` of one colour over another, both 0xRRGGBB."""
    channels = []
    for shift in (16, 8, 0):
        over, under = tint >> shift & 0xFF, ground >> shift & 0xFF
        channels.append(round(over * share + under * (1 - share)))
    return channels[0] << 16 | channels[1] << 8 | channels[2]
