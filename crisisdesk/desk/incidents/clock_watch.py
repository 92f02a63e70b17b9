"""What runs out in all incidents: tasks, and roles that are offered to whoever sits here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.offer_watch import OfferWatch
from crisisdesk.desk.incidents.task_watch import TaskWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.frame.clock_strip import ClockCell
    from crisisdesk.desk.incidents.offers import Offered
    from crisisdesk.desk.incidents.task_news import Led
    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change


class ClockWatch:
    """Both watches as one. ``changed`` is called when clocks did."""

    def __init__(
        self,
        desk: Desk,
        changed: Callable[[], None],
        overdue: Callable[[Led], None],
        offered: Callable[[Offered], None],
    ) -> None:
        """``overdue`` and ``offered`` take what whoever sits here is to hear of."""
        self.tasks = TaskWatch(desk, changed, overdue)
        self.offers = OfferWatch(desk, changed, offered)

    def take(self, change: Change) -> None:
        """Look whether anything moved."""
        self.tasks.take(change)
        self.offers.take(change)

    def tick(self, now_ms: int) -> None:
        """Catch up."""
        self.tasks.tick(now_ms)
        self.offers.tick()

    def cells(self) -> list[ClockCell]:
        """The clocks as they are now, what is asked of whoever sits here first."""
        return [*self.offers.cells(), *self.tasks.cells()]

    def incident_of(self, aggregate_id: str) -> str:
        """The incident of a task that is known here; "" for none."""
        return self.tasks.incident_of(aggregate_id)
