"""How many requests a second a sender may make, where its station says so: a bucket for each.

A sender that goes wild takes the disk from the others. What it sends too much is refused with 429
and the moment at which it may come again; senders such as Alertmanager then try again by
themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

from crisisdesk.api.answers import Refused

# A bucket holds what may come in so many seconds: an outage makes everybody talk at once.
BURST_S = 10


class Allowances:
    """Requests a second by the name of a source; one that is not named is not bounded."""

    def __init__(self, per_second: Mapping[str, int] | None = None) -> None:
        self._per_second = dict(per_second or {})
        self._left: dict[str, tuple[float, int]] = {}
        self.refused: dict[str, int] = {}

    def take(self, source: str, now_ms: int) -> None:
        """Count one request; raises Refused 429 where the source has had what it may."""
        rate = self._per_second.get(source)
        if rate is None:
            return
        most = float(rate * BURST_S)
        left, at_ms = self._left.get(source, (most, now_ms))
        # A clock that was set back gives nothing, and takes nothing away.
        left = min(most, left + max(0, now_ms - at_ms) * rate / 1000)
        if left < 1:
            self.refused[source] = self.refused.get(source, 0) + 1
            self._left[source] = left, now_ms
            words = f"{source} sends more than {rate} requests a second"
            remedy = "send several in one request, or raise intake_limits in settings.toml"
            raise Refused(429, "source", words, remedy, (b"retry-after", b"1"))
        self._left[source] = left - 1, now_ms
