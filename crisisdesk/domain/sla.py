"""SLA clocks: how long an alert may wait for a person, and when to warn before it is late."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisdesk.domain.severity import Severity

_MINUTE_MS = 60_000
_PREALARM_PERCENT = 80

DEFAULT_ACK_MS: dict[str, int] = {
    Severity.EMERGENCY: 2 * _MINUTE_MS,
    Severity.CRITICAL: 5 * _MINUTE_MS,
    Severity.HIGH: 15 * _MINUTE_MS,
    Severity.MEDIUM: 60 * _MINUTE_MS,
    Severity.LOW: 480 * _MINUTE_MS,
}
DEFAULT_PREALARM_MS: dict[str, int] = {
    severity: ms * _PREALARM_PERCENT // 100 for severity, ms in DEFAULT_ACK_MS.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaPolicy:
    """Milliseconds until an alert of each severity must be acknowledged, and until the warning."""

    ack_ms: dict[str, int] = field(default_factory=lambda: dict(DEFAULT_ACK_MS))
    prealarm_ms: dict[str, int] = field(default_factory=lambda: dict(DEFAULT_PREALARM_MS))

    def deadline(self, severity: str, since_ms: int) -> int:
        """UTC ms by which somebody must have acknowledged."""
        return since_ms + self.ack_ms[severity]

    def prealarm(self, severity: str, since_ms: int) -> int:
        """UTC ms at which to warn that the deadline is near."""
        return since_ms + self.prealarm_ms[severity]
