"""The clocks of alerts that nobody has."""

from __future__ import annotations

from crisisdesk.desk.alerts.clocks import MOST, due_cells
from crisisdesk.desk.alerts.tally import Tally

from tests.desk.alerts.rows import NOW, alert_row, taken


def test_what_nobody_has_has_a_clock_and_the_next_one_comes_first() -> None:
    tally = Tally()
    late = alert_row("A-2", sla_deadline=NOW + 900_000, service="")
    tally.learn([late, alert_row("A-1"), taken(alert_row("A-3"))])
    cells = due_cells(tally)
    assert [(cell.key, cell.label) for cell in cells] == [
        ("A-1", "ack: db-primary"),
        ("A-2", "ack: prometheus"),
    ]
    assert (cells[0].deadline_ms, cells[0].total_ms) == (NOW + 600_000, 720_000)


def test_there_are_only_so_many() -> None:
    tally = Tally()
    tally.learn([alert_row(f"A-{n}") for n in range(MOST + 5)])
    assert len(due_cells(tally)) == MOST
