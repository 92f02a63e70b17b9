"""SLA clocks: how long an alert may wait for a person, and when to warn before it is late."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisdesk.domain.severity import Severity

_MINUTE_MS = 60_000

DEFAULT_ACK_MINUTES: dict[str, int] = {
    Severity.EMERGENCY: 2,
    Severity.CRITICAL: 5,
    Severity.HIGH: 15,
    Severity.MEDIUM: 60,
    Severity.LOW: 480,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaPolicy:
    """Minutes to acknowledge per severity, and the share of them after which to warn (percent)."""

    ack_minutes: dict[str, int] = field(default_factory=lambda: dict(DEFAULT_ACK_MINUTES))
    prealarm_percent: int = 80

    def deadline(self, severity: str, since_ms: int) -> int:
        """UTC ms by which somebody must have acknowledged."""
        return since_ms + self.ack_minutes[severity] * _MINUTE_MS

    def prealarm(self, severity: str, since_ms: int) -> int:
        """UTC ms at which to warn that the deadline is near."""
        return since_ms + self.ack_minutes[severity] * _MINUTE_MS * self.prealarm_percent // 100
