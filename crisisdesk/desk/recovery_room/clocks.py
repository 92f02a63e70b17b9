"""The running clocks of runs for the clock strip, and how grave what waits is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.frame.clock_strip import ClockCell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.desk.recovery_room.reading import RunLine
    from crisisdesk.domain.recovery.objective import Standing

MOST = 12
# So many signs of a procedure's name stand in a clock.
TITLE = 26
# A run has a clock of its own for the whole, beside that of its step.
OBJECTIVE = " objective"


def run_clocks(runs: Iterable[RunLine]) -> list[ClockCell]:
    """The next `MOST` deadlines: approvals that run out, steps that are to be over, and by when all
    is to be back."""
    runs = list(runs)
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
    cells += [_objective_cell(one, one.objective) for one in runs if one.objective is not None]
    return sorted(cells, key=lambda cell: cell.deadline_ms)[:MOST]


def _objective_cell(run: RunLine, one: Standing) -> ClockCell:
    return ClockCell(
        key=f"{run.run_id}{OBJECTIVE}",
        label=f"recovered by: {_short(run.title)}",
        icon="life-buoy",
        deadline_ms=one.by,
        total_ms=one.within_ms,
    )


def _short(title: str) -> str:
    return title if len(title) <= TITLE else f"{title[: TITLE - 1].rstrip()}…"


def gravity(runs: Iterable[RunLine]) -> str:
    """``high`` where a step or the whole is late; "" otherwise."""
    return "high" if any(one.turn.is_late or _is_missed(one) for one in runs) else ""


def _is_missed(run: RunLine) -> bool:
    return run.objective is not None and run.objective.state == "missed"
