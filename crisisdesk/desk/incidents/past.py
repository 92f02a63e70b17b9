"""The look back: moves the page of an incident to how it stood, and forward to now again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crisisdesk.desk.incidents.one_asking import ANSWER_WITHIN_MS
from crisisdesk.desk.incidents.time_scale import fact_after, fact_before
from crisisdesk.store.queries.record import read_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.incidents.dossier import Dossier
    from crisisdesk.desk.incidents.page import IncidentPage
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.incident_record import IncidentRecord, Standing


class Past:
    """Knows which moment is looked at, None for now, and the record it is cut from.

    The record is read when a hand comes near or somebody looks back, and again after a look at now:
    while one looks back, new facts lengthen the bar and change nothing that is shown.
    """

    def __init__(self, desk: Desk, page: IncidentPage, changed: Callable[[], None]) -> None:
        """``changed`` is called whenever another moment is shown."""
        self._desk, self._page, self._changed = desk, page, changed
        self.at_ms: int | None = None
        self._wanted: int | None = None
        self._record: IncidentRecord | None = None
        # Of which dossier the record is, and of which it is being read.
        self._of: Dossier | None = None
        self._asked: Dossier | None = None
        self._asked_at_ms = 0
        page.machine.near.connect(self.prepare)
        page.machine.moved.connect(self.go)
        page.machine.left.connect(self.back)

    @property
    def is_on(self) -> bool:
        """Whether the page shows a moment that is over."""
        return self.at_ms is not None

    def prepare(self) -> None:
        """Read the record before anybody looks back: a hand is near."""
        if not self.is_on:
            self._read()

    def go(self, at_ms: int) -> None:
        """Show the incident as it stood then (UTC ms)."""
        dossier = self._page.dossier
        if dossier is None:
            return
        self._wanted = max(at_ms, dossier.incident.created_at)
        if self._record is not None and (self.is_on or self._of is dossier):
            self._show()
        else:
            self._read()

    def _read(self) -> None:
        """Read the record of what the page shows now; once at a time, however the hand moves."""
        dossier, now_ms = self._page.dossier, self._desk.now_ms()
        if dossier is None or (self._record is not None and self._of is dossier):
            return
        if self._asked is dossier and now_ms - self._asked_at_ms <= ANSWER_WITHIN_MS:
            return
        self._asked, self._asked_at_ms = dossier, now_ms
        incident_id, viewer = dossier.incident.incident_id, self._desk.operator()

        def answer(record: IncidentRecord | None) -> None:
            now = self._page.dossier
            self._asked = None
            same = now is not None and now.incident.incident_id == incident_id
            if record is not None and same and not self.is_on:
                self._record, self._of = record, dossier
                self._show()

        self._desk.ask(lambda reader: read_record(reader, incident_id, viewer), answer)

    def look(self, by: int) -> None:
        """Show the fact before (-1) or after (1) what is shown, or how it stands now (0)."""
        if by:
            self.step(by)
        else:
            self.back()

    def step(self, by: int) -> None:
        """Go to the fact before (-1) or after (1); after the last comes now."""
        dossier = self._page.dossier
        if dossier is None:
            return
        if by < 0:
            found = fact_before(dossier.entries, self.at_ms)
            if found is not None and found >= dossier.incident.created_at:
                self.go(found)
        elif self.at_ms is not None:
            found = fact_after(dossier.entries, self.at_ms)
            if found is None:
                self.back()
            else:
                self.go(found)

    def back(self) -> None:
        """Show the incident as it stands now."""
        self._wanted, self._record = None, None
        if self.at_ms is None:
            return
        self.at_ms = None
        self._page.machine.show_moment(None)
        self._page.leave_past(self._desk.now_ms())
        self._changed()

    def _show(self) -> None:
        dossier = self._page.dossier
        if self._record is None or self._wanted is None or dossier is None:
            return
        stood = self._record.at(self._wanted)
        if stood is None:
            return
        self.at_ms = self._wanted
        self._page.machine.show_moment(self.at_ms)
        self._page.show_past(as_it_stood(dossier, stood), self.at_ms)
        self._changed()


def as_it_stood(dossier: Dossier, stood: Standing) -> Dossier:
    """The dossier of that moment."""
    return replace(
        dossier,
        incident=stood.incident,
        entries=tuple(reversed(stood.entries)),
        steps=stood.steps,
        alerts=stood.alerts,
        updates=stood.updates,
        tasks=stood.tasks,
        decisions=stood.decisions,
    )
