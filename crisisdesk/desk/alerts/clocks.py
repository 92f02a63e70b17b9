"""The clocks of alerts that nobody has: how long their first answer may still take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.frame.clock_strip import ClockCell

if TYPE_CHECKING:
    from crisisdesk.desk.alerts.tally import Tally

MOST = 40


def due_cells(tally: Tally) -> list[ClockCell]:
    """The acknowledgements that are due next, at most `MOST`."""
    return [
        ClockCell(
            key=row.alert_id,
            label=f"ack: {row.service or row.source}",
            icon="timer",
            deadline_ms=row.sla_deadline,
            total_ms=row.sla_deadline - row.detected_at,
            grave=True,
        )
        for row in tally.next_due(MOST)
    ]
