"""Whether someone else writes under this station's origin, and up to where all hold the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from crisisdesk.domain.event import GENESIS
from crisisdesk.engine.commands import LeaveOrigin
from crisisdesk.engine.exchange.ports import Hub, Mark, SyncLog

HashAt = Callable[[int], bytes | None]


def leave(hub: Hub, log_here: SyncLog, theirs: Mark, ask: Callable[[LeaveOrigin], str]) -> str:
    """Have the own origin left behind the last place where the hub's chain and this one agree.

    ``theirs`` is where the hub's copy of it ends; ``ask`` hands the command to the one writer and
    waits for its result. Returns the origin under which this station writes then.
    """
    own = log_here.own_origin()
    mark = log_here.marks().get(own, Mark(0, GENESIS))
    agreed = last_agreed(hub, own, mark.seq, partial(log_here.hash_at, own), theirs)
    return ask(LeaveOrigin(origin=own, agreed=agreed))


def left_behind(hub: Hub, origin: str, seq: int, hash_at: HashAt) -> Mark | None:
    """None when the hub holds nothing of ``origin`` but what is here, else the last common place.

    ``seq`` is where the log of ``origin`` ends here, ``hash_at`` its chain. May raise HubAway.
    """
    theirs = hub.heads().get(origin)
    if theirs is None:
        return None
    if theirs.seq <= seq and hash_at(theirs.seq) in (theirs.hash, None):
        return None
    return last_agreed(hub, origin, seq, hash_at, theirs)


def last_agreed(hub: Hub, origin: str, seq: int, hash_at: HashAt, theirs: Mark) -> Mark:
    """The last place at which the hub's chain of ``origin`` and the one here have the same hash.

    Chains that agree at one place agree at every earlier one, so it is found in about log2(seq)
    questions. What either side has compacted away counts as agreed: it was everywhere once.
    """
    good = Mark(0, GENESIS)
    low, high = 0, min(seq, theirs.seq)
    while low < high:
        middle = high if low == 0 and high == min(seq, theirs.seq) else (low + high + 1) // 2
        ours = hash_at(middle)
        hubs = theirs.hash if middle == theirs.seq else _hub_hash(hub, origin, middle)
        if ours is None or hubs is None or ours == hubs:
            low = middle
            good = Mark(middle, ours or hubs or b"")
        else:
            high = middle - 1
    return good


def _hub_hash(hub: Hub, origin: str, seq: int) -> bytes | None:
    """What the hub's chain says there; None when it does not hand that event out."""
    for stored in hub.pull({origin: seq - 1}, 1):
        if (stored.origin, stored.seq) == (origin, seq):
            return stored.hash
    return None
