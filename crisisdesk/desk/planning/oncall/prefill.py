"""The times that the form of an override begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.domain.oncall.wall import DAY_MS, MINUTE_MS

if TYPE_CHECKING:
    from crisisdesk.domain.oncall.reasons import Hold


def prefilled(hold: Hold | None, now_ms: int) -> tuple[int, int]:
    """From and to (UTC ms) for the selected shift; for none the day from now on.

    Of a shift that runs already only what is left, from the next full minute on; of one that has
    no end in sight a day.
    """
    next_minute = -(-now_ms // MINUTE_MS) * MINUTE_MS
    if hold is None:
        return next_minute, next_minute + DAY_MS
    runs = hold.start_ms < now_ms < hold.end_ms
    start = next_minute if runs and next_minute < hold.end_ms else hold.start_ms
    return start, start + DAY_MS if hold.longer_after else hold.end_ms
