"""Asks the engine each second how this station stands; never on the Qt thread."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.fleet.standing import Fleet, Standing, read_fleet
from crisisdesk.desk.ops import Op, Ops

if TYPE_CHECKING:
    from crisisdesk.api.client import Client
    from crisisdesk.desk.room import Refusal
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.desk.supervisor import Supervisor

log = logging.getLogger(__name__)
EVERY_MS = 1_000
TIMEOUT_S = 2.0
# Two answers that did not come: what was known may have changed since.
STALE_AFTER_MS = 3_000


class FleetWatch(QObject):
    """``changed`` carries a `Standing` on the Qt thread.

    It has a worker and a connection of its own: an engine that does not answer must not keep an
    operator's command waiting behind this question.
    """

    changed = Signal(object)

    def __init__(self, supervisor: Supervisor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.standing = Standing()
        self._connector = supervisor.connector(TIMEOUT_S)
        self._ops = Ops(self._connector, self)
        self._asked_ms = self._heard_ms = 0
        self._asking = self._away = False
        self._refused = ""
        self._ops.start()

    def close(self) -> None:
        """End the worker and its connection."""
        self._ops.stop()
        self._connector.close()

    def tick(self, now_ms: int) -> None:
        """Ask again when it is time, and notice that answers do not come."""
        if now_ms < self._asked_ms:
            # The clock was set back; waiting for the old time could take for ever.
            self._asked_ms = self._heard_ms = now_ms
        if not self._asking and not self._away and now_ms - self._asked_ms >= EVERY_MS:
            self._asking, self._asked_ms = True, now_ms
            op = Op(self._ops, _ask).success(lambda fleet: self._heard(fleet, now_ms))
            op.failure(self._not_heard).start()
        self._show(stale=self._away or now_ms - self._heard_ms > STALE_AFTER_MS)

    def set_away(self, *, away: bool) -> None:
        """The engine went away, which makes the last answer stale, or came back."""
        self._away, self._asked_ms = away, 0
        if away:
            self._show(stale=True)

    def learn(self, change: Change) -> None:
        """Take the newest own events, whose dots cannot be filled before the engine says so."""
        newer = {o: s for o, s in change.seqs.items() if s > self.standing.seqs.get(o, 0)}
        if newer:
            self._take(replace(self.standing, seqs={**self.standing.seqs, **newer}))

    def _heard(self, fleet: Fleet, asked_ms: int) -> None:
        self._asking, self._refused, self._heard_ms = False, "", asked_ms
        self._take(replace(self.standing, fleet=fleet, heard_ms=asked_ms, stale=self._away))

    def _not_heard(self, refusal: Refusal) -> None:
        self._asking = False
        if not refusal.away and refusal.words != self._refused:
            self._refused = refusal.words
            log.warning("the engine does not tell how the station stands: %s", refusal.words)

    def _show(self, *, stale: bool) -> None:
        if self.standing.fleet is not None and stale != self.standing.stale:
            self._take(replace(self.standing, stale=stale))

    def _take(self, standing: Standing) -> None:
        self.standing = standing
        self.changed.emit(standing)


def _ask(client: Client) -> Fleet:
    return read_fleet(client.fleet())
