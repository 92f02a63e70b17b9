"""How often each alert fired in the last twelve minutes, as far as this desk has seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.store.queries import AlertRow

BARS = 12
_MINUTE_MS = 60_000
_SWEPT_AT_ONCE = 500


class Rates:
    """Counts firings per minute from the growth of each row's count; the first sight of a row
    counts only when the alert opened within the window."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[str, int]] = {}
        self._bars: dict[str, dict[int, int]] = {}
        self._totals: dict[int, int] = {}
        self._sweep: list[str] = []

    def learn(self, rows: Iterable[AlertRow], now_ms: int) -> None:
        """Take newer rows."""
        minute = now_ms // _MINUTE_MS
        for row in rows:
            epoch, count = self._counts.get(row.alert_id, ("", 0))
            seen = row.last_seen_at // _MINUTE_MS
            if row.resolved_at is None:
                self._counts[row.alert_id] = (row.epoch, row.count)
            else:
                self._counts.pop(row.alert_id, None)
            grown = row.count - count if row.epoch == epoch else row.count
            if grown <= 0 or seen <= minute - BARS:
                continue
            bars = self._bars.setdefault(row.alert_id, {})
            bars[seen] = bars.get(seen, 0) + grown
            self._totals[seen] = self._totals.get(seen, 0) + grown

    def of(self, alert_id: str, now_ms: int) -> list[int]:
        """Firings in each of the last twelve minutes, oldest first; empty when there were none."""
        bars = self._bars.get(alert_id)
        if not bars:
            return []
        minute = now_ms // _MINUTE_MS
        values = [bars.get(at, 0) for at in range(minute - BARS + 1, minute + 1)]
        return values if any(values) else []

    def total(self, now_ms: int) -> int:
        """Firings of all alerts within the last minute, up to a minute more."""
        minute = now_ms // _MINUTE_MS
        return max(self._totals.get(minute, 0), self._totals.get(minute - 1, 0))

    def sweep(self, now_ms: int) -> None:
        """Drop some of what has left the window; to be called on every tick, does little each."""
        if not self._sweep:
            self._sweep = list(self._bars)
        oldest = now_ms // _MINUTE_MS - BARS
        for name in self._sweep[-_SWEPT_AT_ONCE:]:
            bars = self._bars[name]
            if max(bars) <= oldest:
                del self._bars[name]
        del self._sweep[-_SWEPT_AT_ONCE:]
        for at in [at for at in self._totals if at <= oldest]:
            del self._totals[at]
