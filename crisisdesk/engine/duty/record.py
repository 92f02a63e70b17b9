"""What this station's log says of claims and ends: what the hub's ledger must not have forgotten.

Only the recent part counts. A delivery that was claimed a day ago is long sent, or claimed again.
"""

from __future__ import annotations

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import Event, Stored, unseal
from crisisdesk.engine.duty.ports import LedgerRow
from crisisdesk.engine.exchange.parts import ClosableLog
from crisisdesk.engine.exchange.ports import BATCH_BYTES

# How much of each origin's log is read at the start, from its end.
TAIL_EVENTS = 20_000
READ_EVENTS = 1_000
ROWS_KEPT = 5_000
_MARK = b'"kind":"delivery.'
# What goes in another's message is claimed with it; what was given back is free.
_AS = {"bundled": "claimed", "released": "failed"}
_RANK = {"claimed": 0, "unknown": 0, "failed": 1, "sent": 2}


class LogRecord:
    """Follows the log and keeps the newest ledger rows in it; used by one thread."""

    def __init__(self, log: ClosableLog) -> None:
        self._log = log
        self._at: dict[str, int] = {}
        self._rows: dict[str, LedgerRow] = {}
        self.highest_token = 0

    def close(self) -> None:
        """Let go of the file; on the thread that read it."""
        self._log.close()

    def refresh(self, at_most: int = 1 << 60) -> None:
        """Read what came since, about ``at_most`` events of each origin; the rest the next time.

        Raises StoreFailed when the file cannot be read.
        """
        for origin, mark in self._log.marks().items():
            at = self._at.get(origin, max(0, mark.seq - TAIL_EVENTS))
            end = min(mark.seq, at + at_most)
            while at < end:
                events = self._log.read(origin, at, READ_EVENTS, BATCH_BYTES)
                for stored in events:
                    self._take(stored)
                # Nothing where something should be: that part was compacted away, it is old.
                at = events[-1].seq if events else mark.seq
            self._at[origin] = at
        while len(self._rows) > ROWS_KEPT:
            del self._rows[next(iter(self._rows))]

    def rows(self) -> list[LedgerRow]:
        """The newest claims and their ends, oldest first."""
        return list(self._rows.values())

    def _take(self, stored: Stored) -> None:
        if _MARK not in stored.raw:
            return
        try:
            event = unseal(stored.raw, stored.body)
            row = _row_after(self._rows.get(event.agg), event)
        except (Malformed, KeyError, TypeError):
            return  # put aside when it was absorbed, and told of there
        if row is not None:
            self.highest_token = max(self.highest_token, row.token)
            self._rows.pop(event.agg, None)
            self._rows[event.agg] = row


def _row_after(before: LedgerRow | None, event: Event) -> LedgerRow | None:
    """The ledger's row after one more event, in whatever order they come; None for other kinds."""
    body = event.body
    state = event.kind.removeprefix("delivery.")
    state = _AS.get(state, state)
    if state not in _RANK:
        return None
    token: int = body.get("token", 0 if before is None else before.token)
    attempt: int = body.get("attempt", 1 if before is None else before.attempt)
    if before is not None and not _is_newer(before, state, attempt, token):
        return None
    return LedgerRow(
        key=event.agg,
        token=max(token, 0 if before is None else before.token),
        holder=body.get("holder", "") or event.origin,
        state=state,
        attempt=max(attempt, 0 if before is None else before.attempt),
        deadline_ms=body.get("deadline", event.at_ms),
        provider_id=body.get("provider_id", ""),
    )


def _is_newer(before: LedgerRow, state: str, attempt: int, token: int) -> bool:
    if before.state == "sent" or state == "sent":
        return before.state != "sent"
    newer: bool = (attempt, token, _RANK[state]) > (
        before.attempt,
        before.token,
        _RANK[before.state],
    )
    return newer
