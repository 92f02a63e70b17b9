"""The running clocks of runs for the clock strip, and how grave what waits is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.frame.clock_strip import ClockCell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.desk.recovery_room.reading import RunLine

MOST = 12


def run_clocks(runs: Iterable[RunLine]) -> list[ClockCell]:
    """The next `MOST` deadlines: approvals that run out, steps that are to be over."""
    cells = [
        ClockCell(
            key=one.run_id,
            label=f"{'approval' if one.turn.is_approval else 'step'}: {one.turn.title}"[:40],
            icon="stamp" if one.turn.is_approval else "book-open-check",
            deadline_ms=one.turn.due_at,
            total_ms=one.turn.due_at - (one.turn.since or one.started_at),
        )
        for one in runs
        if one.turn.due_at is not None
    ]
    return sorted(cells, key=lambda cell: cell.deadline_ms)[:MOST]


def gravity(runs: Iterable[RunLine]) -> str:
    """``high`` where something is late; "" otherwise."""
    return "high" if any(one.turn.is_late for one in runs) else ""
