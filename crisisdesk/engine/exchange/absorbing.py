"""Taking over a batch in pieces, so that an operator's command never waits for more than one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crisisdesk.domain.event import Stored
from crisisdesk.engine.exchange.ports import PULL_EVENTS, Absorbed

PIECE_EVENTS = 1_000
# A tenth of a second of work: what an operator waits at most while a station catches up.
LARGE_PIECE_EVENTS = 2_500


def absorb_in_pieces(
    events: Sequence[Stored],
    absorb: Callable[[Sequence[Stored]], Absorbed],
    anyone_waits: Callable[[], object],
) -> Absorbed:
    """Give ``events`` to ``absorb`` a piece at a time; what became of all of them.

    In larger pieces, which are less work in all, while far behind and nobody waits.
    """
    taken, aside, start = 0, dict[str, str](), 0
    far_behind = len(events) >= PULL_EVENTS
    while start < len(events):
        large = far_behind and not anyone_waits()
        end = start + (LARGE_PIECE_EVENTS if large else PIECE_EVENTS)
        absorbed = absorb(events[start:end])
        taken += absorbed.events
        aside.update(absorbed.quarantined)
        start = end
    return Absorbed(events=taken, quarantined=aside)
