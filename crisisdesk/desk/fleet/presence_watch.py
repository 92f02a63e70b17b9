"""Gives the sign of this desk every few seconds, and hears with the answer who else is at one."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Signal

from crisisdesk.desk.ops import Op, Ops
from crisisdesk.domain.papers.times import read_iso
from crisisdesk.domain.presence import HEARD_MS, Presence, by_standing, presence_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QWindow

    from crisisdesk.api.client import Client
    from crisisdesk.desk.room import Refusal
    from crisisdesk.desk.supervisor import Supervisor

log = logging.getLogger(__name__)
EVERY_MS = 5_000
TIMEOUT_S = 2.0
DESKS_SHOWN = 12
_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


def read_presences(told: Mapping[str, Any], now_ms: int) -> list[Presence]:
    """The answer of ``/crisis/presence/``, moved onto the desk's clock, which shows ``now_ms``."""
    ahead = now_ms - read_iso(told["at"])
    return [
        Presence(
            desk=f"{one['operator']} at {one['station']}",
            operator=one["operator"],
            station=one["station"],
            incident_id=one["incident"] or "",
            opened_ms=read_iso(one["opened_at"]) + ahead,
            since_ms=read_iso(one["since"]) + ahead,
            touched_ms=read_iso(one["touched_at"]) + ahead,
            seen_ms=read_iso(one["seen_at"]) + ahead,
            left=one["standing"] == "away",
        )
        for one in told["results"]
    ]


def desk_lines(presences: Sequence[Presence], now_ms: int) -> list[str]:
    """Who is at which station's desk, a line each, who is here first; the first dozen."""
    found = by_standing(presences, now_ms)
    lines = [
        f"{one.operator}, {one.station or 'a station without a name'}: "
        f"{presence_words(one, now_ms)}"
        for one in found[:DESKS_SHOWN]
    ]
    more = len(found) - DESKS_SHOWN
    return [*lines, f"and {more} more: crisisdesk who"] if more > 0 else lines


class Touched(QObject):
    """Knows when the window was last touched; it looks at what reaches the window from outside,
    not at what its thousand widgets say to each other."""

    def __init__(self, now_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self.at_ms = now_ms()

    def watch(self, window: QWindow | None) -> None:
        """Look at this window from now on."""
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note keys, clicks and moves; take nothing away."""
        if event.type() in _TOUCHES:
            self.at_ms = self._now_ms()
        return False


class PresenceWatch(QObject):
    """``changed`` carries who is at a desk, None while nobody can say; on the Qt thread.

    ``sits`` gives who sits here ("" for nobody), ``shows`` the incident on the screen. It has a
    worker of its own, so that an engine that does not answer keeps no command waiting behind it.
    """

    changed = Signal(object)

    def __init__(
        self,
        supervisor: Supervisor,
        sits: Callable[[], str],
        shows: Callable[[], str],
        touched: Touched,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.found: list[Presence] | None = None
        self._sits, self._shows, self._touched = sits, shows, touched
        self._desk = uuid.uuid4().hex
        self._connector = supervisor.connector(TIMEOUT_S)
        self._ops = Ops(self._connector, self)
        self._asked_ms = self._heard_ms = 0
        self._asking = False
        self._said: tuple[str, str] | None = None
        self._refused = ""
        self._ops.start()

    def close(self) -> None:
        """Say that this desk is closed, where somebody listens, and end the worker."""
        if self._said is not None and self.found is not None:
            Op(self._ops, lambda client: client.close_desk(self._desk)).start()
        self._ops.stop()
        self._connector.close()

    def tick(self, now_ms: int) -> None:
        """Give a sign when it is time, or at once when another incident is shown."""
        sits, shows = self._sits(), self._shows()
        if now_ms < self._asked_ms:
            # The clock was set back; waiting for the old time could take for ever.
            self._heard_ms = self._touched.at_ms = now_ms
            self._asked_ms = now_ms - EVERY_MS
        due = now_ms - self._asked_ms >= EVERY_MS or (sits, shows) != self._said
        if due and not self._asking:
            self._asking, self._asked_ms, self._said = True, now_ms, (sits, shows)
            idle_s = max(0, now_ms - self._touched.at_ms) // 1000
            op = Op(self._ops, lambda client: self._ask(client, sits, shows, idle_s))
            op.success(lambda told: self._heard(told, now_ms)).failure(self._not_heard).start()
        if self.found is not None and now_ms - self._heard_ms > HEARD_MS:
            self.found = None
            self.changed.emit(None)

    def _ask(self, client: Client, sits: str, shows: str, idle_s: int) -> Mapping[str, Any]:
        return client.give_sign(self._desk, shows, idle_s) if sits else client.presence()

    def _heard(self, told: Mapping[str, Any], asked_ms: int) -> None:
        self._asking, self._heard_ms, self._refused = False, asked_ms, ""
        self.found = read_presences(told, asked_ms)
        self.changed.emit(self.found)

    def _not_heard(self, refusal: Refusal) -> None:
        self._asking = False
        if not refusal.away and refusal.words != self._refused:
            self._refused = refusal.words
            log.warning("the engine does not take the sign of this desk: %s", refusal.words)
