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

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.frame.clock_strip import ClockCell
    from crisisdesk.desk.incidents.offers import Offered
    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.incident import Incident

_ANSWER_WITHIN_MS = 3_000


class OfferWatch:
    """Reads the offers again when an incident changed; ``changed`` is called when clocks did."""

    def __init__(
        self, desk: Desk, changed: Callable[[], None], told: Callable[[Offered], None]
    ) -> None:
        """``told`` takes each offer that was made to whoever sits here since the desk runs."""
        self._desk, self._changed, self._told = desk, changed, told
        self._news = OfferNews()
        self._offers: list[Offered] = []
        self._stale = False
        self._asked_at_ms: int | None = None

    def take(self, change: Change) -> None:
        """Look whether an incident moved, or somebody else sits here."""
        moved = any(name.startswith("INC-") for name in change.touched)
        # A load names nothing that was touched.
        loaded = change.full or (bool(change.incidents) and not change.touched)
        if moved or loaded or change.station is not None:
            self._stale = True
        self._read()

    def tick(self) -> None:
        """Catch up."""
        self._read()

    def cells(self) -> list[ClockCell]:
        """The clocks of what waits for an answer here."""
        return offer_cells(self._offers, self._desk.operator())

    def _read(self) -> None:
        now_ms, asked_at = self._desk.now_ms(), self._asked_at_ms
        if asked_at is not None and now_ms - asked_at > _ANSWER_WITHIN_MS:
            # The store could not be read then; its answer will not come.
            self._asked_at_ms, self._stale = None, True
        if not self._stale or self._asked_at_ms is not None:
            return
        self._stale, self._asked_at_ms = False, now_ms
        operator = self._desk.operator()
        self._desk.ask(lambda reader: read_offers(reader, operator), self._answer)

    def _answer(self, found: list[Offered]) -> None:
        self._asked_at_ms = None
        before, self._offers = self._offers, found
        if found != before:
            self._changed()
        operator = self._desk.operator()
        for one in self._news.learn(found, operator):
            self._told(one)
        for one in over(before, found, operator):
            self._say_outcome(one)
        self._read()

    def _say_outcome(self, one: Offered) -> None:
        def answer(incident: Incident | None) -> None:
            if incident is not None:
                title, body = outcome_words(one, incident)
                self._desk.say(title, body, icon="arrow-left-right")

        self._desk.ask(lambda reader: reader.incident(one.incident_id), answer)
