"""The engine's policy: the settings that its decisions depend on."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisdesk.domain.delivery import RetryPolicy
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.sla import SlaPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """``resolve_timeout_ms`` is Alertmanager's: how long a firing report without an end stands when
    its source is one that keeps repeating itself; 0 turns that off."""

    sla: SlaPolicy = field(default_factory=SlaPolicy)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    paging_severities: frozenset[str] = frozenset(
        {Severity.HIGH, Severity.CRITICAL, Severity.EMERGENCY}
    )
