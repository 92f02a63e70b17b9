"""Asks the station's file who is unreached: when something changed, and when the moment comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.siren.dossier import read_dossier
from crisisdesk.domain.reached import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.siren.dossier import Dossier
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.reached import Waiting
    from crisisdesk.store.queries import StationReader

EVERY_MS = 1_000
# What stands may end by time alone, as when a planned silence begins.
AGAIN_MS = 5_000
ASIDE_MS = 60_000


class SirenWatch(QObject):
    """``changed`` comes when ``shown`` or ``dossier`` did.

    ``shown`` are the unreached alerts that are not put aside, worst first; ``dossier`` is of the
    first of them, None while it is read or when there is none.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._verdict = Verdict()
        self._aside: dict[str, int] = {}
        self._stale = True
        self._asking = False
        self._asked_ms = 0
        self.shown: tuple[Waiting, ...] = ()
        self.dossier: Dossier | None = None

    def take(self, change: Change) -> None:
        """Note whether a change can matter."""
        if (
            change.full
            or change.alerts
            or change.deliveries_changed
            or change.contacts_changed
            or any(name.startswith(("SIL-", "POL-")) for name in change.touched)
        ):
            self._stale = True

    def tick(self, now_ms: int) -> None:
        """Ask when there is reason to; never more often than once a second."""
        since_ms = now_ms - self._asked_ms
        if since_ms < 0:
            # The clock was set back; waiting for the old time could take for ever.
            since_ms = AGAIN_MS
        ended = [name for name, until in self._aside.items() if until <= now_ms]
        for name in ended:
            del self._aside[name]
            self._stale = True
        # A file that could not be read leaves a question without an answer.
        if self._asking and since_ms < AGAIN_MS:
            return
        next_ms = self._verdict.next_ms
        due = self._stale or (next_ms is not None and next_ms <= now_ms)
        if (due and since_ms >= EVERY_MS) or (self._verdict.unreached and since_ms >= AGAIN_MS):
            self.look(now_ms)

    def look(self, now_ms: int) -> None:
        """Ask now."""
        self._stale, self._asking, self._asked_ms = False, True, now_ms
        aside, operator = frozenset(self._aside), self._desk.operator()

        def question(reader: StationReader) -> tuple[Verdict, Dossier | None]:
            verdict = reader.unreached(now_ms)
            first = next((one for one in verdict.unreached if one.alert_id not in aside), None)
            found = None if first is None else read_dossier(reader, first, operator, now_ms)
            return verdict, found

        self._desk.ask(question, self._answered)

    def put_aside(self, alert_ids: Iterable[str], now_ms: int) -> None:
        """Let these be quiet for a minute: time enough for what was done to be kept."""
        self._aside.update(dict.fromkeys(alert_ids, now_ms + ASIDE_MS))
        self._settle(None)
        self.look(now_ms)

    def take_back(self, alert_ids: Iterable[str], now_ms: int) -> None:
        """Let these sound again: what was done was not kept."""
        for alert_id in alert_ids:
            self._aside.pop(alert_id, None)
        self.look(now_ms)

    def _answered(self, found: tuple[Verdict, Dossier | None]) -> None:
        self._asking = False
        self._verdict, dossier = found
        self._settle(dossier)

    def _settle(self, dossier: Dossier | None) -> None:
        shown = tuple(one for one in self._verdict.unreached if one.alert_id not in self._aside)
        # What was put aside while the question was on its way has a dossier no longer asked for.
        if dossier is not None and (not shown or shown[0].alert_id != dossier.alert_id):
            dossier, self._stale = None, True
        if shown != self.shown or dossier != self.dossier:
            self.shown, self.dossier = shown, dossier
            self.changed.emit()
