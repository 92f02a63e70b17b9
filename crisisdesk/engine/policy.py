"""The engine's policy: the settings that its decisions depend on."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisdesk.domain.delivery import RetryPolicy
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.sla import SlaPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Promised response times, how deliveries are retried, and which severities page people."""

    sla: SlaPolicy = field(default_factory=SlaPolicy)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    paging_severities: frozenset[str] = frozenset(
        {Severity.HIGH, Severity.CRITICAL, Severity.EMERGENCY}
    )
