"""The offers of roles to whoever sits here, in whatever incident: their clocks, and their news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.offers import (
    OfferNews,
    offer_cells,
    outcome_words,
    over,
    read_offers,
)
from crisisdesk.desk.incidents.one_asking import OneAsking

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.frame.clock_strip import ClockCell
    from crisisdesk.desk.incidents.offers import Offered
    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.incident import Incident


class OfferWatch:
    """Reads the offers again when an incident changed; ``changed`` is called when clocks did."""

    def __init__(
        self, desk: Desk, changed: Callable[[], None], told: Callable[[Offered], None]
    ) -> None:
        """``told`` takes each offer that was made to whoever sits here since the desk runs."""
        self._desk, self._changed, self._told = desk, changed, told
        self._news = OfferNews()
        self._offers: list[Offered] = []
        self._asking = OneAsking(desk, read_offers, self._answer)

    def take(self, change: Change) -> None:
        """Look whether an incident moved, or somebody else sits here."""
        moved = any(name.startswith("INC-") for name in change.touched)
        # A load names nothing that was touched.
        loaded = change.full or (bool(change.incidents) and not change.touched)
        if moved or loaded or change.station is not None:
            self._asking.stale = True
        self._asking.read()

    def tick(self) -> None:
        """Catch up."""
        self._asking.read()

    def cells(self) -> list[ClockCell]:
        """The clocks of what waits for an answer here."""
        return offer_cells(self._offers, self._desk.operator())

    def _answer(self, found: list[Offered]) -> None:
        before, self._offers = self._offers, found
        if found != before:
            self._changed()
        operator = self._desk.operator()
        for one in self._news.learn(found, operator):
            self._told(one)
        for one in over(before, found, operator):
            self._say_outcome(one)
        self._asking.read()

    def _say_outcome(self, one: Offered) -> None:
        def answer(incident: Incident | None) -> None:
            if incident is not None:
                title, body = outcome_words(one, incident)
                self._desk.say(title, body, icon="arrow-left-right")

        self._desk.ask(lambda reader: reader.incident(one.incident_id), answer)
