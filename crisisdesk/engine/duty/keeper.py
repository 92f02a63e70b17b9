"""The keeper of the lease: asks the hub for it, renews it, gives it back; on a thread of its own.

It has its own connection, so that nothing else this station asks of the hub delays a renewal.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from crisisdesk.domain.duty import WAIT_S, HeldLease, valid_until
from crisisdesk.engine.duty.ports import LEASE_MS, RENEW_S, DutyHub, Lease, LedgerRow
from crisisdesk.engine.duty.record import LogRecord
from crisisdesk.engine.duty.threads import OwnThread
from crisisdesk.engine.exchange.ports import HubAway, HubRefused
from crisisdesk.engine.ports import Clock, StoreFailed

log = logging.getLogger(__name__)

LOOK_S = (0.25, 0.5)
# A loop that has not come round for this long cannot page: its station stops to renew.
BEAT_S = 3.0
REMEMBER_ROWS = 500
REFRESH_EVENTS = 2_000
STAND_BACK_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HubView:
    """What the keeper knows, as one value that another thread may read at any time.

    The fields are those of `domain.duty.Knowledge`.
    """

    unanswered: float | None
    lease: HeldLease | None = None
    holder: str = ""
    holder_token: int = 0
    token_since: float = 0.0
    hub_back: float | None = None
    refused: str = ""


class LeaseKeeper:
    """Keeps the lease of one station.

    ``origin`` is asked each time, because an incarnation may end. ``open_record`` is called on the
    keeper's thread. ``on_change`` is called from there whenever a lease came or went.
    """

    def __init__(
        self,
        hub: DutyHub,
        clock: Clock,
        origin: Callable[[], str],
        open_record: Callable[[], LogRecord | None] = lambda: None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._hub = hub
        self._clock = clock
        self._origin = origin
        self._open_record = open_record
        self._on_change = on_change
        self._record: LogRecord | None = None
        self._stop = threading.Event()
        self._jitter = random.Random()  # noqa: S311 - spreads the followers' questions
        self._thread = OwnThread("duty")
        self._beat = clock.boottime()
        self._depose: int | None = None
        self._back_off_until = 0.0
        self._remembered = 0
        self._highest_seen = 0
        self._view = HubView(unanswered=clock.boottime())

    # -- from other threads --------------------------------------------------------------------

    @property
    def view(self) -> HubView:
        """What is known now."""
        return self._view

    def holds(self, now: float) -> int:
        """The token of the lease this station may act under at ``now`` (boottime); 0 for none."""
        lease = self._view.lease
        return lease.token if lease is not None and now < lease.until else 0

    def beat(self) -> None:
        """The engine's loop came round; a keeper that is not told so for long stops to renew."""
        self._beat = self._clock.boottime()

    def depose(self, token: int) -> None:
        """Take the lease from its holder at the next step, if it still holds it by ``token``."""
        self._depose = token

    def stand_back(self) -> None:
        """Give the lease to the others and do not ask for it for a while."""
        self._back_off_until = self._clock.boottime() + STAND_BACK_S

    async def run(self) -> None:
        """Serve until cancelled; the lease is given back before this ends."""
        self._stop.clear()
        await self._thread.run(self.serve, self._stop.set)

    # -- the keeper's thread -------------------------------------------------------------------

    def serve(self) -> None:
        """Blocking: keep at it until told to stop, then give the lease back."""
        self._record = self._open_record()
        try:
            while not self._stop.is_set():
                self._stop.wait(self.step())
        finally:
            self._give_back()
            if self._record is not None:
                self._record.close()

    def step(self) -> float:
        """Ask the hub once; returns the seconds until the next time."""
        now = self._clock.boottime()
        if not self._may_ask(now):
            self._give_back()
            return LOOK_S[1]
        if self._view.unanswered is None:
            self._view = replace(self._view, unanswered=now)
        try:
            lease = self._ask()
            self._note(lease, now)
        except (HubAway, HubRefused) as error:
            self._refuse(error)
        except StoreFailed as error:
            log.error("the log could not be read before asking for duty: %s", error)
        if self._view.lease is not None:
            return RENEW_S
        return self._jitter.uniform(*LOOK_S)

    def _may_ask(self, now: float) -> bool:
        return now >= self._back_off_until and now - self._beat <= BEAT_S

    def _ask(self) -> Lease:
        if self._record is not None and self.holds(self._clock.boottime()):
            # A little at a time, so that much to read delays no renewal.
            self._record.refresh(REFRESH_EVENTS)
        elif self._record is not None:
            self._record.refresh()
        token, self._depose = self._depose, None
        if token is not None:
            return self._hub.depose(self._origin(), token, LEASE_MS)
        known = 0 if self._record is None else self._record.highest_token
        # A hub that was set back must not go back to tokens it gave out, whether used or only seen.
        return self._hub.renew(self._origin(), LEASE_MS, max(known, self._highest_seen))

    def _note(self, lease: Lease, asked: float) -> None:
        """Take the answer in; a lease that is new is believed once the ledger is complete."""
        before, origin = self._view, self._origin()
        self._highest_seen = max(self._highest_seen, lease.token)
        waited = before.unanswered is not None and asked - before.unanswered >= WAIT_S
        changed = (lease.holder, lease.token) != (before.holder, before.holder_token)
        view = HubView(
            unanswered=None,
            holder=lease.holder,
            holder_token=lease.token,
            token_since=asked if changed else before.token_since,
            hub_back=asked if waited else before.hub_back,
        )
        if lease.holder == origin:
            if lease.token != self._remembered:
                self._remember()
                self._remembered = lease.token
            until = valid_until(asked, lease.left_ms / 1000)
            view = replace(view, lease=HeldLease(token=lease.token, until=until))
        self._show(view)

    def _remember(self) -> None:
        """Put back into the hub's ledger what this log knows: it may be an older copy."""
        rows: list[LedgerRow] = []
        if self._record is not None:
            self._record.refresh()
            rows = self._record.rows()
        for start in range(0, len(rows), REMEMBER_ROWS):
            self._hub.remember(rows[start : start + REMEMBER_ROWS])

    def _refuse(self, error: Exception) -> None:
        refused = str(error) if isinstance(error, HubRefused) else ""
        if refused and refused != self._view.refused:
            log.error("the hub refuses this station duty: %s", refused)
        self._show(replace(self._view, refused=refused))

    def _show(self, view: HubView) -> None:
        before, self._view = self._view, view
        token_before = 0 if before.lease is None else before.lease.token
        if token_before != (0 if view.lease is None else view.lease.token):
            self._on_change()

    def _give_back(self) -> None:
        lease = self._view.lease
        if lease is None:
            return
        # Not believed any more before the hub may give it to another.
        self._show(replace(self._view, lease=None))
        try:
            self._hub.release(self._origin(), lease.token)
        except (HubAway, HubRefused) as error:
            log.warning("the lease could not be given back, it runs out: %s", error)
